package io.github.container2boot.cpio;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Any bytes at all: entries and a rest, or a FormatException.
class CpioReaderFuzzTest {
  @FuzzTest
  void read(byte[] input) throws IOException {
    try (CpioReader reader = new CpioReader(new ByteArrayInputStream(input))) {
      while (reader.next() != null) {
        reader.data().transferTo(OutputStream.nullOutputStream());
      }
      reader.rest().transferTo(OutputStream.nullOutputStream());
    } catch (FormatException expected) {
      // is what bad input gives
    }
  }
}
