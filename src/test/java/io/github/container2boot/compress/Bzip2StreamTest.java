package io.github.container2boot.compress;

import java.util.List;

class Bzip2StreamTest extends StreamFormatContract {
  Bzip2StreamTest() {
    super(StreamFormat.BZIP2, List.of("bzip2", "-c"), List.of("bzip2", "-1", "-c"));
  }
}
