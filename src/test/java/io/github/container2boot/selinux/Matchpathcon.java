package io.github.container2boot.selinux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.testing.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// libselinux's own answers, through matchpathcon(8).
final class Matchpathcon {
  private static final String NONE = "<<none>>";

  private final Path directory;

  /// @param directory holds `file_contexts` and what belongs to it
  Matchpathcon(Path directory) {
    this.directory = directory;
  }

  /// The context of each path, or `<<none>>`, in the same order.
  List<String> contexts(FileType type, List<ByteString> paths) throws IOException {
    if (paths.isEmpty()) {
      return List.of();
    }
    Path list = directory.resolve("paths");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ByteString path : paths) {
      bytes.write(path.toByteArray());
      bytes.write(0);
    }
    Files.write(list, bytes.toByteArray());
    Tools.Result result =
        Tools.execute(
            "xargs",
            "-0",
            "-a",
            list,
            "matchpathcon",
            "-n",
            "-N",
            "-m",
            letter(type),
            "-f",
            directory.resolve("file_contexts"));
    return new String(result.output(), ISO_8859_1).lines().toList();
  }

  private static String letter(FileType type) {
    return switch (type) {
      case REGULAR_FILE -> "file";
      case DIRECTORY -> "dir";
      case SYMBOLIC_LINK -> "lnk_file";
      case CHARACTER_DEVICE -> "chr_file";
      case BLOCK_DEVICE -> "blk_file";
      case SOCKET -> "sock_file";
      case FIFO -> "pipe";
    };
  }

  /// Our answer in the same form.
  static String shown(java.util.Optional<ByteString> label) {
    return label
        .map(value -> new String(value.substring(0, value.size() - 1).toByteArray(), ISO_8859_1))
        .orElse(NONE);
  }
}
