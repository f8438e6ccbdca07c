package io.github.container2boot.build;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.oci.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HexFormat;

/// The SHA-256 of what lies in a file, computed while something else is done with that.
final class PendingDigest implements Closeable {
  private final DigestThread thread = new DigestThread();

  private PendingDigest() {}

  /// Begins to read `content`, which must be readable until this is closed.
  static PendingDigest of(Content content) throws IOException {
    PendingDigest pending = new PendingDigest();
    content.transferTo(pending.new Pieces());
    return pending;
  }

  /// The digest, as soon as all has been read.
  Digest get() throws IOException {
    return new Digest(Digest.Algorithm.SHA256, HexFormat.of().formatHex(thread.complete()));
  }

  @Override
  public void close() throws IOException {
    thread.close();
  }

  private final class Pieces implements Content.Sink {
    @Override
    public void data(ByteBuffer bytes) throws IOException {
      thread.data(bytes);
      bytes.position(bytes.limit());
    }

    @Override
    public void hole(long countBytes) throws IOException {
      thread.hole(countBytes);
    }

    @Override
    public void region(FileChannel file, long offsetBytes, long countBytes) throws IOException {
      thread.region(file, offsetBytes, countBytes);
    }
  }
}
