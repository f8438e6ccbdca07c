package io.github.container2boot.compress;

import java.util.List;

class LzopStreamTest extends StreamFormatContract {
  LzopStreamTest() {
    super(
        StreamFormat.LZOP,
        List.of("lzop", "-c"),
        List.of("lzop", "-c", "-9"),
        List.of("lzop", "-c", "--crc32"),
        List.of("lzop", "-c", "-F"));
  }
}
