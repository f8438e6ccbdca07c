package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/// Makes initrds: a newc archive in the order of names, plain or compressed, after an early one or
/// not.
final class InitrdBuilder {
  private final Map<String, byte[]> files = new TreeMap<>();
  private boolean early;

  /// As `dracut --no-hostonly --add "dmsquash-live livenet"` makes it.
  static InitrdBuilder dracut(String version) {
    return new InitrdBuilder()
        .file("init", "#!/bin/sh")
        .file("usr/lib/dracut/modules.txt", "bash\nsystemd\ndmsquash-live\nlivenet\nbase\n")
        .file(
            "usr/lib/initrd-release",
            "NAME=dracut\nID=dracut\nVERSION_ID=\"%s\"\n".formatted(version));
  }

  InitrdBuilder file(String name, String text) {
    return file(name, text.getBytes(UTF_8));
  }

  InitrdBuilder file(String name, byte[] data) {
    files.put(name, data);
    return this;
  }

  /// Puts an uncompressed archive with microcode first, and padding after it.
  InitrdBuilder withEarlyArchive() {
    early = true;
    return this;
  }

  byte[] plain() {
    return joined(archive(files));
  }

  byte[] gzip() {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
      stream.write(archive(files));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return joined(compressed.toByteArray());
  }

  byte[] zstd() {
    return joined(Zstd.compress(archive(files)));
  }

  Content content() {
    return Content.of(zstd());
  }

  private byte[] joined(byte[] main) {
    ByteWriter all = ByteWriter.littleEndian(main.length + 1024);
    if (early) {
      all.bytes(archive(Map.of("kernel/x86/microcode/GenuineIntel.bin", new byte[100])));
      all.padTo(512);
    }
    return all.bytes(main).toByteArray();
  }

  private static byte[] archive(Map<String, byte[]> files) {
    ByteWriter archive = ByteWriter.littleEndian(4096);
    files.forEach((name, data) -> entry(archive, name, data));
    entry(archive, "TRAILER!!!", new byte[0]);
    return archive.toByteArray();
  }

  private static void entry(ByteWriter archive, String name, byte[] data) {
    byte[] path = name.getBytes(UTF_8);
    String header =
        "070701"
            + "%08x%08x".formatted(1, 0_100_644)
            + "00000000".repeat(2)
            + "00000001"
            + "00000000"
            + "%08x".formatted(data.length)
            + "00000000".repeat(4)
            + "%08x".formatted(path.length + 1)
            + "00000000";
    archive.bytes(header.getBytes(UTF_8)).bytes(path).u8(0).padTo(4);
    archive.bytes(data).padTo(4);
  }
}
