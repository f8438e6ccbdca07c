package io.github.container2boot.build;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.layer.DroppedAttributes;
import io.github.container2boot.layer.ImageKey;
import io.github.container2boot.layer.LayerCache;
import io.github.container2boot.layer.LayerImage;
import io.github.container2boot.oci.ArchiveLayer;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.FilesLayer;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Layer;
import io.github.container2boot.squashfs.BlockWorkers;
import io.github.container2boot.squashfs.SquashfsOptions;
import io.github.container2boot.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// The images of an image's layers, several made at a time.
///
/// @param images their bytes, the lowest first
/// @param trees what each layer adds and hides
/// @param keys what each is called in a cache, if the layer has a name
/// @param descriptions what the manifest says of them
record LayerImages(
    List<Content> images,
    List<FileTree> trees,
    List<Optional<ImageKey>> keys,
    List<Description> descriptions)
    implements Closeable {

  /// Makes those that are not in `store` yet. Their trees read from it until it is closed.
  static LayerImages make(Image image, LayerStore store, SquashfsOptions options, Progress progress)
      throws IOException {
    int atOnce = Math.clamp(image.layers().size(), 1, options.threads());
    try (Progress.Stage stage = progress.begin("Reading layers", totalBytes(image));
        BlockWorkers workers = BlockWorkers.start(options);
        ExecutorService readers = Executors.newFixedThreadPool(atOnce)) {
      List<Future<Made>> pending = new ArrayList<>();
      for (Layer layer : image.layers()) {
        Archive archive = new Archive(layer, workers, stage);
        pending.add(readers.submit(() -> found(archive, store, progress)));
      }
      LayerImages made = awaited(pending, readers, progress);
      stage.finish();
      return made;
    }
  }

  /// What the manifest says of the layers. Waits for digests that are still being computed.
  List<Manifest.Layer> described() throws IOException {
    List<Manifest.Layer> layers = new ArrayList<>();
    for (Description description : descriptions) {
      layers.add(description.complete());
    }
    return layers;
  }

  /// Stops reading images.
  @Override
  public void close() throws IOException {
    for (Description description : descriptions) {
      description.close();
    }
  }

  /// A layer, as the manifest will describe it.
  ///
  /// @param diffId of the uncompressed layer, or in its place of the image of its files
  record Description(Optional<Digest> digest, Naming diffId, OptionalLong sizeBytes)
      implements Closeable {
    Manifest.Layer complete() throws IOException {
      String named = diffId.digest().toString();
      return new Manifest.Layer(digest.map(Digest::toString).orElse(named), named, sizeBytes);
    }

    @Override
    public void close() throws IOException {
      diffId.close();
    }
  }

  /// A digest that is known, or will be.
  sealed interface Naming extends Closeable {
    Digest digest() throws IOException;

    /// Known when the layer was read, or before.
    record Known(Digest digest) implements Naming {
      @Override
      public void close() {}
    }

    /// Computed beside what is done with the layer's image.
    record Pending(PendingDigest pending) implements Naming {
      @Override
      public Digest digest() throws IOException {
        return pending.get();
      }

      @Override
      public void close() throws IOException {
        pending.close();
      }
    }
  }

  private static Made found(Archive archive, LayerStore store, Progress progress)
      throws IOException {
    Layer layer = archive.layer;
    try {
      Content image = image(archive, store);
      if (!archive.wasRead()) {
        archive.stage.advance(layer.sizeBytes().orElse(0));
        progress.note(layer.name() + " is in the cache");
      }
      FileTree tree = LayerImage.read(image).tree();
      return new Made(archive, image, tree);
    } catch (FormatException problem) {
      throw problem.in(layer.name());
    }
  }

  private static Content image(Archive archive, LayerStore store) throws IOException {
    Optional<ImageKey> key = archive.key();
    return key.isPresent() ? store.image(key.get(), archive) : store.image(archive);
  }

  /// The archive or the files of a layer, read only if its image must be made.
  private static final class Archive implements LayerCache.Maker {
    private final Layer layer;
    private final BlockWorkers workers;
    private final Progress.Stage stage;
    private final AtomicLong storedBytes = new AtomicLong();
    private boolean made;
    private Optional<Digest> computed = Optional.empty();

    Archive(Layer layer, BlockWorkers workers, Progress.Stage stage) {
      this.layer = layer;
      this.workers = workers;
      this.stage = stage;
    }

    @Override
    public void make(FileChannel target) throws IOException {
      made = true;
      storedBytes.set(0);
      LongConsumer meter =
          bytes -> {
            storedBytes.addAndGet(bytes);
            stage.advance(bytes);
          };
      switch (layer) {
        case FilesLayer files -> LayerImage.write(files.files(meter), target, workers);
        case ArchiveLayer archive -> {
          try (InputStream uncompressed = archive.open(meter)) {
            write(uncompressed, target);
          }
        }
      }
    }

    /// Computes the digest of the uncompressed layer, unless its source names it: then the stream
    /// itself has checked it.
    private void write(InputStream archive, FileChannel target) throws IOException {
      if (layer.diffId().isPresent()) {
        LayerImage.write(archive, target, workers);
        return;
      }
      MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
      LayerImage.write(new DigestInputStream(archive, digest), target, workers);
      computed = Optional.of(Digest.of(Digest.Algorithm.SHA256, digest));
    }

    Optional<ImageKey> key() {
      return layer.diffId().map(diffId -> ImageKey.ofLayer(diffId, workers.options()));
    }

    boolean wasRead() {
      return made;
    }

    /// Files have no digest until they are an image: that of the image names these files, made like
    /// this.
    Description described(Content image) throws IOException {
      Optional<Digest> known = layer.diffId().or(() -> computed);
      Naming diffId =
          known.isPresent()
              ? new Naming.Known(known.get())
              : new Naming.Pending(PendingDigest.of(image));
      return new Description(layer.digest(), diffId, sizeBytes());
    }

    /// What is read every time has been counted. Elsewhere a layer's size must not depend on
    /// whether it was read or in the cache.
    private OptionalLong sizeBytes() {
      return layer.diffId().isPresent()
          ? layer.sizeBytes()
          : OptionalLong.of(layer.sizeBytes().orElseGet(storedBytes::get));
    }
  }

  private record Made(Archive archive, Content image, FileTree tree) {
    Layer layer() {
      return archive.layer;
    }
  }

  /// The first failure stops the others; what they say then is of no interest.
  private static LayerImages awaited(
      List<Future<Made>> pending, ExecutorService readers, Progress progress) throws IOException {
    List<Made> all = new ArrayList<>();
    try {
      for (Future<Made> future : pending) {
        Made made = future.get();
        all.add(made);
        warnOfDropped(made, progress);
        warnOfOwner(made, progress);
      }
      return of(all);
    } catch (ExecutionException failure) {
      readers.shutdownNow();
      throw cause(failure);
    } catch (InterruptedException interruption) {
      readers.shutdownNow();
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("stopped").initCause(interruption);
    }
  }

  private static LayerImages of(List<Made> all) throws IOException {
    List<Description> descriptions = new ArrayList<>();
    for (Made made : all) {
      descriptions.add(made.archive().described(made.image()));
    }
    return new LayerImages(
        all.stream().map(Made::image).toList(),
        all.stream().map(Made::tree).toList(),
        all.stream().map(made -> made.archive().key()).toList(),
        descriptions);
  }

  private static IOException cause(ExecutionException failure) {
    return switch (failure.getCause()) {
      case IOException problem -> problem;
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      case null, default -> new IOException(failure);
    };
  }

  private static void warnOfDropped(Made made, Progress progress) throws FormatException {
    DroppedAttributes.of(made.tree())
        .ifPresent(dropped ->
            progress.warning(
                "%s: SquashFS cannot hold POSIX ACLs: dropped %d, the first of %s"
                    .formatted(made.layer().name(), dropped.count(), dropped.first())));
  }

  /// Who reads a rootless engine's directory outside of its user namespace sees owners that no
  /// machine has; programs refuse to work below a root that is somebody else's.
  private static void warnOfOwner(Made made, Progress progress) {
    long owner = made.tree().root().attributes().userId();
    if (made.layer().diffId().isEmpty() && owner != 0) {
      progress.warning(
          "%s: its root directory belongs to user %d, not to root; a rootless container engine's directory is read inside of podman unshare"
              .formatted(made.layer().name(), owner));
    }
  }

  private static long totalBytes(Image image) {
    long total = 0;
    for (Layer layer : image.layers()) {
      OptionalLong size = layer.sizeBytes();
      if (size.isEmpty()) {
        return Progress.UNKNOWN;
      }
      total += size.getAsLong();
    }
    return total;
  }
}
