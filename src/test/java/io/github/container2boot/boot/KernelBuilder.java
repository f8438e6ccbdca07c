package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPOutputStream;

/// Makes the first kilobytes of kernels.
final class KernelBuilder {
  private KernelBuilder() {}

  /// A bzImage with a setup header of protocol 2.15 and an EFI header.
  static byte[] bzImage(String versionString) {
    return bzImage(versionString, 1, 2047);
  }

  static byte[] bzImage(String versionString, int loadFlags, int commandLineSize) {
    ByteBuffer image = ByteBuffer.allocate(0x4000).order(ByteOrder.LITTLE_ENDIAN);
    image.put(0x1f1, (byte) 31);
    image.put(0x202, "HdrS".getBytes(UTF_8));
    image.putShort(0x206, (short) 0x20f);
    image.putShort(0x20e, (short) 0x3000);
    image.put(0x3200, versionString.getBytes(UTF_8));
    image.putShort(0x236, (short) loadFlags);
    image.putInt(0x238, commandLineSize);
    return efiHeader(image, Architecture.X86_64);
  }

  /// An arm64 or RISC-V Image with an EFI header.
  static byte[] image(Architecture architecture) {
    ByteBuffer image = ByteBuffer.allocate(0x1000).order(ByteOrder.LITTLE_ENDIAN);
    image.put(
        0x38, (architecture == Architecture.AARCH64 ? "ARM\u0064" : "RSC\u0005").getBytes(UTF_8));
    return efiHeader(image, architecture);
  }

  static byte[] gzipImage(Architecture architecture) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
      stream.write(image(architecture));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return compressed.toByteArray();
  }

  static byte[] zboot(Architecture architecture) {
    ByteBuffer image = ByteBuffer.allocate(0x1000).order(ByteOrder.LITTLE_ENDIAN);
    image.put(4, "zimg".getBytes(UTF_8));
    return efiHeader(image, architecture);
  }

  static Content of(String version) {
    return Content.of(bzImage(version + " (builder@host) #1 SMP"));
  }

  private static byte[] efiHeader(ByteBuffer image, Architecture architecture) {
    image.put(0, "MZ".getBytes(UTF_8));
    image.putInt(0x3c, 0x40);
    image.putInt(0x40, 0x4550);
    image.putShort(0x44, (short) architecture.machine());
    image.putShort(0x54, (short) 240);
    image.putShort(0x58, (short) 0x20b);
    return image.array();
  }
}
