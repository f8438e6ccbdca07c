package io.github.container2boot.bytes;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The kinds of [Content] that know no format.
final class Contents {
  static final Content EMPTY = new Memory(ByteBuffer.allocate(0).asReadOnlyBuffer());

  private static final int PIECE_BYTES = 1 << 18;

  private Contents() {}

  record Memory(ByteBuffer bytes) implements Content {
    @Override
    public long sizeBytes() {
      return bytes.remaining();
    }

    @Override
    public void read(long offsetBytes, ByteBuffer target) {
      target.put(range(offsetBytes, target.remaining()));
    }

    @Override
    public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
      sink.data(range(offsetBytes, countBytes));
    }

    private ByteBuffer range(long offsetBytes, long countBytes) {
      Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes());
      return bytes.slice((int) offsetBytes, (int) countBytes);
    }
  }

  record FileRegion(FileChannel file, long startBytes, long sizeBytes) implements Content {
    @Override
    public void read(long offsetBytes, ByteBuffer target) throws IOException {
      Objects.checkFromIndexSize(offsetBytes, target.remaining(), sizeBytes);
      readFully(file, startBytes + offsetBytes, target);
    }

    @Override
    public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
      Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes);
      sink.region(file, startBytes + offsetBytes, countBytes);
    }

    @Override
    public Content slice(long offsetBytes, long countBytes) {
      Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes);
      return new FileRegion(file, startBytes + offsetBytes, countBytes);
    }
  }

  record Hole(long sizeBytes) implements Content {
    @Override
    public void read(long offsetBytes, ByteBuffer target) {
      Objects.checkFromIndexSize(offsetBytes, target.remaining(), sizeBytes);
      while (target.hasRemaining()) {
        target.put(ZEROS.slice(0, Math.min(target.remaining(), ZEROS.capacity())));
      }
    }

    @Override
    public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
      Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes);
      sink.hole(countBytes);
    }

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(1 << 16).asReadOnlyBuffer();
  }

  record Slice(Content whole, long startBytes, long sizeBytes) implements Content {
    @Override
    public void read(long offsetBytes, ByteBuffer target) throws IOException {
      Objects.checkFromIndexSize(offsetBytes, target.remaining(), sizeBytes);
      whole.read(startBytes + offsetBytes, target);
    }

    @Override
    public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
      Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes);
      whole.transferTo(startBytes + offsetBytes, countBytes, sink);
    }

    @Override
    public Content slice(long offsetBytes, long countBytes) {
      Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes);
      return new Slice(whole, startBytes + offsetBytes, countBytes);
    }
  }

  /// `ends[i]` is where part `i` ends.
  static final class Concatenation implements Content {
    private final Content[] parts;
    private final long[] ends;

    private Concatenation(Content[] parts) {
      this.parts = parts;
      this.ends = new long[parts.length];
      long end = 0;
      for (int part = 0; part < parts.length; part++) {
        end = Math.addExact(end, parts[part].sizeBytes());
        ends[part] = end;
      }
    }

    static Content of(List<Content> parts) {
      Content[] filled =
          parts.stream().filter(part -> part.sizeBytes() > 0).toArray(Content[]::new);
      return switch (filled.length) {
        case 0 -> EMPTY;
        case 1 -> filled[0];
        default -> new Concatenation(filled);
      };
    }

    @Override
    public long sizeBytes() {
      return ends[ends.length - 1];
    }

    @Override
    public void read(long offsetBytes, ByteBuffer target) throws IOException {
      int limit = target.limit();
      try {
        forEachPart(
            offsetBytes,
            target.remaining(),
            (part, offset, count) -> {
              target.limit(target.position() + (int) count);
              part.read(offset, target);
            });
      } finally {
        target.limit(limit);
      }
    }

    @Override
    public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
      forEachPart(
          offsetBytes, countBytes, (part, offset, count) -> part.transferTo(offset, count, sink));
    }

    private void forEachPart(long offsetBytes, long countBytes, PartVisitor visitor)
        throws IOException {
      Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes());
      long position = offsetBytes;
      long end = offsetBytes + countBytes;
      for (int part = indexOf(offsetBytes); position < end; part++) {
        long start = ends[part] - parts[part].sizeBytes();
        long count = Math.min(end, ends[part]) - position;
        visitor.visit(parts[part], position - start, count);
        position += count;
      }
    }

    private int indexOf(long offsetBytes) {
      int found = Arrays.binarySearch(ends, offsetBytes);
      return found >= 0 ? found + 1 : -found - 1;
    }
  }

  @FunctionalInterface
  private interface PartVisitor {
    void visit(Content part, long offsetBytes, long countBytes) throws IOException;
  }

  static void readInPieces(FileChannel file, long offsetBytes, long countBytes, Content.Sink sink)
      throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(PIECE_BYTES, countBytes));
    long end = offsetBytes + countBytes;
    for (long position = offsetBytes; position < end; position += piece.limit()) {
      piece.clear().limit((int) Math.min(piece.capacity(), end - position));
      readFully(file, position, piece);
      sink.data(piece.flip());
    }
  }

  static void readFully(FileChannel file, long offsetBytes, ByteBuffer target) throws IOException {
    long position = offsetBytes;
    while (target.hasRemaining()) {
      int count = file.read(target, position);
      if (count < 0) {
        throw new EOFException(
            "file ends too soon: expected %d more bytes at byte %d"
                .formatted(target.remaining(), position));
      }
      position += count;
    }
  }
}
