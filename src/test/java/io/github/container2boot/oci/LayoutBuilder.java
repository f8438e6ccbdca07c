package io.github.container2boot.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.tar.TarBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// Writes OCI image layouts for tests: ordinary ones in a line an image, broken ones file by file.
///
/// ```java
/// new LayoutBuilder().image("tag", layer, otherLayer).writeTo(directory);
/// ```
///
/// Whatever is given as JSON has single quotes for double ones.
public final class LayoutBuilder {
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<String> entries = new ArrayList<>();

  public LayoutBuilder() {
    file("oci-layout", "{'imageLayoutVersion':'1.0.0'}");
  }

  /// An image of uncompressed tar archives, which are stored compressed with gzip, for linux/amd64.
  public LayoutBuilder image(String name, byte[]... layers) {
    return entry(manifest("linux/amd64", layers), named(name));
  }

  /// An image for several platforms.
  public LayoutBuilder index(String name, String... platforms) {
    List<String> manifests = new ArrayList<>();
    for (String platform : platforms) {
      byte[] layer = new TarBuilder().file("platform", platform).build();
      manifests.add(with(manifest(platform, layer), platformKey(platform)));
    }
    return entry(indexOf(manifests), named(name));
  }

  /// Lists `descriptor` in index.json, with more keys.
  public LayoutBuilder entry(String descriptor, String keys) {
    entries.add(with(descriptor, keys));
    return this;
  }

  /// The descriptor of an index, which is stored.
  public String indexOf(List<String> descriptors) {
    return descriptor(INDEX, utf8(indexDocument(descriptors)));
  }

  /// The descriptor of a manifest, which is stored with all it needs.
  public String manifest(String platform, byte[]... layers) {
    String diffIds =
        Stream.of(layers).map(layer -> "'" + digest(layer) + "'").collect(Collectors.joining(","));
    String[] parts = platform.split("/");
    String config =
        "{'created':'2026-01-02T03:04:05Z','os':'%s','architecture':'%s',%s'config':{'Env':['A=b'],'Labels':{'k':'v'}},'rootfs':{'type':'layers','diff_ids':[%s]}}"
            .formatted(
                parts[0],
                parts[1],
                parts.length > 2 ? "'variant':'" + parts[2] + "'," : "",
                diffIds);
    List<String> descriptors =
        Stream.of(layers).map(layer -> descriptor(LAYER, gzip(layer))).toList();
    return manifest(descriptor(CONFIG, utf8(config)), descriptors);
  }

  /// The descriptor of a manifest of these parts, which is stored.
  public String manifest(String config, List<String> layers) {
    return descriptor(MANIFEST, utf8(manifestDocument(config, layers)));
  }

  public static String manifestDocument(String config, List<String> layers) {
    return "{'schemaVersion':2,'mediaType':'%s','config':%s,'layers':[%s]}"
        .formatted(MANIFEST, config, String.join(",", layers));
  }

  public static String indexDocument(List<String> descriptors) {
    return "{'schemaVersion':2,'manifests':[%s]}".formatted(String.join(",", descriptors));
  }

  /// The descriptor of a blob, which is stored.
  public String descriptor(String mediaType, byte[] blob) {
    files.put(blobPath(blob), blob);
    return "{'mediaType':'%s','digest':'%s','size':%d}"
        .formatted(mediaType, digest(blob), blob.length);
  }

  /// The JSON object with more keys.
  public static String with(String object, String keys) {
    return keys.isEmpty() ? object : object.substring(0, object.length() - 1) + "," + keys + "}";
  }

  public static String named(String name) {
    return name.isEmpty()
        ? ""
        : "'annotations':{'org.opencontainers.image.ref.name':'" + name + "'}";
  }

  public static String platformKey(String platform) {
    String[] parts = platform.split("/");
    String variant = parts.length > 2 ? ",'variant':'" + parts[2] + "'" : "";
    return "'platform':{'os':'%s','architecture':'%s'%s}".formatted(parts[0], parts[1], variant);
  }

  /// Any file.
  public LayoutBuilder file(String path, String json) {
    files.put(path, utf8(json));
    return this;
  }

  /// Any file at all.
  public LayoutBuilder file(String path, byte[] bytes) {
    files.put(path, bytes);
    return this;
  }

  public LayoutBuilder remove(String path) {
    files.remove(path);
    return this;
  }

  public static String blobPath(byte[] blob) {
    return "blobs/sha256/" + Digest.of(Digest.Algorithm.SHA256, blob).hex();
  }

  public static String digest(byte[] blob) {
    return Digest.of(Digest.Algorithm.SHA256, blob).toString();
  }

  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
      stream.write(bytes);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return compressed.toByteArray();
  }

  /// The bytes of a JSON text with single quotes.
  public static byte[] utf8(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }

  /// All files, `index.json` too unless it was given.
  public Map<String, byte[]> files() {
    Map<String, byte[]> all = new LinkedHashMap<>(files);
    all.putIfAbsent("index.json", utf8(indexDocument(entries)));
    return all;
  }

  public Path writeTo(Path directory) throws IOException {
    for (Map.Entry<String, byte[]> file : files().entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return directory;
  }

  /// The layout in a tar archive.
  public byte[] archive() {
    return new TarBuilder().raw(unfinishedArchive()).build();
  }

  /// The same, without the end of the archive.
  public byte[] unfinishedArchive() {
    TarBuilder archive = new TarBuilder();
    files().forEach(archive::file);
    return archive.unfinished();
  }
}
