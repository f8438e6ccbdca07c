package io.github.container2boot.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a machine would do with a stick, by the stick's own configuration: which of some known
/// systems it boots. Reads the configuration as GRUB and dracut do, line by line.
record BootAccount(Path stick, List<TestSystem> known) {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  /// Requires that the firmware finds a loader, that one its GRUB, and that every configuration
  /// boots a whole system.
  ///
  /// @return the versions that are booted
  Set<String> versions() throws IOException {
    requireLoader("EFI/BOOT/BOOTX64.EFI");
    requireLoader("EFI/BOOT/grubx64.efi");
    Set<String> versions = new TreeSet<>();
    for (Path configuration : configurations()) {
      versions.add(version(configuration));
    }
    assertThat(versions).as("systems that are booted").isNotEmpty();
    return versions;
  }

  private void requireLoader(String path) throws IOException {
    byte[] found = Files.readAllBytes(stick.resolve(path));
    assertThat(known.stream().map(system -> system.files().get(path)))
        .as(path)
        .anyMatch(loader -> Arrays.equals(loader, found));
  }

  private List<Path> configurations() throws IOException {
    try (Stream<Path> paths = Files.walk(stick.resolve("EFI"))) {
      return paths.filter(path -> path.endsWith("grub.cfg")).toList();
    }
  }

  private String version(Path configuration) throws IOException {
    List<String> lines = Files.readString(configuration, UTF_8).lines().map(String::strip).toList();
    Optional<String> handOver =
        lines.stream().filter(line -> line.startsWith("set container2boot=")).findFirst();
    if (handOver.isPresent()) {
      assertThat(lines).contains("source \"$container2boot\"");
      return version(stick.resolve(handOver.get().split("'", -1)[1].substring(1)));
    }
    List<String> kernelLine = words(line(lines, "if linux "));
    List<String> initrdLine = words(line(lines, "if initrd "));
    String rootDirectory =
        kernelLine.stream()
            .filter(word -> word.startsWith("rd.live.dir="))
            .map(word -> word.substring(12))
            .findFirst()
            .orElseThrow();
    assertThat(lines).anyMatch(line -> line.equals("if [ ! -f " + kernelLine.get(2) + " ]; then"));
    List<Path> files =
        List.of(
            stick.resolve(kernelLine.get(2).substring(1)),
            stick.resolve(initrdLine.get(2).replace(";", "").substring(1)),
            stick.resolve(rootDirectory.substring(1)).resolve("squashfs.img"));
    Optional<TestSystem> booted = known.stream().filter(system -> isOf(system, files)).findFirst();
    assertThat(booted).as("%s: the system of %s", configuration, files).isPresent();
    return booted.orElseThrow().version();
  }

  private static String line(List<String> lines, String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).findFirst().orElseThrow();
  }

  private static List<String> words(String line) {
    return WORD.matcher(line)
        .results()
        .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
        .toList();
  }

  private static boolean isOf(TestSystem system, List<Path> files) {
    return files.stream()
        .allMatch(file -> {
          byte[] expected = system.files().get("container2boot/" + file.getFileName());
          try {
            return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), expected);
          } catch (IOException unreadable) {
            return false;
          }
        });
  }
}
