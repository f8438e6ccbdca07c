package io.github.container2boot.boot;

import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes small PE files: headers, sections, a certificate table, nothing that runs.
final class PeBuilder {
  private static final int SIGNATURE = 0x80;
  private static final int OPTIONAL_BYTES = 112 + 16 * 8;

  private final int machine;
  private final Map<String, byte[]> sections = new LinkedHashMap<>();
  private final List<byte[]> certificates = new ArrayList<>();

  private PeBuilder(int machine) {
    this.machine = machine;
  }

  static PeBuilder of(Architecture architecture) {
    return new PeBuilder(architecture.machine());
  }

  static PeBuilder ofMachine(int machine) {
    return new PeBuilder(machine);
  }

  PeBuilder section(String name, byte[] data) {
    sections.put(name, data);
    return this;
  }

  PeBuilder certificate(byte[] pkcs7) {
    certificates.add(pkcs7);
    return this;
  }

  /// The module area of a GRUB image with this prefix, after a module and a configuration.
  PeBuilder grubPrefix(String prefix) {
    ByteWriter modules = ByteWriter.littleEndian(256);
    module(modules, 0, new byte[13]);
    module(modules, 2, "normal\n\0".getBytes(StandardCharsets.UTF_8));
    module(modules, 3, (prefix + "\0").getBytes(StandardCharsets.UTF_8));
    ByteWriter area = ByteWriter.littleEndian(512);
    area.u32(0x676d696d).u32(0).u64(24).u64(24 + modules.size()).bytes(modules.toByteArray());
    return section("mods", area.toByteArray());
  }

  private static void module(ByteWriter modules, int type, byte[] data) {
    modules.u32(type).u32(8 + data.length).bytes(data).padTo(8);
  }

  byte[] build() {
    ByteWriter file = ByteWriter.littleEndian(1024);
    file.bytes("MZ".getBytes(StandardCharsets.UTF_8)).zeros(0x3a).u32(SIGNATURE).padTo(SIGNATURE);
    int headers = SIGNATURE + 24 + OPTIONAL_BYTES + 40 * sections.size();
    ByteWriter names = ByteWriter.littleEndian(64).u32(0);
    file.u32(0x4550).u16(machine).u16(sections.size()).zeros(4).u32(headers).u32(0);
    file.u16(OPTIONAL_BYTES).u16(0x22e);
    int headersEnd = (headers + 1023) / 512 * 512;
    file.u16(0x20b).zeros(30).u32(512).u32(512).zeros(16).u32(1 << 20).u32(headersEnd).zeros(44);
    file.u32(16).zeros(16 * 8);
    int offset = headersEnd;
    for (Map.Entry<String, byte[]> section : sections.entrySet()) {
      int size = section.getValue().length;
      file.bytes(Arrays.copyOf(name(section.getKey(), names), 8)).u32(size).u32(offset);
      file.u32(size).u32(offset).zeros(16);
      offset += size;
    }
    file.bytes(names.toByteArray()).zeros(headersEnd - file.size());
    sections.values().forEach(file::bytes);
    file.padTo(8);
    long tableOffset = file.size();
    for (byte[] certificate : certificates) {
      file.u32(8 + certificate.length).u16(0x200).u16(2).bytes(certificate).padTo(8);
    }
    byte[] bytes = file.toByteArray();
    if (!certificates.isEmpty()) {
      ByteBuffer directory = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      directory.putInt(SIGNATURE + 24 + 112 + 4 * 8, (int) tableOffset);
      directory.putInt(SIGNATURE + 24 + 112 + 4 * 8 + 4, (int) (bytes.length - tableOffset));
    }
    return bytes;
  }

  /// Names of more than eight bytes go into the string table.
  private static byte[] name(String name, ByteWriter names) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= 8) {
      return bytes;
    }
    byte[] reference = ("/" + names.size()).getBytes(StandardCharsets.UTF_8);
    names.bytes(bytes).u8(0);
    return reference;
  }

  Content content() {
    return Content.of(build());
  }
}
