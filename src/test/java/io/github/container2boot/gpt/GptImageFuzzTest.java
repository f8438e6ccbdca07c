package io.github.container2boot.gpt;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/// Any bytes are a disk or a FormatException.
class GptImageFuzzTest {
  @FuzzTest
  void read(byte[] disk) throws IOException {
    GptImageTest.readsOrRefuses(disk);
  }
}
