package io.github.container2boot.cli;

import io.github.container2boot.gpt.GrownDisk;
import io.github.container2boot.install.BlockDevice;
import io.github.container2boot.install.DeviceInstaller;
import io.github.container2boot.install.DirectoryInstaller;
import io.github.container2boot.install.InstallPlan;
import io.github.container2boot.install.InstallSource;
import io.github.container2boot.install.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `container2boot install`: onto a stick.
final class InstallCommand implements Callable<Integer>, Debuggable {
  private static final String AT_THE_MACHINE =
      "Plug it into the machine and choose it in the boot menu of the firmware (often F12, F11, F8 or Esc while the machine starts).";

  private final Option<Boolean> force =
      Option.flag("--force")
          .describe(
              "Replace files of other systems too, and do not mind what the partition is called; write to a device that stays in its machine too.");
  private final Option<Boolean> replace =
      Option.flag("--replace")
          .describe(
              "Where old and new system do not fit beside each other, remove the old one first. Until the new one is complete, nothing boots.");
  private final Option<Boolean> yes =
      Option.flag("-y", "--yes").describe("Do not ask before a device is overwritten.");
  private final Option<Boolean> dryRun =
      Option.flag("-n", "--dry-run").describe("Only show what would be done.");
  private final GeneralOptions general = new GeneralOptions();

  private Path source = Path.of("");
  private Path target = Path.of("");
  private final Console console;

  InstallCommand(Console console) {
    this.console = console;
  }

  CommandSpec specification() {
    CommandSpec command =
        Commands.of(
            this, "Put a system on a stick, so that the old one boots until the new one does.");
    command
        .usageMessage()
        .customSynopsis("container2boot install [OPTIONS] ESPDIR|DISK TARGET")
        .sortOptions(false)
        .footerHeading("%nExamples:%n")
        .footer(
            "  @|bold container2boot install out/esp /media/me/C2BOOT|@",
            "  @|bold container2boot install --dry-run out/disk.img /media/me/C2BOOT|@",
            "  @|bold container2boot install out/disk.img /dev/sdX|@");
    return command
        .addPositional(
            parameter("0", "ESPDIR|DISK", "What build made: esp/ or disk.img.")
                .converters(text -> source = Path.of(text))
                .build())
        .addPositional(
            parameter(
                    "1",
                    "TARGET",
                    "The directory where the EFI system partition of a stick is mounted, as desktops do when it is plugged in; or a device like /dev/sdX, on which everything is lost.")
                .converters(text -> target = Path.of(text))
                .build())
        .addArgGroup(Commands.group("Target", force, replace, yes, dryRun))
        .addArgGroup(general.group());
  }

  private static PositionalParamSpec.Builder parameter(
      String index, String label, String description) {
    return PositionalParamSpec.builder()
        .index(index)
        .required(true)
        .paramLabel(label)
        .arity("1")
        .type(Path.class)
        .description(description);
  }

  @Override
  public boolean debug() {
    return general.debug();
  }

  @Override
  public Integer call() throws Exception {
    try (InstallSource opened = InstallSource.open(source)) {
      if (Files.isDirectory(target)) {
        intoDirectory(opened);
      } else if (Files.exists(target) && DeviceInstaller.isBlockDevice(target)) {
        ontoDevice(opened, DeviceInstaller.describe(target));
      } else {
        throw new WrongUsage(
            "%s: expected the directory where a stick is mounted, or a device, found %s"
                .formatted(target, Files.exists(target) ? "a file" : "nothing"));
      }
    }
    return 0;
  }

  private void intoDirectory(InstallSource opened) throws Exception {
    InstallPlan plan =
        watched(display -> {
          InstallPlan.Choices choices = new InstallPlan.Choices(force.value(), replace.value());
          DirectoryInstaller installer = new DirectoryInstaller(target, choices, display);
          InstallPlan decided = installer.plan(opened);
          if (!dryRun.value()) {
            installer.install(decided);
          }
          return decided;
        });
    if (dryRun.value()) {
      show(plan);
    } else {
      say(plan);
    }
  }

  private void ontoDevice(InstallSource opened, BlockDevice device) throws Exception {
    GrownDisk disk = watched(display -> decided(opened, new DeviceInstaller(device, display)));
    if (dryRun.value()) {
      say("%s: would be written; nothing has been done".formatted(shown(device)));
      return;
    }
    requireConsent(device);
    long written = watched(display -> new DeviceInstaller(device, display).install(disk));
    say("%s: %s written, read back and found right".formatted(target, ByteSize.shown(written)));
    say(AT_THE_MACHINE);
  }

  private GrownDisk decided(InstallSource opened, DeviceInstaller installer) throws Exception {
    installer.requireFree(force.value());
    return installer.plan(installer.image(opened));
  }

  private void requireConsent(BlockDevice device) throws IOException, WrongUsage {
    if (yes.value()) {
      return;
    }
    if (console.terminal().get().isEmpty()) {
      throw new WrongUsage(
          "%s: everything on it would be lost; say --yes if nobody can be asked"
              .formatted(shown(device)));
    }
    console
        .err()
        .print(
            OneLine.of(
                "%s: everything on it will be lost. Write? [y/N] ".formatted(shown(device))));
    console.err().flush();
    BufferedReader answers =
        new BufferedReader(new InputStreamReader(console.in(), Charset.defaultCharset()));
    String answer = Objects.requireNonNullElse(answers.readLine(), "");
    if (!answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
      throw new WrongUsage("%s: left as it is".formatted(target));
    }
  }

  /// `/dev/sdb (SanDisk Ultra, 28.7 GiB)`.
  private static String shown(BlockDevice device) {
    String size = ByteSize.shown(device.sizeBytes());
    return "%s (%s)"
        .formatted(device.path(), device.model().isEmpty() ? size : device.model() + ", " + size);
  }

  private <T> T watched(Work<T> work) throws Exception {
    try (ProgressDisplay display = general.openDisplay(console);
        Interruption _ = Interruption.watch(display, console.err())) {
      return work.run(display);
    }
  }

  /// What takes a while.
  private interface Work<T> {
    T run(ProgressDisplay display) throws Exception;
  }

  private void show(InstallPlan plan) {
    for (Operation operation : plan.operations()) {
      switch (operation) {
        case Operation.Write write ->
            say(
                "%-8s %s (%s)"
                    .formatted(
                        write.replaces() ? "replace" : "write",
                        write.file().path(),
                        ByteSize.shown(write.file().sizeBytes())));
        case Operation.Remove removal ->
            say(
                "%-8s %s (%s)"
                    .formatted("remove", removal.path(), ByteSize.shown(removal.sizeBytes())));
        case Operation.Synchronise _ -> {}
      }
    }
    say(
        plan.operations().isEmpty()
            ? "%s: has all of it already".formatted(target)
            : "%s: %s to write; nothing has been done"
                .formatted(target, ByteSize.shown(plan.writtenBytes())));
  }

  private void say(InstallPlan plan) {
    say(
        plan.operations().isEmpty()
            ? "%s: had all of it already, and every file is as it should be".formatted(target)
            : "%s: %s written, read back and found right"
                .formatted(target, ByteSize.shown(plan.writtenBytes())));
    say("Unmount it. " + AT_THE_MACHINE);
  }

  private void say(String line) {
    console.out().println(OneLine.of(line));
  }
}
