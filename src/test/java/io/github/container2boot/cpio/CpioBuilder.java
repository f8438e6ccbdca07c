package io.github.container2boot.cpio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.ByteWriter;

/// Writes any archive, right or wrong.
public final class CpioBuilder {
  private static final long FILE = 0_100_644;

  private final ByteWriter writer = ByteWriter.littleEndian(1024);
  private final boolean checksums;
  private long nextInode = 1;

  private CpioBuilder(boolean checksums) {
    this.checksums = checksums;
  }

  public static CpioBuilder newc() {
    return new CpioBuilder(false);
  }

  public static CpioBuilder crc() {
    return new CpioBuilder(true);
  }

  public CpioBuilder file(String name, byte[] data) {
    return entry(name.getBytes(UTF_8), FILE, nextInode++, 1, data);
  }

  public CpioBuilder directory(String name) {
    return entry(name.getBytes(UTF_8), 0_040_755, nextInode++, 2, new byte[0]);
  }

  public CpioBuilder symbolicLink(String name, String target) {
    return entry(name.getBytes(UTF_8), 0_120_777, nextInode++, 1, target.getBytes(UTF_8));
  }

  public CpioBuilder entry(byte[] name, long mode, long inode, long links, byte[] data) {
    long sum = 0;
    for (byte value : data) {
      sum += Byte.toUnsignedInt(value);
    }
    CpioHeader header =
        new CpioHeader(
            checksums,
            inode,
            mode,
            0,
            0,
            links,
            1_700_000_000,
            data.length,
            8,
            1,
            5,
            2,
            name.length + 1,
            checksums ? sum : 0);
    return entry(header, name, data);
  }

  CpioBuilder entry(CpioHeader header, byte[] name, byte[] data) {
    header.writeTo(writer);
    writer.bytes(name).u8(0).padTo(4).bytes(data).padTo(4);
    return this;
  }

  public CpioBuilder trailer() {
    return entry("TRAILER!!!".getBytes(UTF_8), 0, 0, 1, new byte[0]);
  }

  public CpioBuilder zeros(int count) {
    writer.zeros(count);
    return this;
  }

  public CpioBuilder bytes(byte[] bytes) {
    writer.bytes(bytes);
    return this;
  }

  public byte[] toByteArray() {
    return writer.toByteArray();
  }
}
