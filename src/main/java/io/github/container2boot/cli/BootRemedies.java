package io.github.container2boot.cli;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.boot.BootProblem;
import io.github.container2boot.boot.Distribution;
import java.util.List;

/// What to add to an image that does not boot. The line is one for its Containerfile, in the words
/// of its distribution.
final class BootRemedies {
  private BootRemedies() {}

  /// The problem and what to do, in one line.
  static String describe(BootProblem problem) {
    return problem.message() + "; " + remedy(problem);
  }

  private static String remedy(BootProblem problem) {
    return switch (problem) {
      case BootProblem.NoOsRelease _ ->
          "is this the root file system of a machine? Add /etc/os-release to it";
      case BootProblem.NoKernel none ->
          "add one to the image, %s"
              .formatted(
                  run(none.distribution(), none.distribution().kernelPackages(thisMachines())));
      case BootProblem.UnknownKernel _ -> "choose one of them with --kernel, or leave it out";
      case BootProblem.KernelLacksOptions _ ->
          "install another kernel in the image, or try it with --force";
      case BootProblem.UnsupportedCompression _ ->
          "choose one of these with --compression, or leave it out";
      case BootProblem.NoInitrd none -> "make one in the image, " + runDracut(none.distribution());
      case BootProblem.InitrdCannotBootLive initrd ->
          "make it anew in the image, %s; or try it as it is with --force"
              .formatted(runDracut(initrd.distribution()));
      case BootProblem.InitrdTooOldForPartition _ ->
          "make the root smaller than 4 GiB, or take a newer release as the base of the image";
      case BootProblem.RootTakenForMedium taken ->
          "remove it from the image, RUN rm -r %s; or try it with --force"
              .formatted(taken.directory());
      case BootProblem.NoBootLoader none ->
          "add one to the image, %s"
              .formatted(
                  run(
                      none.distribution(),
                      none.distribution().loaderPackages(none.architecture())));
      case BootProblem.WrongArchitecture _ ->
          "install kernel and boot loader for the same machine, or choose with --platform";
      case BootProblem.CommandLineTooLong _ -> "append less with --append";
      case BootProblem.UnsuitableArgument _ -> "change it in --append";
    };
  }

  private static Architecture thisMachines() {
    return System.getProperty("os.arch", "").equals("aarch64")
        ? Architecture.AARCH64
        : Architecture.X86_64;
  }

  private static String runDracut(Distribution distribution) {
    return run(distribution, distribution.livePackages()) + " && " + Distribution.DRACUT_COMMAND;
  }

  private static String run(Distribution distribution, List<String> packages) {
    return distribution.installCommand().isEmpty() || packages.isEmpty()
        ? "by its package manager: " + String.join(" ", packages)
        : "RUN %s %s".formatted(distribution.installCommand(), String.join(" ", packages));
  }
}
