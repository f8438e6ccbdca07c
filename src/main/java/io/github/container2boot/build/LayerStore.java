package io.github.container2boot.build;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.layer.CacheDirectory;
import io.github.container2boot.layer.CacheException;
import io.github.container2boot.layer.ImageKey;
import io.github.container2boot.layer.LayerCache;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Where the layer images of one build lie: in the cache, or beside the outputs.
///
/// A cache that fails costs time, never a build. Nothing about it gets into an output: these are
/// the same with any cache and with none.
final class LayerStore implements Closeable {
  private final OutputDirectory output;
  private final Progress progress;
  private final Optional<LayerCache> cache;
  private final AtomicBoolean gaveUp = new AtomicBoolean();
  private final AtomicInteger scratchNames = new AtomicInteger();
  private final Queue<FileChannel> scratchFiles = new ConcurrentLinkedQueue<>();

  private LayerStore(OutputDirectory output, Progress progress, Optional<LayerCache> cache) {
    this.output = output;
    this.progress = progress;
    this.cache = cache;
  }

  /// @param progress is told what is wrong with the cache
  static LayerStore open(CacheChoice choice, OutputDirectory output, Progress progress) {
    return new LayerStore(output, progress, openCache(choice, progress));
  }

  private static Optional<LayerCache> openCache(CacheChoice choice, Progress progress) {
    return switch (choice) {
      case CacheChoice.None _ -> Optional.empty();
      case CacheChoice.In in -> {
        try {
          CacheDirectory directory = new CacheDirectory(in.directory());
          yield Optional.of(LayerCache.open(directory, in.limitBytes(), progress::warning));
        } catch (CacheException unusable) {
          warn(progress, unusable);
          yield Optional.empty();
        }
      }
    };
  }

  private static void warn(Progress progress, IOException unusable) {
    progress.warning(
        "the layer cache cannot be used, the build goes on without it: " + unusable.getMessage());
  }

  /// The image of `key`, which `maker` makes if it is not there. It is readable until this is
  /// closed.
  Content image(ImageKey key, LayerCache.Maker maker) throws IOException {
    if (cache.isEmpty() || gaveUp.get()) {
      return image(maker);
    }
    try {
      return cache.get().image(key, maker);
    } catch (IOException failed) {
      giveUp(failed);
      return image(maker);
    }
  }

  /// What is kept under `key`, if there is anything.
  Optional<Content> find(ImageKey key) throws IOException {
    if (cache.isEmpty() || gaveUp.get()) {
      return Optional.empty();
    }
    try {
      return cache.get().find(key);
    } catch (IOException failed) {
      giveUp(failed);
      return Optional.empty();
    }
  }

  /// Keeps what `maker` makes for the next build. This one goes on without it.
  void keep(ImageKey key, LayerCache.Maker maker) throws IOException {
    if (cache.isEmpty() || gaveUp.get()) {
      return;
    }
    try {
      cache.get().image(key, maker);
    } catch (IOException failed) {
      giveUp(failed);
    }
  }

  /// The image of a layer that nobody can ask for by name.
  Content image(LayerCache.Maker maker) throws IOException {
    FileChannel file = output.openScratchFile("layer-" + scratchNames.incrementAndGet());
    scratchFiles.add(file);
    maker.make(file);
    return Content.ofFile(file, 0, file.size());
  }

  /// @throws IOException `failed` itself, unless it is the cache that failed
  private void giveUp(IOException failed) throws IOException {
    if (!(failed instanceof CacheException) && !WriteProblems.isOfWriting(failed)) {
      throw failed;
    }
    if (!gaveUp.getAndSet(true)) {
      warn(progress, failed);
    }
  }

  /// Takes all images back, and makes the cache as small as it should be.
  @Override
  public void close() throws IOException {
    for (FileChannel file : scratchFiles) {
      file.close();
    }
    if (cache.isPresent()) {
      closeCache(cache.get());
    }
  }

  private void closeCache(LayerCache open) {
    try {
      open.close();
    } catch (IOException failed) {
      progress.warning("the layer cache could not be made smaller: " + failed.getMessage());
    }
  }
}
