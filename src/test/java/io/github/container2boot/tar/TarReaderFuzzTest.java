package io.github.container2boot.tar;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/// Any bytes at all: an archive, or a FormatException.
class TarReaderFuzzTest {
  @FuzzTest
  void read(byte[] archive) throws IOException {
    TarReaderMalformedTest.assertArchiveOrFormatException(archive);
  }
}
