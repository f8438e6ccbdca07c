package io.github.container2boot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.boot.SecureBoot;
import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.Manifest;
import io.github.container2boot.build.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs a command inside the test's process, with a builder that only remembers its plan.
record CommandRun(int exitCode, String out, String err, @Nullable BuildPlan plan) {
  static final Manifest MANIFEST =
      new Manifest(
          "0.1.0",
          "Debian GNU/Linux 13 (trixie)",
          Instant.EPOCH,
          new Manifest.Source("machine.tar", "sha256:aa", "linux/amd64"),
          List.of(),
          new Manifest.Kernel("6.12.57", "/boot/vmlinuz", "/boot/initrd.img"),
          "quiet",
          new Manifest.RootFilesystem("squashfs", "zstd:6", 131072, 1000, "C2BOOT"),
          Optional.of("default"),
          List.of(
              new Manifest.Signature("/shim", List.of("A"), SecureBoot.Trust.FIRMWARE),
              new Manifest.Signature("/grub", List.of("A"), SecureBoot.Trust.SHIM),
              new Manifest.Signature("/vmlinuz", List.of("A"), SecureBoot.Trust.SHIM)),
          Optional.empty(),
          List.of(),
          List.of(
              new Output("disk.img", 400L << 20, "aa"),
              new Output("esp/EFI/BOOT/BOOTX64.EFI", 1 << 20, "bb"),
              new Output("esp/container2boot/squashfs.img", 398L << 20, "cc")));

  static CommandRun of(String... arguments) {
    return with(Map.of(), (_, _) -> MANIFEST, arguments);
  }

  static CommandRun with(
      Map<String, String> environment, BuildCommand.Builder builder, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    AtomicReference<BuildPlan> seen = new AtomicReference<>();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            environment,
            Optional::empty,
            System::nanoTime);
    int exitCode =
        Main.run(
            console,
            (plan, progress) -> {
              seen.set(plan);
              return builder.build(plan, progress);
            },
            arguments);
    return new CommandRun(exitCode, out.toString(UTF_8), err.toString(UTF_8), seen.get());
  }
}
