package io.github.container2boot.cli;

import io.github.container2boot.boot.SecureBoot.Trust;
import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.Manifest;
import io.github.container2boot.build.Output;
import io.github.container2boot.build.OutputFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The last words of a build: what was made, how large, and how to boot it.
final class Summary {
  private final BuildPlan plan;
  private final Manifest manifest;
  private final List<String> lines = new ArrayList<>();

  private Summary(BuildPlan plan, Manifest manifest) {
    this.plan = plan;
    this.manifest = manifest;
  }

  static List<String> of(BuildPlan plan, Manifest manifest) {
    Summary summary = new Summary(plan, manifest);
    summary.system();
    plan.formats().forEach(summary::made);
    summary.secureBoot();
    plan.formats().forEach(summary::howToBoot);
    return summary.lines;
  }

  /// Only what was made, where nobody can start from: inside a container.
  static List<String> ofOutputs(BuildPlan plan, Manifest manifest) {
    Summary summary = new Summary(plan, manifest);
    summary.system();
    plan.formats().forEach(summary::made);
    summary.secureBoot();
    return summary.lines;
  }

  private void system() {
    String policy =
        manifest.selinuxPolicy().map(name -> ", SELinux policy " + OneLine.of(name)).orElse("");
    lines.add(
        "%s, Linux %s, %s %s%s"
            .formatted(
                OneLine.of(manifest.system()),
                OneLine.of(manifest.kernel().version()),
                manifest.rootFilesystem().type(),
                manifest.rootFilesystem().compression(),
                policy));
  }

  private void made(OutputFormat format) {
    Path path = plan.outputDirectory().resolve(format.fileName());
    switch (format) {
      case OutputFormat.Disk _ -> lines.add(made(path.toString(), sizeBytes("disk.img")));
      case OutputFormat.Esp _ -> lines.add(made(path + "/", sizeBytes("esp/")));
    }
  }

  static String made(String path, long sizeBytes) {
    return "  %-24s %10s".formatted(OneLine.of(path), ByteSize.shown(sizeBytes));
  }

  private long sizeBytes(String prefix) {
    return manifest.outputs().stream()
        .filter(output -> output.path().startsWith(prefix))
        .mapToLong(Output::sizeBytes)
        .sum();
  }

  private void secureBoot() {
    List<String> unsigned = programs(Trust.UNSIGNED);
    List<String> unknown = programs(Trust.UNKNOWN_SIGNER);
    if (!unsigned.isEmpty()) {
      lines.add(
          "Secure Boot must be off to boot it: no signature on %s.".formatted(listed(unsigned)));
    } else if (!unknown.isEmpty()) {
      lines.add(
          "Secure Boot must be off to boot it, or a key enrolled: the shim does not know who signed %s."
              .formatted(listed(unknown)));
    } else {
      lines.add("Secure Boot may stay on: %s are signed.".formatted(listed(programs())));
    }
  }

  private List<String> programs(Trust... only) {
    List<Trust> wanted = only.length == 0 ? List.of(Trust.values()) : List.of(only);
    return manifest.secureBoot().stream()
        .filter(signature -> wanted.contains(signature.trust()))
        .map(signature -> OneLine.of(signature.program()))
        .toList();
  }

  private static String listed(List<String> names) {
    return names.size() < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  private void howToBoot(OutputFormat format) {
    Path path = plan.outputDirectory().resolve(format.fileName());
    switch (format) {
      case OutputFormat.Disk _ -> howToBootDisk(path.toString());
      case OutputFormat.Esp _ -> howToBootEsp(path + "/");
    }
  }

  private void howToBootDisk(String disk) {
    lines.add("Try it in a virtual machine:");
    lines.add("  container2boot run " + ShellWords.quoted(disk));
    lines.add("Write it to a disk or stick (everything on /dev/sdX is lost):");
    lines.add("  sudo dd if=%s of=/dev/sdX bs=4M conv=fsync".formatted(ShellWords.quoted(disk)));
  }

  private void howToBootEsp(String esp) {
    lines.add(
        "Copy it to the FAT file system of an EFI system partition named %s:"
            .formatted(plan.disk().rootLabel()));
    lines.add("  rsync --recursive --times %s /mnt/".formatted(ShellWords.quoted(esp)));
  }
}
