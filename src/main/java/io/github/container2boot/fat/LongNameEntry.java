package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// Thirteen characters of a long name (Microsoft FAT Specification, section 7). The entries of one
/// name lie before its short entry, the last part first.
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 0 | 1 | which part, from 1; 0x40 marks the last |
/// | 1 | 10 | characters 1–5 |
/// | 11 | 1 | attributes: 0x0F |
/// | 12 | 1 | type: 0 |
/// | 13 | 1 | checksum of the short name |
/// | 14 | 12 | characters 6–11 |
/// | 26 | 2 | first cluster: 0 |
/// | 28 | 4 | characters 12–13 |
///
/// @param ordinal which part of the name this is, from 1
/// @param last whether it is the name's last part
/// @param checksum of the short name
/// @param units 13 UTF-16 code units; after a shorter name's end one NUL and then 0xFFFF
record LongNameEntry(int ordinal, boolean last, int checksum, String units) {
  static final int SIZE = 32;
  static final int UNITS = 13;

  /// The attributes that tell a part of a long name: no old system takes it for a file.
  static final int ATTRIBUTES = 0x0f;

  /// The attributes that count in telling it.
  static final int ATTRIBUTES_MASK = 0x3f;

  /// The longest name is 255 characters.
  static final int MOST_ORDINAL = 20;

  private static final int LAST = 0x40;
  private static final char END = '\0';
  private static final char FILLER = '\uffff';

  LongNameEntry {
    if (units.length() != UNITS || ordinal < 1 || ordinal > MOST_ORDINAL) {
      throw new IllegalArgumentException("part %d: \"%s\"".formatted(ordinal, units));
    }
  }

  /// Part `ordinal` of `name`.
  static LongNameEntry of(String name, int ordinal, int checksum) {
    int begin = (ordinal - 1) * UNITS;
    StringBuilder units = new StringBuilder(UNITS);
    units.append(name, begin, Math.min(begin + UNITS, name.length()));
    if (units.length() < UNITS) {
      units.append(END).repeat(FILLER, UNITS - units.length());
    }
    return new LongNameEntry(ordinal, begin + UNITS >= name.length(), checksum, units.toString());
  }

  /// The characters of the name, without what follows its end.
  String text() {
    int end = units.indexOf(END);
    return end < 0 ? units : units.substring(0, end);
  }

  void writeTo(ByteWriter target) {
    target.u8(last ? ordinal | LAST : ordinal);
    writeUnits(target, 0, 5);
    target.u8(ATTRIBUTES).u8(0).u8(checksum);
    writeUnits(target, 5, 11);
    target.u16(0);
    writeUnits(target, 11, UNITS);
  }

  private void writeUnits(ByteWriter target, int begin, int end) {
    for (int index = begin; index < end; index++) {
      target.u16(units.charAt(index));
    }
  }

  static LongNameEntry readFrom(ByteReader source) throws FormatException {
    long offset = source.offsetBytes();
    int order = source.u8();
    StringBuilder units = new StringBuilder(UNITS);
    readUnits(source, units, 5);
    source.skip(2);
    int checksum = source.u8();
    readUnits(source, units, 6);
    source.skip(2);
    readUnits(source, units, 2);
    int ordinal = order & (LAST - 1);
    if (ordinal < 1 || ordinal > MOST_ORDINAL) {
      throw FormatException.malformed(
          offset, "part of a long name: expected number 1 to 20, found " + ordinal);
    }
    return new LongNameEntry(ordinal, (order & LAST) != 0, checksum, units.toString());
  }

  private static void readUnits(ByteReader source, StringBuilder units, int count)
      throws FormatException {
    for (int index = 0; index < count; index++) {
      units.append((char) source.u16());
    }
  }
}
