package io.github.container2boot.build;

import java.util.List;
import java.util.Optional;

/// A form in which the finished system can be had. Every form is another way of reading the same
/// bytes.
public sealed interface OutputFormat {
  /// Every format, in the order in which they are made.
  List<OutputFormat> ALL = List.of(new Disk(), new Esp());

  /// What the user calls it.
  String name();

  /// The name of what appears in the output directory.
  String fileName();

  static Optional<OutputFormat> named(String name) {
    return ALL.stream().filter(format -> format.name().equals(name)).findFirst();
  }

  /// A raw image of a whole disk: GUID partition table, EFI system partition, and a root partition
  /// where the root does not fit the former.
  record Disk() implements OutputFormat {
    @Override
    public String name() {
      return "disk";
    }

    @Override
    public String fileName() {
      return "disk.img";
    }
  }

  /// The files of the EFI system partition, as a directory to be copied.
  record Esp() implements OutputFormat {
    @Override
    public String name() {
      return "esp";
    }

    @Override
    public String fileName() {
      return "esp";
    }
  }
}
