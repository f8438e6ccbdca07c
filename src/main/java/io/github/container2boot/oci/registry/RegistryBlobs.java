package io.github.container2boot.oci.registry;

import io.github.container2boot.oci.Blob;
import io.github.container2boot.oci.Blobs;
import io.github.container2boot.oci.Descriptor;
import io.github.container2boot.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The blobs of a repository: nothing is fetched before it is read.
///
/// Small ones are kept as far as there is room, as a configuration may be asked for twice.
final class RegistryBlobs implements Blobs {
  private static final int MOST_KEPT_BYTES_EACH = 1 << 18;
  private static final int MOST_KEPT_BYTES = 1 << 22;

  private final List<Repository> repositories;
  private final Http http;
  private final Consumer<String> notes;
  private final Map<Digest, byte[]> kept = new HashMap<>();
  private final Set<BlobInputStream> open = ConcurrentHashMap.newKeySet();
  private int keptBytes;

  /// @param repositories where the blobs can be had, the best first
  RegistryBlobs(List<Repository> repositories, Http http, Consumer<String> notes) {
    this.repositories = List.copyOf(repositories);
    this.http = http;
    this.notes = notes;
  }

  /// A document that is here already.
  synchronized void keep(Digest digest, byte[] document) {
    if (keptBytes + document.length <= MOST_KEPT_BYTES && kept.put(digest, document) == null) {
      keptBytes += document.length;
    }
  }

  private synchronized Optional<byte[]> kept(Digest digest) {
    return Optional.ofNullable(kept.get(digest));
  }

  @Override
  public Optional<Blob> find(Descriptor descriptor) {
    return Optional.of(new RemoteBlob("blobs/", descriptor, Map.of()));
  }

  @Override
  public Optional<Blob> findManifest(Descriptor descriptor) {
    return Optional.of(new RemoteBlob("manifests/", descriptor, Registry.MANIFEST_HEADERS));
  }

  private final class RemoteBlob implements Blob {
    private final String directory;
    private final Descriptor descriptor;
    private final Map<String, String> headers;

    RemoteBlob(String directory, Descriptor descriptor, Map<String, String> headers) {
      this.directory = directory;
      this.descriptor = descriptor;
      this.headers = headers;
    }

    @Override
    public long sizeBytes() {
      return descriptor.sizeBytes();
    }

    @Override
    public InputStream open() throws IOException {
      Optional<byte[]> here = kept(descriptor.digest());
      if (here.isEmpty() && sizeBytes() <= MOST_KEPT_BYTES_EACH) {
        byte[] whole = stream().readWhole();
        keep(descriptor.digest(), whole);
        here = Optional.of(whole);
      }
      return here.isPresent() ? new ByteArrayInputStream(here.get()) : stream();
    }

    private BlobInputStream stream() {
      BlobInputStream stream =
          new BlobInputStream(
              repositories,
              directory + descriptor.digest(),
              headers,
              sizeBytes(),
              http.patience(),
              notes,
              open::remove);
      open.add(stream);
      return stream;
    }
  }

  /// Ends all transfers.
  @Override
  public void close() {
    open.forEach(BlobInputStream::close);
    http.close();
  }
}
