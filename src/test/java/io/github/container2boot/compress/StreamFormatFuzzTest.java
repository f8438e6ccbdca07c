package io.github.container2boot.compress;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Any bytes at all: content, or a FormatException.
class StreamFormatFuzzTest {
  private static final int MOST_BYTES = 1 << 24;

  @FuzzTest
  void gzip(byte[] input) throws IOException {
    decode(StreamFormat.GZIP, input);
  }

  @FuzzTest
  void zstd(byte[] input) throws IOException {
    decode(StreamFormat.ZSTD, input);
  }

  @FuzzTest
  void xz(byte[] input) throws IOException {
    decode(StreamFormat.XZ, input);
  }

  @FuzzTest
  void lzma(byte[] input) throws IOException {
    decode(StreamFormat.LZMA, input);
  }

  @FuzzTest
  void lz4Legacy(byte[] input) throws IOException {
    decode(StreamFormat.LZ4_LEGACY, input);
  }

  @FuzzTest
  void lz4Frame(byte[] input) throws IOException {
    decode(StreamFormat.LZ4_FRAME, input);
  }

  @FuzzTest
  void lzop(byte[] input) throws IOException {
    decode(StreamFormat.LZOP, input);
  }

  @FuzzTest
  void bzip2(byte[] input) throws IOException {
    decode(StreamFormat.BZIP2, input);
  }

  private static void decode(StreamFormat format, byte[] input) throws IOException {
    byte[] piece = new byte[1 << 16];
    try (InputStream stream = format.open(new ByteArrayInputStream(input))) {
      int total = 0;
      for (int read; total < MOST_BYTES && (read = stream.read(piece)) >= 0; ) {
        total += read;
      }
    } catch (FormatException expected) {
      // is what bad input gives
    }
  }
}
