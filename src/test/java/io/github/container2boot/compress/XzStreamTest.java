package io.github.container2boot.compress;

import java.util.List;

class XzStreamTest extends StreamFormatContract {
  XzStreamTest() {
    super(
        StreamFormat.XZ,
        List.of("xz", "-c", "--lzma2=dict=64KiB"),
        List.of("xz", "-c", "-0", "--block-size=1MiB", "--check=sha256"),
        List.of("xz", "-c", "--x86", "--lzma2=preset=1", "--check=crc32"));
  }
}
