package io.github.container2boot.cli;

import io.github.container2boot.boot.BootArguments;
import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.RootLocation;
import io.github.container2boot.run.VirtualMachine;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What QEMU is given to boot without a disk.
///
/// @param kernel a file
/// @param initrd a file
/// @param commandLine all that the kernel is told
record DirectKernel(Path kernel, Path initrd, String commandLine) {
  /// The root's name on the server.
  static final String ROOT_PATH = "/squashfs.img";

  /// The port that stands for that of the server before there is one.
  private static final int ANY_PORT = 8080;

  private static final Path KERNEL = Path.of("vmlinuz");
  private static final Path INITRD = Path.of("initrd.img");

  /// Where both files go in a directory.
  static DirectKernel in(Path directory, CommandLine commandLine) {
    return new DirectKernel(
        directory.resolve(KERNEL), directory.resolve(INITRD), commandLine.text());
  }

  /// What would be given to QEMU.
  ///
  /// @param arguments but those that say where the root is
  static DirectKernel toBeMade(CommandLine arguments) throws BootException {
    return new DirectKernel(KERNEL, INITRD, arguments.at(rootAt(ANY_PORT)).text());
  }

  /// What the kernel of an earlier build is told, and `appended`.
  ///
  /// @param esp the files of its EFI system partition
  static CommandLine arguments(FileTree esp, List<String> appended)
      throws IOException, BootException {
    return appended(BootArguments.in(esp).orElseGet(() -> new CommandLine(List.of())), appended);
  }

  static CommandLine appended(CommandLine line, List<String> appended) throws BootException {
    CommandLine longer = line;
    for (String arguments : appended) {
      longer = longer.append(arguments);
    }
    return longer;
  }

  /// Where the guest finds a server that listens here on the loopback address.
  static RootLocation rootAt(int port) {
    return new RootLocation.OnServer(
        "http://%s:%d%s".formatted(VirtualMachine.HOST, port, ROOT_PATH));
  }
}
