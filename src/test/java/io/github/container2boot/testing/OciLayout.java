package io.github.container2boot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// Stacks tar archives as the uncompressed layers of an OCI image layout, without any engine.
public final class OciLayout {
  private final Path blobs;

  private OciLayout(Path blobs) {
    this.blobs = blobs;
  }

  private record Blob(String digest, long sizeBytes) {
    String descriptor(String mediaType) {
      return """
      {"mediaType":"application/vnd.oci.image.%s","digest":"%s","size":%d}\
      """
          .formatted(mediaType, digest, sizeBytes);
    }
  }

  /// Writes the layout into the directory `layout`; the archives, lowest layer first, become part
  /// of it by hard link where that is possible, so they must not change any more.
  public static void write(Path layout, List<Path> archives) throws IOException {
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(layout.resolve("index.json"), new OciLayout(blobs).index(archives));
  }

  private String index(List<Path> archives) throws IOException {
    List<Blob> layers = new ArrayList<>();
    for (Path archive : archives) {
      layers.add(layer(archive));
    }
    Blob config = json(config(layers));
    Blob manifest = json(manifest(config, layers));
    return "{\"schemaVersion\":2,\"manifests\":[%s]}"
        .formatted(manifest.descriptor("manifest.v1+json"));
  }

  private static String config(List<Blob> layers) {
    return """
    {"created":"2026-01-02T03:04:05Z","architecture":"amd64","os":"linux",
     "config":{"Cmd":["/sbin/init"]},
     "rootfs":{"type":"layers","diff_ids":[%s]}}\
    """
        .formatted(
            layers.stream()
                .map(layer -> '"' + layer.digest() + '"')
                .collect(Collectors.joining(",")));
  }

  private static String manifest(Blob config, List<Blob> layers) {
    return """
    {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
     "config":%s,"layers":[%s]}\
    """
        .formatted(
            config.descriptor("config.v1+json"),
            layers.stream()
                .map(layer -> layer.descriptor("layer.v1.tar"))
                .collect(Collectors.joining(",")));
  }

  private Blob layer(Path archive) throws IOException {
    MessageDigest sha256 = sha256();
    try (InputStream bytes = new DigestInputStream(Files.newInputStream(archive), sha256)) {
      bytes.transferTo(OutputStream.nullOutputStream());
    }
    String digest = HexFormat.of().formatHex(sha256.digest());
    linkOrCopy(archive, blobs.resolve(digest));
    return new Blob("sha256:" + digest, Files.size(archive));
  }

  private static void linkOrCopy(Path archive, Path blob) throws IOException {
    try {
      Files.createLink(blob, archive);
    } catch (FileSystemException | UnsupportedOperationException anotherFileSystem) {
      Files.copy(archive, blob);
    }
  }

  private Blob json(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String digest = HexFormat.of().formatHex(sha256().digest(bytes));
    Files.write(blobs.resolve(digest), bytes);
    return new Blob("sha256:" + digest, bytes.length);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
