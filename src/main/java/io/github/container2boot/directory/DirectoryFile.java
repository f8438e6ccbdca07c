package io.github.container2boot.directory;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/// The data of a file in a directory, opened when it is read.
///
/// It is what it was when the directory was read, or reading fails: before and after, the file is
/// compared with that.
final class DirectoryFile implements Content {
  private final DirectoryTree tree;
  private final Place place;
  private final ByteString name;
  private final FileStatus expected;

  DirectoryFile(DirectoryTree tree, Place place, ByteString name, FileStatus expected) {
    this.tree = tree;
    this.place = place;
    this.name = name;
    this.expected = expected;
  }

  @Override
  public long sizeBytes() {
    return expected.sizeBytes();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer target) throws IOException {
    transferTo(
        offsetBytes,
        target.remaining(),
        new Sink() {
          @Override
          public void data(ByteBuffer bytes) {
            target.put(bytes);
          }

          @Override
          public void hole(long countBytes) throws IOException {
            ByteBuffer zeros = target.slice(target.position(), (int) countBytes);
            Content.hole(countBytes).read(0, zeros);
            target.position(target.position() + (int) countBytes);
          }
        });
  }

  @Override
  public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
    Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes());
    DirectoryReader reader = tree.takeReader();
    try {
      new OpenFile(reader).transferTo(offsetBytes, countBytes, sink);
    } finally {
      tree.giveBack(reader);
    }
  }

  /// The file while it is open.
  private final class OpenFile {
    private final DirectoryReader reader;
    private final SystemCalls calls;
    private final int file;

    OpenFile(DirectoryReader reader) throws DirectoryException {
      this.reader = reader;
      this.calls = reader.calls();
      this.file = reader.openFile(tree.descriptor(), place, name, tree.problems());
    }

    void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
      try {
        requireUnchanged();
        if (expected.maybeSparse()) {
          transferParts(offsetBytes, offsetBytes + countBytes, sink);
        } else {
          transferData(offsetBytes, offsetBytes + countBytes, sink);
        }
        requireUnchanged();
      } catch (CallFailed failed) {
        throw tree.problems().explained(place.path(name), failed);
      } finally {
        calls.close(file);
      }
    }

    private void requireUnchanged() throws CallFailed, DirectoryException {
      if (!calls.status(file).isUnchanged(expected)) {
        throw changed();
      }
    }

    private void transferParts(long begin, long end, Sink sink) throws CallFailed, IOException {
      long position = begin;
      while (position < end) {
        long data = Math.min(end, calls.nextData(file, position, end));
        if (data > position) {
          sink.hole(data - position);
          tree.wasRead(data - position);
        }
        position = data < end ? Math.min(end, calls.nextHole(file, data, end)) : end;
        transferData(data, position, sink);
      }
    }

    private void transferData(long begin, long end, Sink sink) throws CallFailed, IOException {
      ByteBuffer buffer = reader.buffer();
      long position = begin;
      while (position < end) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
        int count = calls.read(file, position, buffer);
        if (count == 0) {
          throw changed();
        }
        sink.data(buffer.limit(count));
        tree.wasRead(count);
        position += count;
      }
    }

    private DirectoryException changed() {
      return tree.problems().changed(place.path(name), "changed");
    }
  }
}
