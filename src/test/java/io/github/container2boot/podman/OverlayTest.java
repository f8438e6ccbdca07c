package io.github.container2boot.podman;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.layer.LayerImage;
import io.github.container2boot.layer.LayerStack;
import io.github.container2boot.squashfs.BlockWorkers;
import io.github.container2boot.squashfs.SquashfsOptions;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.tar.TarBuilder.Entry;
import io.github.container2boot.testing.Listing;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.FileTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The kernel's overlayfs over our layer images shows what our merge of the same images holds:
/// random stacks, each layer's entries in a random order.
///
/// Every directory has an entry, and links lead nowhere outside their layer: what overlayfs cannot
/// say is left out.
@Tag("podman")
class OverlayTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "\u00e4");
  private static final SquashfsOptions OPTIONS =
      new SquashfsOptions(CompressionSettings.parse("zstd:1"), 4096, Instant.EPOCH, 1);

  @TempDir private Path directory;

  private final List<Path> mounted = new ArrayList<>();
  private final List<FileChannel> channels = new ArrayList<>();

  @AfterEach
  void unmountAll() throws IOException {
    for (Path path : mounted.reversed()) {
      Tools.run("umount", path);
    }
    for (FileChannel channel : channels) {
      channel.close();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void mergesAsTheKernelStacks(long seed) throws IOException {
    Tools.require("mount", "umount", "getfattr");
    Tools.requireRoot();
    Random random = new Random(seed);
    Map<String, Character> visible = new TreeMap<>(Map.of("", '5'));
    List<FileTree> layers = new ArrayList<>();
    List<String> lowerDirectories = new ArrayList<>();
    for (int number = 0; number < 4; number++) {
      Path image = directory.resolve("layer" + number);
      layers.add(writeLayer(image, new RandomLayer(random, visible).entries()));
      Path mountPoint = Files.createDirectory(directory.resolve("mounted" + number));
      mount("-t", "squashfs", "-o", "loop,ro", image, mountPoint);
      lowerDirectories.addFirst(mountPoint.toString());
    }
    Path stacked = Files.createDirectory(directory.resolve("stacked"));
    String options = "ro,lowerdir=" + String.join(":", lowerDirectories);
    mount("-t", "overlay", "-o", options, "overlay", stacked);

    Listing ours = Listing.of(LayerStack.merge(layers, Instant.EPOCH));
    Listing theirs = Listing.read(stacked).withoutXattrs(name -> name.startsWith("trusted."));
    assertThat(ours.differences(theirs)).isEmpty();
    assertThat(ours.entries()).hasSizeGreaterThan(3);
  }

  private void mount(Object... arguments) {
    List<Object> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(arguments));
    Tools.run(command.toArray());
    mounted.add((Path) arguments[arguments.length - 1]);
  }

  private FileTree writeLayer(Path file, List<Entry> entries) throws IOException {
    TarBuilder archive = new TarBuilder();
    entries.forEach(archive::add);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    channels.add(channel);
    try (BlockWorkers workers = BlockWorkers.start(OPTIONS)) {
      LayerImage.write(new ByteArrayInputStream(archive.build()), channel, workers);
    }
    return LayerImage.read(Content.ofFile(channel, 0, channel.size())).tree();
  }

  /// A layer over what the layers so far show. Keeps book of what they and this one show, because
  /// overlayfs wants its whiteouts where there is something to hide.
  private static final class RandomLayer {
    private final Random random;
    private final Map<String, Character> visible;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> files = new ArrayList<>();

    RandomLayer(Random random, Map<String, Character> visible) {
      this.random = random;
      this.visible = visible;
    }

    List<Entry> entries() {
      entries.add(Entry.directory("./").mode(0_755));
      fill("", 0, true);
      Collections.shuffle(entries, random);
      addLinks();
      return entries;
    }

    private void fill(String parent, int depth, boolean overDirectory) {
      boolean opaque = overDirectory && !parent.isEmpty() && random.nextInt(4) == 0;
      if (opaque) {
        entries.add(Entry.file(parent + ".wh..wh..opq", ""));
        forget(parent);
      }
      for (String name : NAMES) {
        String path = parent + name;
        boolean hides = overDirectory && !opaque && visible.containsKey(path);
        switch (random.nextInt(depth < 3 ? 6 : 4)) {
          case 0 -> put(Entry.file(path, "layer " + random.nextInt()), path, '0');
          case 1 -> {
            if (hides) {
              entries.add(Entry.file(parent + ".wh." + name, ""));
              remove(path);
            }
          }
          case 2 -> put(other(path), path, '2');
          case 4, 5 -> {
            boolean wasDirectory = hides && visible.get(path) == '5';
            put(Entry.directory(path), path, '5');
            fill(path + "/", depth + 1, wasDirectory);
          }
          default -> {}
        }
      }
    }

    private Entry other(String path) {
      return switch (random.nextInt(3)) {
        case 0 -> Entry.symlink(path, "a/../b");
        case 1 -> new Entry(path, '6');
        default -> new Entry(path, '3').device(1, 3 + random.nextInt(5));
      };
    }

    private void put(Entry entry, String path, char type) {
      entries.add(
          entry
              .mode(entry.typeFlag() == '2' ? 0_777 : random.nextInt(0_10000))
              .owner(random.nextInt(100_000), random.nextInt(5)));
      if (type != '5' || visible.getOrDefault(path, '0') != '5') {
        remove(path);
      }
      visible.put(path, type);
      if (type == '0') {
        files.add(path);
      }
    }

    private void addLinks() {
      for (int count = 0; count < files.size() / 2; count++) {
        String path = "link" + random.nextInt(1000);
        if (!visible.containsKey(path)) {
          entries.add(Entry.hardLink(path, files.get(random.nextInt(files.size()))));
          visible.put(path, '0');
        }
      }
    }

    private void remove(String path) {
      visible.remove(path);
      forget(path + "/");
    }

    private void forget(String prefix) {
      visible.keySet().removeIf(path -> path.startsWith(prefix));
    }
  }
}
