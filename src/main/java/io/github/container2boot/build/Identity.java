package io.github.container2boot.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.gpt.Guid;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// Identifiers that follow from what is built: the same content has the same, other content has
/// others.
final class Identity {
  private final byte[] seed;

  private Identity(byte[] seed) {
    this.seed = seed;
  }

  /// The identity of what follows from `facts` alone, one line each.
  static Identity of(List<String> facts) {
    return new Identity(sha256(String.join("\n", facts).getBytes(UTF_8)));
  }

  /// The identity of what follows from this and one more fact.
  Identity and(String fact) {
    return new Identity(digest(fact));
  }

  /// The identifier of the thing called `name`.
  Guid guid(String name) {
    return Guid.ofDigest(ByteString.of(digest(name)));
  }

  /// The serial number of the FAT volume called `name`, 32 bits.
  long volumeId(String name) {
    return Integer.toUnsignedLong(ByteBuffer.wrap(digest(name)).getInt());
  }

  private byte[] digest(String name) {
    byte[] text = name.getBytes(UTF_8);
    return sha256(ByteBuffer.allocate(seed.length + text.length).put(seed).put(text).array());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
