package io.github.container2boot.build;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.layer.DroppedAttributes;
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
import java.nio.channels.FileChannel;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// The images of an image's layers, several made at a time.
///
/// @param trees what each layer adds and hides, the lowest first
/// @param layers what the manifest says of them
record LayerImages(List<FileTree> trees, List<Manifest.Layer> layers) {

  /// Makes them in scratch files of `output`, which their trees read from until it is closed.
  static LayerImages make(
      Image image, OutputDirectory output, SquashfsOptions options, Progress progress)
      throws IOException {
    int atOnce = Math.clamp(image.layers().size(), 1, options.threads());
    try (Progress.Stage stage = progress.begin("Reading layers", totalBytes(image));
        BlockWorkers workers = BlockWorkers.start(options);
        ExecutorService readers = Executors.newFixedThreadPool(atOnce)) {
      List<Future<Made>> pending = new ArrayList<>();
      for (int index = 0; index < image.layers().size(); index++) {
        Layer layer = image.layers().get(index);
        FileChannel file = output.openScratchFile("layer-" + (index + 1));
        pending.add(readers.submit(() -> make(layer, file, workers, stage)));
      }
      LayerImages made = awaited(pending, readers, progress);
      stage.finish();
      return made;
    }
  }

  private static Made make(
      Layer layer, FileChannel file, BlockWorkers workers, Progress.Stage stage)
      throws IOException {
    AtomicLong storedBytes = new AtomicLong();
    LongConsumer meter =
        bytes -> {
          storedBytes.addAndGet(bytes);
          stage.advance(bytes);
        };
    try (InputStream archive = layer.open(meter)) {
      String diffId = write(layer, archive, file, workers);
      String digest = layer.digest().map(Digest::toString).orElse(diffId);
      FileTree tree = LayerImage.read(Content.ofFile(file, 0, file.size())).tree();
      return new Made(layer, tree, new Manifest.Layer(digest, diffId, storedBytes.get()));
    } catch (FormatException problem) {
      throw problem.in(layer.name());
    }
  }

  /// Returns the digest of the uncompressed layer. Where its source names one, the stream itself
  /// has checked it.
  private static String write(
      Layer layer, InputStream archive, FileChannel file, BlockWorkers workers) throws IOException {
    if (layer.diffId().isPresent()) {
      LayerImage.write(archive, file, workers);
      return layer.diffId().get().toString();
    }
    MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
    LayerImage.write(new DigestInputStream(archive, digest), file, workers);
    return Digest.Algorithm.SHA256 + ":" + HexFormat.of().formatHex(digest.digest());
  }

  private record Made(Layer layer, FileTree tree, Manifest.Layer described) {}

  /// The first failure stops the others; what they say then is of no interest.
  private static LayerImages awaited(
      List<Future<Made>> pending, ExecutorService readers, Progress progress) throws IOException {
    List<FileTree> trees = new ArrayList<>();
    List<Manifest.Layer> layers = new ArrayList<>();
    try {
      for (Future<Made> future : pending) {
        Made made = future.get();
        trees.add(made.tree());
        layers.add(made.described());
        warnOfDropped(made, progress);
      }
      return new LayerImages(trees, layers);
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
