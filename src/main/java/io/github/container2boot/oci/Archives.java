package io.github.container2boot.oci;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.StreamFormat;
import io.github.container2boot.tar.TarEntry;
import io.github.container2boot.tar.TarReader;
import io.github.container2boot.tree.TreePath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.regex.Pattern;

/// Opens archives, compressed or not, from files and from streams.
///
/// Image archives are told from root filesystems by their first entry: there is nothing in an image
/// archive but what [#IMAGE_NAME] matches, and no root filesystem has that at its top. So a stream
/// need not be stored to find out.
public final class Archives {
  /// What the archive should be.
  public enum Kind {
    ANY("an OCI image layout, an image archive or a root filesystem tarball"),
    OCI("an OCI archive"),
    DOCKER("a docker archive");

    private final String description;

    Kind(String description) {
      this.description = description;
    }
  }

  private static final Pattern IMAGE_NAME =
      Pattern.compile(
          "oci-layout|index\\.json|manifest\\.json|repositories|blobs"
              + "|(?:sha256:)?[0-9a-f]{64}(?:\\.json|\\.tar|\\.tar\\.gz)?");

  private final Kind kind;
  private final Request request;

  public Archives(Kind kind, Request request) {
    this.kind = kind;
    this.request = request;
  }

  /// The image in `archive`, which lies in `file`; closing the image closes it.
  public Image open(Content archive, Closeable file) throws IOException {
    byte[] head = BlobLayer.head(archive);
    Optional<StreamFormat> format = BlobLayer.format(head);
    if (format.isEmpty()) {
      requireArchive(head);
    }
    if (!isImageArchive(archive, format)) {
      requireAny();
      return rootTarball(
          new BlobLayer(
              RootTarball.LAYER_NAME, Optional.empty(), Optional.empty(), Blob.of(archive)),
          file);
    }
    if (format.isEmpty()) {
      return openImage(archive, file);
    }
    try (file;
        InputStream uncompressed = format.get().open(archive.asInputStream())) {
      return openSpooled(uncompressed);
    }
  }

  /// The image in `stream`, which is stored only if it must be.
  public Image open(InputStream stream) throws IOException {
    CountedInputStream stored = new CountedInputStream(stream);
    byte[] head = stored.readNBytes(TarReader.headerBytes());
    Optional<StreamFormat> format = BlobLayer.format(head);
    if (format.isEmpty()) {
      requireArchive(head);
    }
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), stored);
    InputStream uncompressed = format.isEmpty() ? whole : format.get().open(whole);
    RecordingInputStream recording = new RecordingInputStream(uncompressed);
    boolean image = isImageArchive(recording);
    InputStream again =
        new SequenceInputStream(
            new ByteArrayInputStream(recording.recorded.toByteArray()), uncompressed);
    if (image) {
      try (again) {
        return openSpooled(again);
      }
    }
    requireAny();
    return rootTarball(new StreamLayer(again, stored), stored);
  }

  private Image rootTarball(Layer layer, Closeable file) {
    return RootTarball.image(request.source(), layer, file);
  }

  private void requireArchive(byte[] head) throws SourceException {
    if (!TarReader.isArchive(head)) {
      ByteString start = ByteString.of(head, 0, Math.min(8, head.length));
      throw noImage(head.length == 0 ? "an empty file" : "a file that begins with " + start);
    }
  }

  private void requireAny() throws SourceException {
    if (kind != Kind.ANY) {
      throw noImage("a tar archive of something else");
    }
  }

  private SourceException noImage(String found) {
    return new SourceException(
        new SourceException.NoImage(request.source(), kind.description, found));
  }

  private static boolean isImageArchive(Content archive, Optional<StreamFormat> format)
      throws IOException {
    InputStream stored = archive.asInputStream();
    try (InputStream uncompressed = format.isEmpty() ? stored : format.get().open(stored)) {
      return isImageArchive(uncompressed);
    }
  }

  /// Looks at the first entry that is not the root directory. Does not close the stream.
  @SuppressWarnings("resource")
  private static boolean isImageArchive(InputStream uncompressed) throws IOException {
    TarReader reader = new TarReader(uncompressed);
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      TreePath path = TreePath.parse(entry.path());
      if (!path.isRoot()) {
        return IMAGE_NAME.matcher(path.names().getFirst().toString()).matches();
      }
    }
    return false;
  }

  private Image openSpooled(InputStream uncompressed) throws IOException {
    FileChannel spooled = ScratchFile.copy(uncompressed, request.scratchDirectory());
    return Closing.onFailure(
        spooled, () -> openImage(Content.ofFile(spooled, 0, spooled.size()), spooled));
  }

  private Image openImage(Content archive, Closeable file) throws IOException {
    ImageFiles files = ArchiveFiles.index(archive, file);
    boolean layout = Layout.isIn(files);
    boolean docker = files.find(DockerArchive.MANIFEST).isPresent();
    return switch (kind) {
      case OCI -> Layout.open(files, request);
      case DOCKER -> openDocker(files, docker);
      case ANY -> layout ? Layout.open(files, request) : openDocker(files, docker);
    };
  }

  private Image openDocker(ImageFiles files, boolean docker) throws IOException {
    if (!docker && files.find(DockerArchive.REPOSITORIES).isPresent()) {
      throw FormatException.unsupported(
          "docker archive from before docker 1.10: expected manifest.json; save the image again");
    }
    if (!docker) {
      throw noImage("an archive without manifest.json");
    }
    return DockerArchive.open(files, request.withTransport(DockerArchive.TRANSPORT));
  }

  /// Keeps what is read from a stream.
  private static final class RecordingInputStream extends BulkInputStream {
    private final InputStream source;
    private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();

    RecordingInputStream(InputStream source) {
      this.source = source;
    }

    @Override
    protected int readSome(byte[] target, int offset, int count) throws IOException {
      int read = source.read(target, offset, count);
      if (read > 0) {
        recorded.write(target, offset, read);
      }
      return read;
    }
  }
}
