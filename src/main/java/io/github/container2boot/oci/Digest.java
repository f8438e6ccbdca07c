package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Identifies bytes by their hash: `sha256:` and 64 hexadecimal digits (image-spec, descriptor.md,
/// "Digests").
///
/// @param algorithm which hash
/// @param hex the hash in lower-case hexadecimal digits
public record Digest(Algorithm algorithm, String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]*");

  /// The registered algorithms.
  public enum Algorithm {
    SHA256("sha256", "SHA-256", 32),
    SHA512("sha512", "SHA-512", 64);

    private final String identifier;
    private final String javaName;
    private final int sizeBytes;

    Algorithm(String identifier, String javaName, int sizeBytes) {
      this.identifier = identifier;
      this.javaName = javaName;
      this.sizeBytes = sizeBytes;
    }

    public MessageDigest newMessageDigest() {
      try {
        return MessageDigest.getInstance(javaName);
      } catch (NoSuchAlgorithmException everyJavaHasIt) {
        throw new IllegalStateException(everyJavaHasIt);
      }
    }

    @Override
    public String toString() {
      return identifier;
    }
  }

  public Digest {
    if (hex.length() != 2 * algorithm.sizeBytes || !HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("digest " + algorithm + ":" + hex);
    }
  }

  /// As a record's own, which would cost every start some milliseconds to link.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest(Algorithm otherAlgorithm, String otherHex)
        && algorithm == otherAlgorithm
        && hex.equals(otherHex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  /// Reads a digest; nothing else can come out of it, so its parts may be used in file names.
  ///
  /// @throws FormatException if `text` is no digest, or one with an algorithm we do not know
  public static Digest parse(String text) throws FormatException {
    int colon = text.indexOf(':');
    String identifier = text.substring(0, Math.max(0, colon));
    String hex = text.substring(colon + 1);
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.identifier.equals(identifier)) {
        return parse(algorithm, hex, text);
      }
    }
    throw FormatException.unsupported(
        "digest \"%s\": expected sha256: or sha512: and hexadecimal digits"
            .formatted(Shown.text(text)));
  }

  private static Digest parse(Algorithm algorithm, String hex, String text) throws FormatException {
    if (hex.length() != 2 * algorithm.sizeBytes || !HEX.matcher(hex).matches()) {
      throw FormatException.malformed(
          "digest \"%s\": expected %s: and %d digits from 0 to 9 and a to f"
              .formatted(Shown.text(text), algorithm, 2 * algorithm.sizeBytes));
    }
    return new Digest(algorithm, hex);
  }

  /// The digest of `bytes`.
  public static Digest of(Algorithm algorithm, byte[] bytes) {
    return finish(algorithm, algorithm.newMessageDigest(), bytes);
  }

  private static Digest finish(Algorithm algorithm, MessageDigest state, byte[] last) {
    return new Digest(algorithm, HexFormat.of().formatHex(state.digest(last)));
  }

  /// The digest that `state`, which this ends, has computed.
  public static Digest of(Algorithm algorithm, MessageDigest state) {
    return finish(algorithm, state, new byte[0]);
  }

  /// Whether `bytes` have this digest.
  public boolean matches(byte[] bytes) {
    return equals(of(algorithm, bytes));
  }

  /// `sha256:` and the first twelve digits: enough for people.
  public String abbreviated() {
    return algorithm + ":" + hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
