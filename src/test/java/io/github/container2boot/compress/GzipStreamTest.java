package io.github.container2boot.compress;

import java.util.List;

class GzipStreamTest extends StreamFormatContract {
  GzipStreamTest() {
    super(StreamFormat.GZIP, List.of("gzip", "-c"), List.of("gzip", "-9", "-n", "-c"));
  }
}
