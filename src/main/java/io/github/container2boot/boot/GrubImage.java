package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What is built into a GRUB image: where it looks for its configuration.
///
/// grub-mkimage puts modules into the section `mods`, which begins with a header (GRUB's
/// include/grub/kernel.h, `grub_module_info64` and `grub_module_header`):
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 4 | `mimg` |
/// | 4 | 4 | padding |
/// | 8 | 8 | where the first module lies |
/// | 16 | 8 | where the last one ends |
///
/// A module is its type (4 bytes), its size with this header (4 bytes, padded to 8) and its data.
/// Type 3 is the prefix: `/EFI/debian`, or `(device)/directory`.
final class GrubImage {
  private static final int MAGIC = 0x676d696d; // mimg
  private static final int PREFIX = 3;
  private static final int MAX_MODULES = 4096;
  private static final int MAX_MODULES_BYTES = 64 << 20;
  private static final int MAX_PREFIX_BYTES = 256;

  private GrubImage() {}

  /// The directory GRUB looks for `grub.cfg` in, from the root of the device it was loaded from.
  /// Empty if the image has no module area, none for that device, or one this cannot read: then the
  /// usual places must do.
  static Optional<String> prefix(EfiProgram grub) throws IOException {
    Optional<Content> modules = grub.image().section(grub.content(), "mods");
    return modules.isEmpty() ? Optional.empty() : prefix(modules.get());
  }

  /// Whether it can fetch files by HTTP: it has the modules `efinet` and `http` in it, whose names
  /// are strings of their own.
  static boolean hasNetwork(EfiProgram grub) throws IOException {
    Optional<Content> modules = grub.image().section(grub.content(), "mods");
    if (modules.isEmpty() || modules.get().sizeBytes() > MAX_MODULES_BYTES) {
      return false;
    }
    String bytes = new String(modules.get().toByteArray(), ISO_8859_1);
    return bytes.contains("\0efinet\0") && bytes.contains("\0http\0");
  }

  static Optional<String> prefix(Content modules) throws IOException {
    if (modules.sizeBytes() < 24) {
      return Optional.empty();
    }
    ByteReader info = ByteReader.littleEndian(bytes(modules, 0, 24), 0);
    boolean known = info.i32() == MAGIC;
    info.skip(4);
    long offset = info.i64();
    long end = Math.min(info.i64(), modules.sizeBytes());
    if (!known || offset < 24) {
      return Optional.empty();
    }
    for (int module = 0; module < MAX_MODULES && offset <= end - 8; module++) {
      ByteReader header = ByteReader.littleEndian(bytes(modules, offset, 8), offset);
      long type = header.u32();
      long sizeBytes = header.u32();
      if (sizeBytes < 8 || sizeBytes > end - offset) {
        return Optional.empty();
      }
      if (type == PREFIX) {
        int count = (int) Math.min(sizeBytes - 8, MAX_PREFIX_BYTES);
        return directory(UTF_8.decode(bytes(modules, offset + 8, count)).toString());
      }
      offset += (sizeBytes + 7) / 8 * 8;
    }
    return Optional.empty();
  }

  private static Optional<String> directory(String padded) {
    int end = padded.indexOf('\0');
    String prefix = end < 0 ? padded : padded.substring(0, end);
    return prefix.matches("(/[A-Za-z0-9_][A-Za-z0-9._-]*)+")
        ? Optional.of(prefix)
        : Optional.empty();
  }

  private static ByteBuffer bytes(Content content, long offsetBytes, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    content.read(offsetBytes, buffer);
    return buffer.flip();
  }
}
