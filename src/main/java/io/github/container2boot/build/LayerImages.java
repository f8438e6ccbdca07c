package io.github.container2boot.build;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.layer.DroppedAttributes;
import io.github.container2boot.layer.ImageKey;
import io.github.container2boot.layer.LayerCache;
import io.github.container2boot.layer.LayerImage;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Layer;
import io.github.container2boot.squashfs.BlockWorkers;
import io.github.container2boot.squashfs.SquashfsOptions;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
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
/// @param layers what the manifest says of them
record LayerImages(
    List<Content> images,
    List<FileTree> trees,
    List<Optional<ImageKey>> keys,
    List<Manifest.Layer> layers) {

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
      return new Made(layer, image, tree, archive.key(), archive.described());
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
    private Optional<String> computed = Optional.empty();

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
      Optional<FileTree> files = layer.files(meter);
      if (files.isPresent()) {
        write(files.get(), target);
        return;
      }
      try (InputStream archive = layer.open(meter)) {
        write(archive, target);
      }
    }

    /// Files have no digest until they are an image: it names these files, made like this.
    private void write(FileTree files, FileChannel target) throws IOException {
      LayerImage.write(files, target, workers);
      MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
      try (InputStream image = Content.ofFile(target, 0, target.size()).asInputStream()) {
        new DigestInputStream(image, digest).transferTo(OutputStream.nullOutputStream());
      }
      computed = Optional.of(named(digest));
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
      computed = Optional.of(named(digest));
    }

    private static String named(MessageDigest digest) {
      return Digest.Algorithm.SHA256 + ":" + HexFormat.of().formatHex(digest.digest());
    }

    Optional<ImageKey> key() {
      return layer.diffId().map(diffId -> ImageKey.ofLayer(diffId, workers.options()));
    }

    boolean wasRead() {
      return made;
    }

    Manifest.Layer described() {
      String diffId = layer.diffId().map(Digest::toString).or(() -> computed).orElseThrow();
      String digest = layer.digest().map(Digest::toString).orElse(diffId);
      return new Manifest.Layer(digest, diffId, sizeBytes());
    }

    /// What is read every time has been counted. Elsewhere a layer's size must not depend on
    /// whether it was read or in the cache.
    private OptionalLong sizeBytes() {
      return layer.diffId().isPresent()
          ? layer.sizeBytes()
          : OptionalLong.of(layer.sizeBytes().orElseGet(storedBytes::get));
    }
  }

  private record Made(
      Layer layer,
      Content image,
      FileTree tree,
      Optional<ImageKey> key,
      Manifest.Layer described) {}

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
      return new LayerImages(
          all.stream().map(Made::image).toList(),
          all.stream().map(Made::tree).toList(),
          all.stream().map(Made::key).toList(),
          all.stream().map(Made::described).toList());
    } catch (ExecutionException failure) {
      readers.shutdownNow();
      throw cause(failure);
    } catch (InterruptedException interruption) {
      readers.shutdownNow();
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("stopped").initCause(interruption);
    }
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
