package io.github.container2boot.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XzBlockCodecTest extends BlockCodecContract {
  @TempDir private Path directory;

  XzBlockCodecTest() {
    super(Compression.XZ);
  }

  @Override
  byte[] decompressElsewhere(byte[] block, int contentSizeBytes) throws Exception {
    Tools.require("xz");
    Path file = Files.write(directory.resolve("block.xz"), block);
    return Tools.execute("xz", "-dc", file).output();
  }

  @Override
  byte[] compressElsewhere(byte[] content) throws Exception {
    Tools.require("xz");
    Path file = Files.write(directory.resolve("content"), content);
    return Tools.execute("xz", "-c", "--check=crc32", "--lzma2=dict=128KiB", file).output();
  }

  /// The kernel has as much dictionary as a block has bytes, and checks CRC32.
  @Test
  void theStreamIsWhatTheKernelWants() throws Exception {
    Tools.require("xz");
    for (int level = 0; level <= 9; level++) {
      Path file = Files.write(directory.resolve("block.xz"), compress(level, new byte[1000]));
      assertThat(Tools.run("xz", "--robot", "--list", "-vv", file))
          .contains("CRC32", "--lzma2=dict=128KiB");
    }
  }
}
