package io.github.container2boot.boot;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// What a kernel file says about itself in its first kilobytes.
///
/// @param format how it is packed
/// @param architecture which processor it is for
/// @param version the release it was built as (`uname -r`), where the format tells
/// @param efiStub whether a firmware can start it directly
/// @param commandLineLimitBytes how many bytes of command line it keeps
public record KernelImage(
    Format format,
    Architecture architecture,
    Optional<Version> version,
    boolean efiStub,
    int commandLineLimitBytes) {
  /// How a kernel is packed.
  public enum Format {
    /// Linux/x86 boot protocol.
    BZIMAGE,
    /// The arm64 or RISC-V boot image header, uncompressed.
    IMAGE,
    /// The same, compressed as a whole; GRUB inflates it.
    GZIP_IMAGE,
    /// An EFI program that inflates the image inside it.
    EFI_ZBOOT
  }

  private static final int HEAD_BYTES = 1 << 16;

  /// A release is the first word of the version string, and names directories and files.
  private static final Pattern RELEASE = Pattern.compile("([0-9][A-Za-z0-9._+~-]{0,127})(?: .*)?");

  private static final int BZIMAGE_MAGIC = 0x53726448; // HdrS
  private static final int ARM64_MAGIC = 0x644d5241; // ARM\x64
  private static final int RISCV_MAGIC = 0x05435352; // RSC\x05
  private static final int ZBOOT_MAGIC = 0x676d697a; // zimg

  /// Reads the header of a kernel.
  ///
  /// @throws FormatException if the file is no kernel a UEFI machine can boot
  public static KernelImage read(Content file) throws IOException {
    Head head = Head.of(file);
    if (head.u16(0) == 0x8b1f) {
      Head inflated = head.inflated();
      return image(inflated, Format.GZIP_IMAGE)
          .orElseThrow(() -> FormatException.unsupported("gzip file that holds no Linux kernel"));
    }
    if (head.i32(0x202) == BZIMAGE_MAGIC) {
      return bzImage(head);
    }
    if (head.u16(0) == 0x5a4d && head.i32(4) == ZBOOT_MAGIC) {
      return image(head, Format.EFI_ZBOOT)
          .orElseThrow(() -> FormatException.unsupported("EFI zboot image of unknown processor"));
    }
    return image(head, Format.IMAGE)
        .orElseThrow(() ->
            FormatException.unsupported(
                "not a Linux kernel for UEFI: expected a bzImage, an arm64 or RISC-V Image or"
                    + " an EFI zboot image"));
  }

  /// Fields of the setup header, Linux/x86 Boot Protocol, "Details of header fields":
  ///
  /// | offset | bytes | what |
  /// |---|---|---|
  /// | 0x1f1 | 1 | setup_sects |
  /// | 0x202 | 4 | `HdrS` |
  /// | 0x206 | 2 | protocol version |
  /// | 0x20e | 2 | kernel_version: where the version string lies, less 0x200 |
  /// | 0x236 | 2 | xloadflags, since 2.12: bit 0 is a 64-bit kernel |
  /// | 0x238 | 4 | cmdline_size, since 2.06 |
  private static KernelImage bzImage(Head head) throws FormatException {
    int protocol = head.u16(0x206);
    boolean is64Bit = protocol >= 0x20c && (head.u16(0x236) & 1) != 0;
    boolean efiStub = head.u16(0) == 0x5a4d && head.machine().isPresent();
    if (!is64Bit) {
      throw FormatException.unsupported(0x236, "a 32-bit x86 kernel: expected an x86_64 one");
    }
    long limit = protocol >= 0x206 ? Integer.toUnsignedLong(head.i32(0x238)) : 0;
    return new KernelImage(
        Format.BZIMAGE,
        Architecture.X86_64,
        release(head.text(head.u16(0x20e) + 0x200)),
        efiStub,
        limit > 0 && limit < 1 << 16 ? (int) limit : Architecture.X86_64.commandLineLimitBytes());
  }

  /// Both headers have their magic at 0x38 and, with an EFI stub, begin with `MZ`; a zboot image
  /// only has the latter.
  private static Optional<KernelImage> image(Head head, Format format) throws FormatException {
    Optional<Architecture> byMagic =
        switch (head.i32(0x38)) {
          case ARM64_MAGIC -> Optional.of(Architecture.AARCH64);
          case RISCV_MAGIC -> Optional.of(Architecture.RISCV64);
          default -> Optional.empty();
        };
    Optional<Architecture> byMachine = head.u16(0) == 0x5a4d ? head.machine() : Optional.empty();
    boolean known = byMagic.isPresent() || format == Format.EFI_ZBOOT;
    return byMagic
        .or(() -> byMachine)
        .filter(_ -> known)
        .map(architecture ->
            new KernelImage(
                format,
                architecture,
                Optional.empty(),
                byMachine.isPresent(),
                architecture.commandLineLimitBytes()));
  }

  private static Optional<Version> release(String text) {
    Matcher matcher = RELEASE.matcher(text);
    return matcher.matches() ? Optional.of(new Version(matcher.group(1))) : Optional.empty();
  }

  /// The beginning of a file; what lies behind its end reads as zeros.
  private static final class Head {
    private final byte[] bytes;

    private Head(byte[] bytes) {
      this.bytes = bytes;
    }

    static Head of(Content file) throws IOException {
      long count = Math.min(HEAD_BYTES, file.sizeBytes());
      return new Head(file.slice(0, count).toByteArray());
    }

    Head inflated() throws IOException {
      ByteArrayOutputStream inflated = new ByteArrayOutputStream(HEAD_BYTES);
      try (InputStream stream = new GZIPInputStream(Content.of(bytes).asInputStream())) {
        inflated.writeBytes(stream.readNBytes(HEAD_BYTES / 4));
      } catch (IOException cut) {
        // The compressed file goes on behind its head; what could be inflated is enough, or not.
        throw FormatException.malformed("gzip file is corrupt: " + cut.getMessage());
      }
      return new Head(inflated.toByteArray());
    }

    int u16(int offset) throws FormatException {
      return offset + 2 > bytes.length ? 0 : at(offset).u16();
    }

    int i32(int offset) throws FormatException {
      return offset + 4 > bytes.length ? 0 : at(offset).i32();
    }

    /// The text up to a NUL, at most 256 bytes.
    String text(int offset) {
      int end = Math.min(offset, bytes.length);
      int most = Math.min(bytes.length, end + 256);
      int begin = end;
      while (end < most && bytes[end] != 0) {
        end++;
      }
      return new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1);
    }

    /// The processor in the PE header.
    Optional<Architecture> machine() throws FormatException {
      int signature = i32(0x3c);
      boolean isPe = signature >= 0 && signature < bytes.length - 6 && i32(signature) == 0x4550;
      return isPe ? Architecture.ofMachine(u16(signature + 4)) : Optional.empty();
    }

    private ByteReader at(int offset) throws FormatException {
      ByteReader reader = ByteReader.littleEndian(bytes);
      reader.skip(offset);
      return reader;
    }
  }
}
