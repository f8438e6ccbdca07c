package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.directory.FilesBelow;
import io.github.container2boot.oci.Closing;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.JsonObject;
import io.github.container2boot.oci.engine.KeptLayers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The layers of one image in a storage of containers/storage, driver `overlay`:
///
/// | below the storage's root | |
/// |---|---|
/// | `overlay/<id>/diff` | the files of a layer |
/// | `overlay-layers/<id>.tar-split.gz` | the rest of its archive |
/// | `overlay-layers/layers.json` | among other things, how large the archive is |
final class StoredLayers implements KeptLayers {
  private static final Pattern DIRECTORY =
      Pattern.compile("(/.*)/overlay/([0-9a-f]{64})/diff", Pattern.DOTALL);
  private static final int MAX_LIST_BYTES = 4 << 20;

  private final List<String> directories;
  private final List<Digest> diffIds;
  private final DeniedFiles denied;
  private Optional<Map<String, Long>> sizes = Optional.empty();

  /// @param directories of the layers, as podman names them, the lowest first
  /// @param diffIds of the layers, likewise
  StoredLayers(List<String> directories, List<Digest> diffIds, DeniedFiles denied) {
    this.directories = directories;
    this.diffIds = diffIds;
    this.denied = denied;
  }

  /// Opens the files of a layer in the user namespace that owns them.
  @FunctionalInterface
  interface DeniedFiles {
    LayerFiles open(Path directory) throws IOException;
  }

  @Override
  public OptionalLong sizeBytes(int index) {
    Optional<Matcher> place = place(index);
    if (place.isEmpty()) {
      return OptionalLong.empty();
    }
    String id = place.get().group(2);
    Long size = sizes(place.get().group(1)).get(id + " " + diffIds.get(index));
    return size == null ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /// Which directories belong to which layers is plain only if there is one for each.
  private Optional<Matcher> place(int index) {
    if (!FilesBelow.isPossible() || directories.size() != diffIds.size()) {
      return Optional.empty();
    }
    Matcher matcher = DIRECTORY.matcher(directories.get(index));
    return matcher.matches() ? Optional.of(matcher) : Optional.empty();
  }

  private Map<String, Long> sizes(String root) {
    if (sizes.isEmpty()) {
      sizes = Optional.of(readSizes(root));
    }
    return sizes.get();
  }

  /// What cannot be read is only missed.
  private static Map<String, Long> readSizes(String root) {
    Map<String, Long> sizes = new HashMap<>();
    try {
      Path list = Path.of(root, "overlay-layers", "layers.json");
      if (Files.size(list) > MAX_LIST_BYTES) {
        return sizes;
      }
      for (JsonObject layer : JsonObject.parseArray("layers.json", Files.readAllBytes(list))) {
        Optional<Long> size = layer.number("diff-size");
        if (size.isPresent()) {
          sizes.put(
              layer.text("id").orElse("") + " " + layer.text("diff-digest").orElse(""), size.get());
        }
      }
      return sizes;
    } catch (IOException | InvalidPathException unknown) {
      return Map.of();
    }
  }

  @Override
  public Optional<InputStream> open(int index) throws IOException {
    Optional<Matcher> place = place(index);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    String root = place.get().group(1);
    String name = place.get().group(2) + ".tar-split.gz";
    try {
      Path split = Path.of(root, "overlay-layers", name);
      Path directory = Path.of(directories.get(index));
      return isComplete(split, directory) ? Optional.of(open(split, directory)) : Optional.empty();
    } catch (InvalidPathException unreachable) {
      return Optional.empty();
    }
  }

  /// A layer that was pulled in part, or is kept by content, has not all of this.
  private static boolean isComplete(Path split, Path directory) {
    try (TarSplitReader entries = TarSplitReader.open(Files.newInputStream(split));
        LayerFiles files = files(directory)) {
      return firstFileIsThere(entries, files);
    } catch (IOException otherwise) {
      return false;
    }
  }

  private static boolean firstFileIsThere(TarSplitReader entries, LayerFiles files)
      throws IOException {
    for (TarSplitEntry entry = entries.next(); entry != null; entry = entries.next()) {
      if (entry instanceof TarSplitEntry.FileData(ByteString path, long sizeBytes)
          && sizeBytes > 0) {
        return isThere(path, sizeBytes, files);
      }
    }
    return true;
  }

  private static boolean isThere(ByteString path, long sizeBytes, LayerFiles files)
      throws IOException {
    try (InputStream _ = files.open(path, sizeBytes)) {
      return true;
    } catch (LayerFiles.Denied readByItsOwner) {
      return true;
    }
  }

  private TarSplitInputStream open(Path split, Path directory) throws IOException {
    InputStream compressed = Files.newInputStream(split);
    TarSplitReader entries = Closing.onFailure(compressed, () -> TarSplitReader.open(compressed));
    return Closing.onFailure(
        entries,
        () -> new TarSplitInputStream(entries, files(directory), () -> denied.open(directory)));
  }

  private static LayerFiles files(Path directory) throws IOException {
    return UnpackedFiles.open(directory);
  }
}
