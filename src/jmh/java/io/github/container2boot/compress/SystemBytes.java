package io.github.container2boot.compress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Bytes such as systems are made of: machine code and constants, from Java's own libjvm.so.
final class SystemBytes {
  private SystemBytes() {}

  /// `count` pieces of `pieceBytes`, spread over the file.
  static byte[][] pieces(int count, int pieceBytes) throws IOException {
    byte[] file =
        Files.readAllBytes(Path.of(System.getProperty("java.home"), "lib/server/libjvm.so"));
    int stride = (file.length - pieceBytes) / count;
    byte[][] pieces = new byte[count][];
    Arrays.setAll(
        pieces, index -> Arrays.copyOfRange(file, index * stride, index * stride + pieceBytes));
    return pieces;
  }
}
