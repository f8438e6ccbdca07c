package io.github.container2boot.serve.tftp;

import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import java.io.IOException;

/// Text as RFC 1350's mode netascii has it (RFC 764): a line ends with CR LF, and a CR that is only
/// that is followed by NUL. Some clients ask for it unless they are told otherwise.
final class Netascii {
  /// Configurations are smaller; nothing else should come in this mode.
  static final int MAX_BYTES = 1 << 20;

  private Netascii() {}

  static Content of(Content content) throws IOException {
    byte[] bytes = content.toByteArray();
    ByteWriter text = ByteWriter.bigEndian(bytes.length + 512);
    for (byte value : bytes) {
      switch (value) {
        case '\n' -> text.u8('\r').u8('\n');
        case '\r' -> text.u8('\r').u8(0);
        default -> text.u8(Byte.toUnsignedInt(value));
      }
    }
    return text.toContent();
  }
}
