package io.github.container2boot.squashfs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;

/// Any bytes are an image or are refused with a [FormatException].
class SquashfsImageFuzzTest {
  private static final int LARGEST_READ_BYTES = 1 << 20;

  @FuzzTest
  void anyBytesAreReadOrRefused(byte[] bytes) throws IOException {
    try {
      SquashfsImage.read(Content.of(bytes))
          .tree()
          .walk((_, inode) -> {
            if (inode instanceof RegularFile file) {
              long size = Math.min(file.content().sizeBytes(), LARGEST_READ_BYTES);
              file.content().slice(0, size).toByteArray();
            }
          });
    } catch (FormatException _) {
      // The one way to complain.
    }
  }
}
