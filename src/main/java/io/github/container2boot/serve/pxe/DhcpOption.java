package io.github.container2boot.serve.pxe;

/// The options of RFC 2132 and its successors that matter here.
final class DhcpOption {
  static final int PAD = 0;
  static final int VENDOR_SPECIFIC = 43;
  static final int OVERLOAD = 52;
  static final int MESSAGE_TYPE = 53;
  static final int SERVER_IDENTIFIER = 54;
  static final int VENDOR_CLASS = 60;
  static final int BOOT_FILE = 67;
  static final int USER_CLASS = 77;
  static final int RELAY_INFORMATION = 82;
  static final int CLIENT_ARCHITECTURE = 93;
  static final int CLIENT_MACHINE = 97;
  static final int END = 255;

  private DhcpOption() {}
}
