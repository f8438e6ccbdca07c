package io.github.container2boot.source;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Reference;
import io.github.container2boot.oci.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/// Where an image comes from, as the user writes it:
///
/// | | |
/// |---|---|
/// | `oci:DIRECTORY[:TAG]` | an OCI image layout |
/// | `oci-archive:FILE[:TAG]` | the same in a tar archive |
/// | `dir:DIRECTORY` | what skopeo copies to a directory |
/// | `docker-archive:FILE[:REFERENCE]` | what `docker save` and `podman save` write; `@0` is the first image |
/// | `rootfs:DIRECTORY` | a root filesystem, mounted or not |
/// | `docker://REGISTRY/NAME[:TAG][@DIGEST]` | an image in a registry |
/// | `containers-storage:NAME` | an image of the user's podman, by its name or ID |
/// | `docker-daemon:NAME` | an image of docker's, likewise |
/// | `FILE`, `DIRECTORY` | any of these, or a root filesystem tarball, told by content |
/// | `-` | the same, from standard input |
/// | `NAME` | an image, wherever one of that name is: podman, docker, a registry |
///
/// Archives and tarballs may be compressed. A path with a colon is written with `./` or `/` in
/// front of it; where a reference may follow, it ends at its first colon. A directory holds a root
/// filesystem if it has a `usr`, `etc` or `bin`.
public sealed interface Source {
  /// The transports that a source can begin with.
  List<String> TRANSPORTS =
      List.of(
          "containers-storage:",
          "docker-daemon:",
          "docker:",
          "oci:",
          "oci-archive:",
          "docker-archive:",
          "dir:",
          "rootfs:");

  /// An OCI image layout in a directory.
  record LayoutDirectory(Path directory, Optional<String> tag) implements Source {
    @Override
    public String toString() {
      return "oci:" + directory + tag.map(name -> ":" + name).orElse("");
    }
  }

  /// An OCI image layout in an archive.
  record LayoutArchive(Path file, Optional<String> tag) implements Source {
    @Override
    public String toString() {
      return "oci-archive:" + file + tag.map(name -> ":" + name).orElse("");
    }
  }

  /// An archive of docker's.
  record DockerArchiveFile(Path file, Optional<String> reference) implements Source {
    @Override
    public String toString() {
      return "docker-archive:" + file + reference.map(name -> ":" + name).orElse("");
    }
  }

  /// One image in a directory, as skopeo copies it: `dir:`.
  record ImageDirectory(Path directory) implements Source {
    @Override
    public String toString() {
      return "dir:" + directory;
    }
  }

  /// A root filesystem in a directory. Its whole name follows the transport, colons too: there is
  /// nothing else to name.
  record RootFilesystem(Path directory) implements Source {
    @Override
    public String toString() {
      return "rootfs:" + directory;
    }
  }

  /// An image in a registry.
  record InRegistry(Reference reference) implements Source {
    private static final String PREFIX = "docker://";

    /// @param text what follows the name of the transport
    static InRegistry parse(String text) throws SourceException {
      try {
        if (text.startsWith("//")) {
          return new InRegistry(Reference.parse(text.substring(2)));
        }
        throw new SourceException(
            new SourceException.BadName("docker:" + text, "expected docker://REGISTRY/NAME"));
      } catch (FormatException problem) {
        throw new SourceException(
            new SourceException.BadName("docker:" + text, String.valueOf(problem.getMessage())));
      }
    }

    @Override
    public String toString() {
      return PREFIX + reference;
    }
  }

  /// An image of podman's.
  record PodmanImage(String name) implements Source {
    @Override
    public String toString() {
      return "containers-storage:" + name;
    }
  }

  /// An image of docker's.
  record DockerImage(String name) implements Source {
    @Override
    public String toString() {
      return "docker-daemon:" + name;
    }
  }

  /// Whatever is in a file or directory; if nothing is there, an image of that name.
  record FileOrDirectory(Path path) implements Source {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /// Whatever comes through a pipe.
  record StandardInput(InputStream stream) implements Source {
    @Override
    public String toString() {
      return "-";
    }
  }

  /// Reads what the user wrote; `-` will be read from `standardInput`.
  ///
  /// @throws SourceException if it names a transport we do not have
  static Source parse(String text, InputStream standardInput) throws SourceException {
    if (text.equals("-")) {
      return new StandardInput(standardInput);
    }
    Matcher transport = Transport.PREFIX.matcher(text);
    if (!transport.lookingAt()) {
      return new FileOrDirectory(Path.of(text));
    }
    String rest = text.substring(transport.end());
    int colon = rest.indexOf(':');
    Path path = Path.of(colon < 0 ? rest : rest.substring(0, colon));
    Optional<String> reference =
        colon < 0 || colon == rest.length() - 1
            ? Optional.empty()
            : Optional.of(rest.substring(colon + 1));
    return switch (transport.group()) {
      case "oci:" -> new LayoutDirectory(path, reference);
      case "oci-archive:" -> new LayoutArchive(path, reference);
      case "docker-archive:" -> new DockerArchiveFile(path, reference);
      case "dir:" -> new ImageDirectory(Path.of(rest));
      case "containers-storage:" -> new PodmanImage(rest);
      case "docker-daemon:" -> new DockerImage(rest);
      case "docker:" -> InRegistry.parse(rest);
      case "rootfs:" -> new RootFilesystem(Path.of(rest));
      default -> Transport.unknown(text, transport.group());
    };
  }

  /// Opens the image.
  ///
  /// @throws SourceException if there is no such image, or more than one
  /// @throws FormatException if what is there is malformed
  default Image open(Opening opening) throws IOException {
    try {
      return new SourceOpener(opening).open(this);
    } catch (FormatException problem) {
      throw problem.in(toString());
    }
  }
}
