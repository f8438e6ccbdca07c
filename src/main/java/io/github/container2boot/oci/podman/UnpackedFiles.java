package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.directory.DirectoryException;
import io.github.container2boot.directory.FilesBelow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// Reads a layer's files with this user's own rights, and follows no symbolic link on the way.
final class UnpackedFiles implements LayerFiles {
  private final FilesBelow files;

  private UnpackedFiles(FilesBelow files) {
    this.files = files;
  }

  static UnpackedFiles open(Path directory) throws IOException {
    return new UnpackedFiles(FilesBelow.open(directory));
  }

  @Override
  public InputStream open(ByteString path, long sizeBytes) throws IOException {
    try {
      long found = files.openFile(LayerFiles.names(path));
      if (found != sizeBytes) {
        throw LayerFiles.changed(path, sizeBytes, Long.toString(found));
      }
      return new FileData(path, sizeBytes, files::read);
    } catch (DirectoryException problem) {
      throw translated(problem, path, sizeBytes);
    }
  }

  private static IOException translated(
      DirectoryException problem, ByteString path, long sizeBytes) {
    return switch (problem.problem()) {
      case DirectoryException.NotPermitted _ -> new Denied(path);
      case DirectoryException.Failed failed ->
          LayerFiles.changed(path, sizeBytes, "none (%s)".formatted(failed.reason()));
      case DirectoryException.Changed _,
          DirectoryException.TooDeep _,
          DirectoryException.UnknownType _,
          DirectoryException.NotHere _ ->
          LayerFiles.changed(path, sizeBytes, "none");
    };
  }

  @Override
  public void close() {
    files.close();
  }
}
