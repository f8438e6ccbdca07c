package io.github.container2boot.compress;

import java.util.List;

class LzmaStreamTest extends StreamFormatContract {
  LzmaStreamTest() {
    super(
        StreamFormat.LZMA,
        List.of("xz", "--format=lzma", "-c"),
        List.of("xz", "--format=lzma", "-1", "-c"));
  }

  @Override
  boolean canBeConcatenated() {
    return false;
  }

  @Override
  boolean hasChecksum() {
    return false;
  }
}
