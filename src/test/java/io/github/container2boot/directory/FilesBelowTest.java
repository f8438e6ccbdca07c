package io.github.container2boot.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class FilesBelowTest {
  @TempDir private Path directory;
  private Path root;

  @BeforeEach
  void makeFiles() throws IOException {
    root = Files.createDirectories(directory.resolve("root/usr/lib")).resolve("../..").normalize();
    Files.writeString(root.resolve("usr/lib/first"), "one");
    Files.writeString(root.resolve("usr/second"), "two more");
    Files.writeString(directory.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("link"), Path.of("usr"));
    Files.createSymbolicLink(root.resolve("usr/out"), directory.resolve("secret"));
    Tools.run("mkfifo", root.resolve("usr/fifo"));
  }

  private static List<ByteString> names(String path) {
    return Arrays.stream(path.split("/", -1)).map(ByteString::utf8).toList();
  }

  private static String read(FilesBelow files, String path) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(files.openFile(names(path)))];
    for (int position = 0; position < bytes.length; ) {
      position += files.read(position, bytes, position, Math.min(2, bytes.length - position));
    }
    assertThat(files.read(bytes.length, new byte[1], 0, 1)).isZero();
    return ByteString.of(bytes).toString();
  }

  @Test
  void filesAreReadInAnyOrder() throws IOException {
    try (FilesBelow files = FilesBelow.open(root)) {
      assertThat(read(files, "usr/lib/first")).isEqualTo("one");
      assertThat(read(files, "usr/second")).isEqualTo("two more");
      assertThat(read(files, "usr/lib/first")).isEqualTo("one");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "link/second",
        "link/lib/first",
        "usr/out",
        "usr/fifo",
        "usr/lib",
        "usr/missing",
        "missing/second",
        "usr/second/below"
      })
  void nothingElseIsRead(String path) throws IOException {
    try (FilesBelow files = FilesBelow.open(root)) {
      assertThatExceptionOfType(DirectoryException.class)
          .isThrownBy(() -> files.openFile(names(path)))
          .withMessageStartingWith(root + "/" + path + ": ")
          .satisfies(problem ->
              assertThat(problem.problem()).isInstanceOf(DirectoryException.Changed.class));
      assertThat(read(files, "usr/lib/first")).as("afterwards").isEqualTo("one");
    }
  }

  @Test
  void thereHasToBeADirectory() {
    assertThatExceptionOfType(DirectoryException.class)
        .isThrownBy(() -> FilesBelow.open(directory.resolve("secret")));
    assertThatExceptionOfType(DirectoryException.class)
        .isThrownBy(() -> FilesBelow.open(directory.resolve("missing")));
  }

  @Test
  void nothingStaysOpen() throws IOException {
    FilesBelow files = FilesBelow.open(root);
    read(files, "usr/lib/first");
    assertThat(openBelow()).isEqualTo(4);
    read(files, "usr/second");
    assertThat(openBelow()).isEqualTo(3);
    files.close();
    files.close();
    assertThat(openBelow()).isZero();
  }

  private long openBelow() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(this::leadsBelow).count();
    }
  }

  private boolean leadsBelow(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(root.toRealPath());
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
