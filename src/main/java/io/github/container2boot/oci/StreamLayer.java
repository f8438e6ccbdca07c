package io.github.container2boot.oci;

import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/// A root filesystem that comes through a pipe: it can be read once.
final class StreamLayer implements ArchiveLayer {
  private final InputStream uncompressed;
  private final CountedInputStream stored;
  private final AtomicBoolean opened = new AtomicBoolean();

  /// @param uncompressed the archive
  /// @param stored what that is read from
  StreamLayer(InputStream uncompressed, CountedInputStream stored) {
    this.uncompressed = uncompressed;
    this.stored = stored;
  }

  @Override
  public String name() {
    return RootTarball.LAYER_NAME;
  }

  @Override
  public Optional<Digest> digest() {
    return Optional.empty();
  }

  @Override
  public Optional<Digest> diffId() {
    return Optional.empty();
  }

  @Override
  public OptionalLong sizeBytes() {
    return OptionalLong.empty();
  }

  @Override
  public InputStream open(LongConsumer storedBytes) {
    if (opened.getAndSet(true)) {
      throw new IllegalStateException("a stream can be read only once");
    }
    stored.tell(storedBytes);
    return uncompressed;
  }
}
