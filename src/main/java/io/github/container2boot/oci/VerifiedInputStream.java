package io.github.container2boot.oci;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// Reads a stream and checks its digest at the end.
///
/// Skipping reads, as every byte counts.
final class VerifiedInputStream extends BulkInputStream {
  private final InputStream source;
  private final Digest expected;
  private final String what;
  private final MessageDigest state;
  private boolean verified;

  /// @param what the bytes are, for the message
  VerifiedInputStream(InputStream source, Digest expected, String what) {
    this.source = source;
    this.expected = expected;
    this.what = what;
    this.state = expected.algorithm().newMessageDigest();
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    int read = source.read(target, offset, count);
    if (read > 0) {
      state.update(target, offset, read);
    } else if (read < 0 && !verified) {
      verify();
    }
    return read;
  }

  private void verify() throws FormatException {
    Digest found = Digest.of(expected.algorithm(), state);
    if (!found.equals(expected)) {
      throw FormatException.malformed(
          "digest of the %s: expected %s, found %s".formatted(what, expected, found));
    }
    verified = true;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
