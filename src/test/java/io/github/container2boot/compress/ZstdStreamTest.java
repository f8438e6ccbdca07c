package io.github.container2boot.compress;

import java.util.List;

class ZstdStreamTest extends StreamFormatContract {
  ZstdStreamTest() {
    super(
        StreamFormat.ZSTD,
        List.of("zstd", "-q", "-c"),
        List.of("zstd", "-q", "-c", "--no-check", "-19"),
        List.of("zstd", "-q", "-c", "--long=27", "-1"));
  }
}
