package io.github.container2boot.oci;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.StreamFormat;
import io.github.container2boot.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// A layer that can be read from its beginning whenever it is wanted.
record BlobLayer(String name, Optional<Digest> digest, Optional<Digest> diffId, Blob blob)
    implements ArchiveLayer {
  /// What to call a layer.
  static String name(int index, int count, Digest diffId) {
    return "layer %d of %d (%s)".formatted(index + 1, count, diffId.abbreviated());
  }

  /// How what begins with `head` is compressed; empty if it is an archive as it is, or nothing we
  /// know, which the reader of archives will say.
  static Optional<StreamFormat> format(byte[] head) {
    return TarReader.isArchive(head) ? Optional.empty() : StreamFormat.detect(ByteString.of(head));
  }

  /// The first bytes of `content`, enough to tell what it is.
  static byte[] head(Content content) throws IOException {
    byte[] head = new byte[(int) Math.min(TarReader.headerBytes(), content.sizeBytes())];
    content.read(0, ByteBuffer.wrap(head));
    return head;
  }

  @Override
  public OptionalLong sizeBytes() {
    return OptionalLong.of(blob.sizeBytes());
  }

  @Override
  public InputStream open(LongConsumer storedBytes) throws IOException {
    InputStream stored = new CountedInputStream(blob.open()).tell(storedBytes);
    return Closing.onFailure(stored, () -> uncompressed(stored));
  }

  private InputStream uncompressed(InputStream blob) throws IOException {
    byte[] head = blob.readNBytes(TarReader.headerBytes());
    InputStream stored = new SequenceInputStream(new ByteArrayInputStream(head), blob);
    Optional<StreamFormat> format = format(head);
    if (format.isEmpty()) {
      return verifiedIfKnown(storedUncompressed(stored), diffId, "uncompressed layer");
    }
    InputStream verified = verifiedIfKnown(stored, digest, "layer as stored");
    InputStream uncompressed = new LayerInputStream(format.get().open(verified), verified);
    return verifiedIfKnown(
        new ReadAheadInputStream(uncompressed, blob), diffId, "uncompressed layer");
  }

  /// Nobody need hash the same bytes twice.
  private InputStream storedUncompressed(InputStream stored) {
    return digest.equals(diffId) ? stored : verifiedIfKnown(stored, digest, "layer as stored");
  }

  private static InputStream verifiedIfKnown(
      InputStream source, Optional<Digest> expected, String what) {
    return expected.isPresent() ? new VerifiedInputStream(source, expected.get(), what) : source;
  }
}
