package io.github.container2boot.serve.pxe;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any datagram is a packet, answered or not, or a FormatException.
class DhcpPacketFuzzTest {
  @FuzzTest
  void read(byte[] datagram) {
    DhcpPacketTest.readsOrRefuses(datagram);
  }
}
