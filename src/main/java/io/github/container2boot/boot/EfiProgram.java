package io.github.container2boot.boot;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;

/// A program for the firmware, as a distribution ships it.
///
/// @param path where it lies in the root file system
/// @param content the file, which is put on the medium unchanged
/// @param image its headers
public record EfiProgram(TreePath path, Content content, PortableExecutable image) {
  /// Reads the headers of a program that must be for `expected`.
  ///
  /// @throws FormatException if it is not a PE file
  static EfiProgram read(TreePath path, Content content, Architecture expected)
      throws IOException, BootException {
    PortableExecutable image = header(path, content);
    if (image.machine() != expected.machine()) {
      String found =
          image
              .architecture()
              .map(Architecture::toString)
              .orElse("machine 0x%x".formatted(image.machine()));
      throw new BootException(new BootProblem.WrongArchitecture(path, expected, found));
    }
    return new EfiProgram(path, content, image);
  }

  private static PortableExecutable header(TreePath path, Content content) throws IOException {
    try {
      return PortableExecutable.read(content);
    } catch (FormatException problem) {
      throw problem.in(path.toString());
    }
  }
}
