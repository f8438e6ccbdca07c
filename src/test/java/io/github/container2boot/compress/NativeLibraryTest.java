package io.github.container2boot.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class NativeLibraryTest {
  @Test
  void ourPlatformsHaveTheLibraries() {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "needs Linux");
    assertThat(Libdeflate.LIBRARY).isPresent();
    assertThat(Liblz4.LIBRARY).isPresent();
  }

  @Test
  void aLibraryThatIsNotThereIsNoError() {
    assertThat(NativeLibrary.load("nothing")).isEmpty();
  }
}
