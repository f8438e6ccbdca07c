package io.github.container2boot.testing;

import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Writes a [Content] to a file, holes as holes.
public final class SparseFiles {
  private SparseFiles() {}

  public static Path write(Content content, Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      content.transferTo(new ToChannel(channel));
      if (channel.size() < content.sizeBytes()) {
        channel.write(ByteBuffer.allocate(1), content.sizeBytes() - 1);
      }
    }
    return file;
  }

  private static final class ToChannel implements Content.Sink {
    private final FileChannel channel;
    private long position;

    ToChannel(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void data(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        position += channel.write(bytes, position);
      }
    }

    @Override
    public void hole(long countBytes) {
      position += countBytes;
    }
  }
}
