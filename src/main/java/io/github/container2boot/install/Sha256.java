package io.github.container2boot.install;

import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/// The SHA-256 of Contents, as 64 lower-case hexadecimal digits.
final class Sha256 {
  /// What the digest is fed in one piece.
  static final int PIECE_BYTES = 1 << 20;

  private Sha256() {}

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  /// @param meter is told of bytes as they are read
  static String of(Content content, LongConsumer meter) throws IOException {
    MessageDigest digest = newDigest();
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    for (long offset = 0; offset < content.sizeBytes(); offset += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE_BYTES, content.sizeBytes() - offset));
      content.read(offset, piece);
      digest.update(piece.flip());
      meter.accept(piece.limit());
    }
    return hexadecimal(digest);
  }

  static String of(byte[] bytes) {
    MessageDigest digest = newDigest();
    digest.update(bytes);
    return hexadecimal(digest);
  }

  static String hexadecimal(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
