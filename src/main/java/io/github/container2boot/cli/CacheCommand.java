package io.github.container2boot.cli;

import io.github.container2boot.layer.CacheDirectory;
import io.github.container2boot.layer.CacheEntry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// `container2boot cache`: what is kept of images, and how to make it less.
final class CacheCommand {
  private static final String ROW = "%-25s  %-11s  %5s  %9s  %s";
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  private final Console console;
  private final CacheLocation location = new CacheLocation();
  private final Option<OptionalLong> limitBytes =
      Option.of(new Converters.Bytes(), OptionalLong.empty(), "--limit")
          .label("SIZE")
          .describe(
              "How large all of them may be, with K, M, G or T. [a fifth of the disk, 20 GB at most]");

  CacheCommand(Console console) {
    this.console = console;
  }

  CommandSpec specification() {
    CommandSpec command =
        Commands.ofSubcommands("Show and clean up the layer images that builds have kept.");
    command.usageMessage().synopsisSubcommandLabel("COMMAND").commandListHeading("%nCommands:%n");
    return Commands.withHelpOptions(command)
        .addSubcommand("ls", action(this::list, "List them, those used longest ago first."))
        .addSubcommand(
            "prune",
            action(
                    this::prune,
                    "Remove those used longest ago, down to a size. What is in use stays.")
                .addOption(limitBytes.specification()))
        .addSubcommand("clear", action(this::clear, "Remove all of them. What is in use stays."))
        .addSubcommand("verify", action(this::verify, "Check that all are as they were made."));
  }

  private CommandSpec action(Callable<Integer> action, String description) {
    CommandSpec command = Commands.of(action, description);
    command.addOption(location.option().specification());
    return Commands.withHelpOptions(command);
  }

  private int list() throws IOException, WrongUsage {
    CacheDirectory cache = directory();
    List<CacheEntry> entries = cache.entries();
    if (!entries.isEmpty()) {
      say(ROW.formatted("IMAGE", "COMPRESSION", "BLOCK", "SIZE", "LAST USED"));
    }
    entries.forEach(entry -> say(row(entry)));
    say("%s in %s".formatted(amount(entries), cache.path()));
    return 0;
  }

  private int prune() throws IOException, WrongUsage {
    return remove(limitBytes.value().orElseGet(directory()::defaultLimitBytes));
  }

  private int clear() throws IOException, WrongUsage {
    return remove(0);
  }

  private int remove(long downToBytes) throws IOException, WrongUsage {
    CacheDirectory cache = directory();
    cache.sweep();
    List<CacheEntry> removed = cache.prune(downToBytes);
    say(
        "removed %s; %s left in %s"
            .formatted(amount(removed), amount(cache.entries()), cache.path()));
    return 0;
  }

  private int verify() throws IOException, WrongUsage {
    CacheDirectory cache = directory();
    List<CacheEntry> entries = cache.entries();
    long damaged = entries.stream().filter(entry -> isDamaged(cache, entry)).count();
    if (damaged == 0) {
      say("%s in %s, none of them damaged".formatted(amount(entries), cache.path()));
      return 0;
    }
    console
        .err()
        .println(
            "%s: %d of %d images are damaged; the next build that needs one makes it anew"
                .formatted(Main.NAME, damaged, entries.size()));
    return Main.FAILED;
  }

  private boolean isDamaged(CacheDirectory cache, CacheEntry entry) {
    try {
      cache.verify(entry);
      return false;
    } catch (NoSuchFileException removedMeanwhile) {
      return false;
    } catch (IOException problem) {
      say("%s: %s".formatted(entry.file(), problem.getMessage()));
      return true;
    }
  }

  private CacheDirectory directory() throws WrongUsage {
    return new CacheDirectory(
        location
            .in(console.environment())
            .orElseThrow(() -> new WrongUsage("no home directory; say with --cache-dir where")));
  }

  private static String row(CacheEntry entry) {
    return ROW.formatted(
        entry.key().name(),
        entry.key().compression(),
        (entry.key().blockSizeBytes() >> 10) + "K",
        ByteSize.shown(entry.sizeBytes()),
        MINUTE.format(entry.lastUsed().atZone(ZoneId.systemDefault())));
  }

  private static String amount(List<CacheEntry> entries) {
    long bytes = entries.stream().mapToLong(CacheEntry::sizeBytes).sum();
    return entries.size() == 1
        ? "1 image (%s)".formatted(ByteSize.shown(bytes))
        : "%d images (%s)".formatted(entries.size(), ByteSize.shown(bytes));
  }

  private void say(String line) {
    console.out().println(OneLine.of(line));
  }
}
