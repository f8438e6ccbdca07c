package io.github.container2boot.compress;

import java.util.List;

class Lz4FrameStreamTest extends StreamFormatContract {
  Lz4FrameStreamTest() {
    super(
        StreamFormat.LZ4_FRAME,
        List.of("lz4", "-q", "-c"),
        List.of("lz4", "-q", "-c", "-BD", "-B4", "-BX", "--content-size"),
        List.of("lz4", "-q", "-c", "-12", "-BD", "-B7"),
        List.of("lz4", "-q", "-c", "--no-frame-crc"));
  }
}
