package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The kernel's arguments that the configuration on an EFI system partition has, whatever its owner
/// has changed there since [EspTree] wrote it.
public final class BootArguments {
  private static final String GRUB = "/EFI/BOOT/grub.cfg";
  private static final String ENTRY = "/loader/entries/container2boot.conf";
  private static final int MOST_BYTES = 1 << 20;

  private BootArguments() {}

  /// Empty if there is no configuration, or none that says it in a way that this understands.
  public static Optional<CommandLine> in(FileTree esp) throws IOException, BootException {
    Optional<String> grub = followed(esp, text(esp, GRUB));
    if (grub.isPresent()) {
      return ofGrub(grub.get());
    }
    Optional<String> entry = text(esp, ENTRY);
    return entry.isPresent() ? ofEntry(entry.get()) : Optional.empty();
  }

  /// What a configuration leads to, or itself if it leads nowhere.
  private static Optional<String> followed(FileTree esp, Optional<String> text) throws IOException {
    Optional<GrubHandOver> handOver = text.flatMap(GrubHandOver::in);
    return handOver.isPresent() ? text(esp, handOver.get().path()) : text;
  }

  private static Optional<String> text(FileTree esp, String path) throws IOException {
    if (esp.find(path).orElse(null) instanceof RegularFile file
        && file.content().sizeBytes() <= MOST_BYTES) {
      return Optional.of(new String(file.content().toByteArray(), UTF_8));
    }
    return Optional.empty();
  }

  /// The first `linux` command, be it a condition or not.
  static Optional<CommandLine> ofGrub(String text) throws BootException {
    for (String line : text.lines().toList()) {
      List<String> words = words(line);
      int command = words.indexOf("linux");
      if (command == 0 || (command == 1 && words.getFirst().equals("if"))) {
        CommandLine arguments = new CommandLine(List.of());
        for (String word : words.subList(Math.min(command + 2, words.size()), words.size())) {
          arguments = arguments.with(word);
        }
        return Optional.of(arguments);
      }
    }
    return Optional.empty();
  }

  /// Words of GRUB's shell up to the end of a command: quotes and backslashes, no variables.
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int index = 0; index < line.length(); index++) {
      char character = line.charAt(index);
      if (quote != 0 && character == quote) {
        quote = 0;
      } else if (character == '\\' && quote != '\'' && index + 1 < line.length()) {
        word.append(line.charAt(++index));
        inWord = true;
      } else if (quote != 0) {
        word.append(character);
      } else if (character == '\'' || character == '"') {
        quote = character;
        inWord = true;
      } else if (character == ';' || (character == '#' && !inWord)) {
        break;
      } else if (Character.isWhitespace(character)) {
        if (inWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
      } else {
        word.append(character);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static Optional<CommandLine> ofEntry(String text) throws BootException {
    CommandLine arguments = new CommandLine(List.of());
    for (String line : text.lines().toList()) {
      String stripped = line.strip();
      if (stripped.startsWith("options ") || stripped.startsWith("options\t")) {
        arguments = arguments.append(stripped.substring("options".length()));
      }
    }
    return arguments.arguments().isEmpty() ? Optional.empty() : Optional.of(arguments);
  }
}
