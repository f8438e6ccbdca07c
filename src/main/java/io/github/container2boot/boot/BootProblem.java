package io.github.container2boot.boot;

import io.github.container2boot.compress.Compression;
import io.github.container2boot.tree.TreePath;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Why a root file system cannot be made to boot: one record for each reason, with what is needed
/// to tell what to do about it.
public sealed interface BootProblem {
  /// What was expected and what was found, in one line.
  String message();

  /// There is no os-release at any of these paths.
  record NoOsRelease(List<String> lookedAt) implements BootProblem {
    @Override
    public String message() {
      return "no os-release: looked for " + listed(lookedAt);
    }
  }

  /// There is no kernel.
  record NoKernel(Distribution distribution, List<String> lookedAt) implements BootProblem {
    @Override
    public String message() {
      return "no kernel: looked for " + listed(lookedAt);
    }
  }

  /// The wanted kernel is not there.
  ///
  /// @param available versions that are, newest first
  record UnknownKernel(String wanted, List<String> available) implements BootProblem {
    @Override
    public String message() {
      return "no kernel %s: the image has %s".formatted(wanted, listed(available));
    }
  }

  /// The kernel was configured without something a live root needs.
  ///
  /// @param options names of configuration options that are not set
  record KernelLacksOptions(Version kernel, TreePath configuration, List<String> options)
      implements BootProblem {
    @Override
    public String message() {
      return "kernel %s cannot boot a live root: %s does not set %s"
          .formatted(kernel, configuration, listed(options));
    }
  }

  /// The kernel cannot read SquashFS images of the wanted compression.
  record UnsupportedCompression(Compression wanted, Version kernel, Set<Compression> supported)
      implements BootProblem {
    @Override
    public String message() {
      return "kernel %s cannot read SquashFS images compressed with %s: it can read %s"
          .formatted(kernel, wanted, listed(supported));
    }
  }

  /// There is no initrd for the kernel.
  record NoInitrd(Version kernel, Distribution distribution, List<String> lookedAt)
      implements BootProblem {
    @Override
    public String message() {
      return "no initrd for kernel %s: looked for %s".formatted(kernel, listed(lookedAt));
    }
  }

  /// The initrd cannot boot a live root.
  ///
  /// @param generator what made it
  /// @param missingModules dracut modules it would need; empty where it is not dracut's
  record InitrdCannotBootLive(
      TreePath initrd,
      Initrd.Generator generator,
      List<String> missingModules,
      Distribution distribution)
      implements BootProblem {
    @Override
    public String message() {
      return missingModules.isEmpty()
          ? "%s cannot boot a live root: expected an initrd made by dracut with dmsquash-live, found one made by %s"
              .formatted(initrd, generator)
          : "%s cannot boot a live root: it was made by dracut without the module %s"
              .formatted(initrd, listed(missingModules));
    }
  }

  /// The initrd cannot boot from a partition that is the root's SquashFS.
  ///
  /// @param dracut its version; dracut 052 and later can
  record InitrdTooOldForPartition(TreePath initrd, Version dracut) implements BootProblem {
    @Override
    public String message() {
      return "%s cannot boot a root partition: expected dracut 052 or later, found %s"
          .formatted(initrd, dracut);
    }
  }

  /// The root has a directory that makes dracut look for the root inside it.
  record RootTakenForMedium(String directory) implements BootProblem {
    @Override
    public String message() {
      return "%s is in the root: dracut would take the root for a live medium".formatted(directory);
    }
  }

  /// There is no boot loader for the kernel's architecture.
  record NoBootLoader(Architecture architecture, Distribution distribution, List<String> lookedAt)
      implements BootProblem {
    @Override
    public String message() {
      return "no boot loader for %s: looked for %s".formatted(architecture, listed(lookedAt));
    }
  }

  /// A program is for another architecture than the kernel.
  record WrongArchitecture(TreePath path, Architecture expected, String found)
      implements BootProblem {
    @Override
    public String message() {
      return "%s: expected a program for %s, found one for %s".formatted(path, expected, found);
    }
  }

  /// The kernel command line is longer than the kernel keeps.
  record CommandLineTooLong(int sizeBytes, int limitBytes) implements BootProblem {
    @Override
    public String message() {
      return "kernel command line too long: expected at most %d bytes, found %d"
          .formatted(limitBytes, sizeBytes);
    }
  }

  /// A kernel argument cannot be passed on as it is.
  record UnsuitableArgument(String argument, String reason) implements BootProblem {
    @Override
    public String message() {
      return "kernel argument \"%s\" %s".formatted(ShellText.withoutControls(argument), reason);
    }
  }

  private static String listed(Collection<?> things) {
    return things.isEmpty()
        ? "none"
        : things.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
