package io.github.container2boot.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchPathTest {
  @TempDir Path directory;

  private Path program;

  @BeforeEach
  void writeAProgram() throws IOException {
    program = Files.createFile(Files.createDirectory(directory.resolve("bin")).resolve("tool"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Files.createDirectories(directory.resolve("first/tool"));
    Files.createFile(directory.resolve("plain"));
  }

  @Test
  void theFirstProgramIsFound() {
    String path = "::relative:%1$s/first:%1$s/none:%1$s/bin:/bin".formatted(directory);
    assertThat(find("tool", path)).contains(program);
  }

  @Test
  void whatCannotBeRunIsNoProgram() {
    assertThat(find("plain", directory.toString())).isEmpty();
    assertThat(find("tool", directory + "/first")).isEmpty();
    assertThat(find("tool", "")).isEmpty();
    assertThat(find("tool", "\0")).isEmpty();
    assertThat(SearchPath.find("tool", Map.of())).isEmpty();
  }

  /// Otherwise whoever wrote the directory that a user is in would choose the program.
  @Test
  void relativeDirectoriesDoNotCount() {
    Path relative = Path.of("").toAbsolutePath().relativize(program.getParent());
    assertThat(relative.resolve("tool")).isExecutable();
    assertThat(find("tool", relative.toString())).isEmpty();
  }

  private static Optional<Path> find(String name, String path) {
    return SearchPath.find(name, Map.of("PATH", path));
  }
}
