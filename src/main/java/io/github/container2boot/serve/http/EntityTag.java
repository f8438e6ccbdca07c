package io.github.container2boot.serve.http;

import io.github.container2boot.oci.Digest;

/// What tells one representation from every other (RFC 9110, section 8.8.3): its digest, thus
/// always strong.
///
/// @param digest of all its bytes
public record EntityTag(Digest digest) {
  /// The tag of a small text.
  static EntityTag of(byte[] bytes) {
    return new EntityTag(Digest.of(Digest.Algorithm.SHA256, bytes));
  }

  /// In quotes, as it stands in ETag.
  @Override
  public String toString() {
    return '"' + digest.hex() + '"';
  }

  /// Whether a list of tags, or `*`, has this one.
  ///
  /// @param weakly whether weak ones count too, as they do for If-None-Match
  boolean isIn(String list, boolean weakly) {
    for (String element : list.split(",", -1)) {
      String tag = element.strip();
      if (tag.equals("*") || tag.equals(toString()) || (weakly && tag.equals("W/" + this))) {
        return true;
      }
    }
    return false;
  }
}
