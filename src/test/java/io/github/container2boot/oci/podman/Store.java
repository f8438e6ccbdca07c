package io.github.container2boot.oci.podman;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.oci.Digest;
import io.github.container2boot.tar.TarEntry;
import io.github.container2boot.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// A storage of containers/storage, as far as it is read, made from archives.
final class Store {
  private final Path root;
  private final List<String> directories = new ArrayList<>();
  private final List<Digest> diffIds = new ArrayList<>();

  Store(Path root) {
    this.root = root;
  }

  /// Unpacks an archive of regular files whose names are UTF-8.
  Store add(byte[] archive) throws IOException {
    StringBuilder lines = new StringBuilder();
    Path diff = diff(diffIds.size());
    Files.createDirectories(diff);
    int done = 0;
    try (TarReader reader = new TarReader(new ByteArrayInputStream(archive))) {
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        int data = (int) entry.dataOffsetBytes();
        int size = (int) entry.sizeBytes();
        lines.append(segment(Arrays.copyOfRange(archive, done, data)));
        lines.append(file(entry.path().toString(), size));
        if (entry.type() == TarEntry.Type.FILE) {
          Path file = diff.resolve(entry.path().toString());
          Files.createDirectories(file.getParent());
          Files.write(file, Arrays.copyOfRange(archive, data, data + size));
        }
        done = data + size;
      }
    }
    lines.append(segment(Arrays.copyOfRange(archive, done, archive.length)));
    return add(archive, lines.toString());
  }

  /// A layer with the lines of its tar-split given.
  Store add(byte[] archive, String lines) throws IOException {
    int index = diffIds.size();
    Files.createDirectories(diff(index));
    directories.add(diff(index).toString());
    diffIds.add(Digest.of(Digest.Algorithm.SHA256, archive));
    Files.createDirectories(split(index).getParent());
    try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(split(index)))) {
      file.write(lines.getBytes(UTF_8));
    }
    Files.writeString(
        split(index).resolveSibling("layers.json"),
        "[{\"id\":\"%s\",\"diff-digest\":\"%s\",\"diff-size\":%d}]"
            .formatted(id(index), diffIds.getLast(), archive.length));
    return this;
  }

  static String segment(byte[] bytes) {
    return "{\"type\":2,\"payload\":\"%s\",\"position\":0}\n"
        .formatted(Base64.getEncoder().encodeToString(bytes));
  }

  static String file(String name, long sizeBytes) {
    return "{\"type\":1,\"name\":\"%s\",\"size\":%d,\"payload\":\"YUw+7uLYEAA=\",\"position\":1}\n"
        .formatted(name, sizeBytes);
  }

  static String id(int index) {
    return Integer.toString(index).repeat(64);
  }

  Path diff(int index) {
    return root.resolve("overlay").resolve(id(index)).resolve("diff");
  }

  Path split(int index) {
    return root.resolve("overlay-layers").resolve(id(index) + ".tar-split.gz");
  }

  List<Digest> diffIds() {
    return diffIds;
  }

  StoredLayers layers(StoredLayers.DeniedFiles denied) {
    return new StoredLayers(directories, diffIds, denied);
  }
}
