package io.github.container2boot.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// A layer that an engine keeps: what it must be is known, and it is fetched only when it is
/// opened.
///
/// @param sizeBytes of the uncompressed layer, if the engine says
/// @param source of the layer, compressed or not
public record LazyLayer(String name, Digest knownDiffId, OptionalLong sizeBytes, Source source)
    implements ArchiveLayer {
  /// Where the bytes of a layer come from.
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  /// The layer `index` of `count`, from the bottom.
  public static LazyLayer of(
      int index, int count, Digest diffId, OptionalLong sizeBytes, Source source) {
    return new LazyLayer(BlobLayer.name(index, count, diffId), diffId, sizeBytes, source);
  }

  /// An engine keeps layers uncompressed.
  @Override
  public Optional<Digest> digest() {
    return Optional.empty();
  }

  @Override
  public Optional<Digest> diffId() {
    return Optional.of(knownDiffId);
  }

  @Override
  public InputStream open(LongConsumer storedBytes) throws IOException {
    return new BlobLayer(name, digest(), diffId(), blob()).open(storedBytes);
  }

  private Blob blob() {
    return new Blob() {
      @Override
      public long sizeBytes() {
        return sizeBytes.orElse(0);
      }

      @Override
      public InputStream open() throws IOException {
        return source.open();
      }
    };
  }
}
