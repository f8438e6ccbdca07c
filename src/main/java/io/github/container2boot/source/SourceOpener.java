package io.github.container2boot.source;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.oci.Archives;
import io.github.container2boot.oci.Closing;
import io.github.container2boot.oci.DirectoryFiles;
import io.github.container2boot.oci.DockerArchive;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.ImageDirectory;
import io.github.container2boot.oci.Layout;
import io.github.container2boot.oci.Reference;
import io.github.container2boot.oci.Request;
import io.github.container2boot.oci.RootDirectory;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.docker.DockerImages;
import io.github.container2boot.oci.podman.PodmanImages;
import io.github.container2boot.oci.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Opens sources: finds out what is there and hands it to who knows it.
record SourceOpener(Opening opening) {
  Image open(Source source) throws IOException {
    return switch (source) {
      case Source.LayoutDirectory(Path directory, Optional<String> tag) ->
          openLayout(directory, request(source, "oci", directory, tag));
      case Source.LayoutArchive(Path file, Optional<String> tag) ->
          openFile(file, Archives.Kind.OCI, request(source, "oci-archive", file, tag));
      case Source.DockerArchiveFile(Path file, Optional<String> reference) ->
          openFile(
              file,
              Archives.Kind.DOCKER,
              request(source, DockerArchive.TRANSPORT, file, reference));
      case Source.ImageDirectory(Path directory) ->
          openDirectory(
              directory,
              "an image that skopeo copied",
              files ->
                  ImageDirectory.open(
                      files, request(source, "dir", Optional.empty(), Optional.empty())));
      case Source.RootFilesystem(Path directory) -> openRoot(source, directory);
      case Source.InRegistry(Reference reference) ->
          Registry.open(
              reference,
              opening.registryAccess(),
              request(source, "docker", Optional.empty(), Optional.empty()));
      case Source.PodmanImage(String name) ->
          new PodmanImages(opening.settings().environment())
              .open(name, request(source, PodmanImages.TRANSPORT));
      case Source.DockerImage(String name) ->
          new DockerImages(opening.settings().environment())
              .open(name, request(source, DockerImages.TRANSPORT));
      case Source.FileOrDirectory(Path path)
          when Files.notExists(path) && BareName.isPossible(path.toString()) ->
          new BareName(path.toString(), request(source, PodmanImages.TRANSPORT), opening).open();
      case Source.FileOrDirectory(Path path) -> openByContent(source, path);
      case Source.StandardInput(InputStream stream) ->
          new Archives(Archives.Kind.ANY, request(source, "-", Optional.empty(), Optional.empty()))
              .open(stream);
    };
  }

  private Request request(Source source, String transport) {
    return request(source, transport, Optional.empty(), Optional.empty());
  }

  private Request request(Source source, String transport, Path path, Optional<String> reference) {
    return request(source, transport, Optional.of(path), reference);
  }

  private Request request(
      Source source, String transport, Optional<Path> path, Optional<String> reference) {
    return new Request(
        source.toString(),
        transport,
        path,
        reference,
        opening.platform(),
        opening.scratchDirectory());
  }

  private Image openByContent(Source source, Path path) throws IOException {
    if (Files.isDirectory(path) && isRoot(path)) {
      return RootDirectory.open(path, source.toString());
    }
    if (ImageDirectory.isAt(path)) {
      return open(new Source.ImageDirectory(path));
    }
    if (Layout.isAt(path)) {
      return openLayout(path, request(source, "oci", path, Optional.empty()));
    }
    if (Files.isDirectory(path)) {
      throw new SourceException(
          new SourceException.NoImage(
              path.toString(),
              "a root file system, an OCI image layout or an image that skopeo copied",
              "a directory without usr, etc, bin, oci-layout and manifest.json"));
    }
    return openFile(
        path, Archives.Kind.ANY, request(source, "oci-archive", path, Optional.empty()));
  }

  private static Image openLayout(Path directory, Request request) throws IOException {
    return openDirectory(directory, "an OCI image layout", files -> Layout.open(files, request));
  }

  /// An OCI image layout has nothing that a root has.
  private static boolean isRoot(Path directory) {
    return RootDirectory.isIn(directory) && !Layout.isAt(directory);
  }

  private static Image openRoot(Source source, Path directory) throws IOException {
    requireThere(directory);
    if (!Files.isDirectory(directory)) {
      throw new SourceException(
          new SourceException.NoImage(
              directory.toString(), "a directory with a root file system", "a file"));
    }
    return RootDirectory.open(directory, source.toString());
  }

  @FunctionalInterface
  private interface ImageInFiles {
    Image open(DirectoryFiles files) throws IOException;
  }

  private static Image openDirectory(Path directory, String what, ImageInFiles image)
      throws IOException {
    requireThere(directory);
    if (!Files.isDirectory(directory)) {
      throw new SourceException(
          new SourceException.NoImage(directory.toString(), "a directory with " + what, "a file"));
    }
    DirectoryFiles files = new DirectoryFiles(directory);
    return Closing.onFailure(files, () -> image.open(files));
  }

  private static Image openFile(Path path, Archives.Kind kind, Request request) throws IOException {
    requireThere(path);
    Archives archives = new Archives(kind, request);
    if (Files.isDirectory(path)) {
      throw new SourceException(
          new SourceException.NoImage(path.toString(), "an archive", "a directory"));
    }
    if (!Files.isRegularFile(path)) {
      InputStream stream = Files.newInputStream(path);
      return Closing.onFailure(stream, () -> archives.open(stream));
    }
    FileChannel file = FileChannel.open(path);
    return Closing.onFailure(file, () -> archives.open(Content.ofFile(file, 0, file.size()), file));
  }

  private static void requireThere(Path path) throws SourceException {
    if (Files.notExists(path)) {
      throw new SourceException(new SourceException.NotFound(path.toString()));
    }
  }
}
