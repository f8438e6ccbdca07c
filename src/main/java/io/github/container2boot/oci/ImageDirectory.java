package io.github.container2boot.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One image in a directory, as `skopeo copy` and `podman push` write it to `dir:`
/// (containers-transports(5)).
///
/// | file | what it is |
/// |---|---|
/// | `version` | `Directory Transport Version: 1.1` |
/// | `manifest.json` | the manifest, or the index of `skopeo copy --all` |
/// | `<hex>.manifest.json` | what the index lists |
/// | `<hex>` | a configuration or a layer, by its SHA-256 |
/// | `<algorithm>-<hex>` | the same by another digest |
public final class ImageDirectory {
  private static final String VERSION = "version";
  private static final String VERSION_TEXT = "Directory Transport Version: ";
  private static final String MANIFEST = "manifest.json";

  private ImageDirectory() {}

  /// Whether `directory` looks like one.
  public static boolean isAt(Path directory) {
    return Files.isRegularFile(directory.resolve(MANIFEST))
        && Files.isRegularFile(directory.resolve(VERSION));
  }

  /// The image in `files`, of which there is but one; closing it closes them.
  public static Image open(ImageFiles files, Request request) throws IOException {
    requireVersion(files, request);
    Content manifest = require(files, MANIFEST, request);
    Descriptor root = Descriptor.ofManifest(MANIFEST, Documents.read(MANIFEST, manifest));
    return new ImageResolver(new DirectoryBlobs(files, root.digest(), manifest), request)
        .image(List.of(root), Optional.empty());
  }

  private static void requireVersion(ImageFiles files, Request request) throws IOException {
    Content version = require(files, VERSION, request);
    String text = new String(Documents.read(VERSION, version), UTF_8);
    if (!text.startsWith(VERSION_TEXT + "1.")) {
      throw FormatException.unsupported(
          "%s: expected %s1.1, found %s"
              .formatted(VERSION, VERSION_TEXT, Shown.text(text.strip())));
    }
  }

  private static Content require(ImageFiles files, String path, Request request)
      throws IOException {
    Optional<Content> content = files.find(path);
    if (content.isEmpty()) {
      throw new SourceException(
          new SourceException.NoImage(
              request.source(), "an image that skopeo copied", "no file " + path));
    }
    return content.get();
  }

  /// @param rootDigest of `manifest.json`
  private record DirectoryBlobs(ImageFiles files, Digest rootDigest, Content root)
      implements Blobs {
    @Override
    public Optional<Blob> find(Descriptor descriptor) throws IOException {
      return files.find(name(descriptor.digest())).map(Blob::of);
    }

    @Override
    public Optional<Blob> findManifest(Descriptor descriptor) throws IOException {
      return descriptor.digest().equals(rootDigest)
          ? Optional.of(Blob.of(root))
          : files.find(name(descriptor.digest()) + "." + MANIFEST).map(Blob::of);
    }

    private static String name(Digest digest) {
      return digest.algorithm() == Digest.Algorithm.SHA256
          ? digest.hex()
          : digest.algorithm() + "-" + digest.hex();
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }
}
