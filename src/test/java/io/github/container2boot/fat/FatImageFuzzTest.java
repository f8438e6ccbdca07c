package io.github.container2boot.fat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/// Any bytes are a volume or a FormatException.
class FatImageFuzzTest {
  @FuzzTest
  void read(byte[] volume) throws IOException {
    FatImageTest.readsOrRefuses(volume);
  }
}
