package io.github.container2boot.serve.tftp;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any datagram is a packet or a FormatException.
class PacketFuzzTest {
  @FuzzTest
  void read(byte[] datagram) {
    PacketTest.readsOrRefuses(datagram);
  }
}
