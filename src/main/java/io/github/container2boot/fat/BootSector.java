package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import java.util.Optional;

/// The first 512 bytes of a volume (Microsoft FAT Specification, section 3).
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 0 | 3 | jump over what follows |
/// | 3 | 8 | name of the system that made it |
/// | 11 | 25 | [BiosParameterBlock] |
/// | 36 | 28 | [Fat32Parameters], FAT32 only |
/// | 36 or 64 | 26 | [ExtendedBootRecord] |
/// | 62 or 90 | | code |
/// | 510 | 2 | 55 AA, whatever the size of a sector |
///
/// @param fat32 empty for FAT12 and FAT16
record BootSector(
    ByteString systemName,
    BiosParameterBlock parameters,
    Optional<Fat32Parameters> fat32,
    ExtendedBootRecord extended) {
  static final int SIZE = 512;

  /// What Microsoft's own tools write, and the name that no system was ever seen to dislike.
  static final ByteString SYSTEM_NAME = ByteString.utf8("MSWIN4.1");

  private static final int SIGNATURE_OFFSET = 510;
  private static final int SIGNATURE = 0xaa55;

  /// `cli`, `hlt`, and again: nothing boots from here without UEFI.
  private static final byte[] CODE = {(byte) 0xfa, (byte) 0xf4, (byte) 0xeb, (byte) 0xfd};

  void writeTo(ByteWriter target) {
    int begin = target.size();
    target.u8(0xeb).u8(codeOffset() - 2).u8(0x90).bytes(systemName);
    parameters.writeTo(target);
    fat32.ifPresent(more -> more.writeTo(target));
    extended.writeTo(target);
    target.bytes(CODE).zeros(SIGNATURE_OFFSET - (target.size() - begin)).u16(SIGNATURE);
  }

  private int codeOffset() {
    return 36 + (fat32.isPresent() ? Fat32Parameters.SIZE : 0) + ExtendedBootRecord.SIZE;
  }

  static BootSector readFrom(ByteReader source) throws FormatException {
    long begin = source.offsetBytes();
    source.skip(3);
    ByteString systemName = source.byteString(8);
    BiosParameterBlock parameters = BiosParameterBlock.readFrom(source);
    Optional<Fat32Parameters> fat32 = Optional.empty();
    if (parameters.tableSectors() == 0) {
      fat32 = Optional.of(Fat32Parameters.readFrom(source));
    }
    ExtendedBootRecord extended = ExtendedBootRecord.readFrom(source);
    source.skip((int) (begin + SIGNATURE_OFFSET - source.offsetBytes()));
    int signature = source.u16();
    if (signature != SIGNATURE) {
      throw FormatException.malformed(
          begin + SIGNATURE_OFFSET,
          "no FAT volume: expected signature 0x%04x, found 0x%04x".formatted(SIGNATURE, signature));
    }
    return new BootSector(systemName, parameters, fat32, extended);
  }
}
