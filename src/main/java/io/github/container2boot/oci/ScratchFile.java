package io.github.container2boot.oci;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A temporary file without a name: however the process ends, nothing is left.
public final class ScratchFile {
  private static final int PIECE_BYTES = 1 << 18;

  private ScratchFile() {}

  /// A file in `directory` with all bytes of `source`; they are gone once it is closed.
  static FileChannel copy(InputStream source, Path directory) throws IOException {
    FileChannel file = create(directory);
    try {
      byte[] piece = new byte[PIECE_BYTES];
      for (int count = source.read(piece); count >= 0; count = source.read(piece)) {
        write(file, ByteBuffer.wrap(piece, 0, count));
      }
      return file;
    } catch (IOException problem) {
      file.close();
      throw problem;
    }
  }

  /// An empty file in `directory`; it is gone once it is closed.
  public static FileChannel create(Path directory) throws IOException {
    Path path = Files.createTempFile(directory, "container2boot", ".tar");
    try {
      return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(path);
    }
  }

  private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }
}
