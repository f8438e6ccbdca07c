package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteWriter;

/// What a file is called in its directory.
///
/// @param shortName unique in the directory
/// @param longName the name itself, empty where the short one says it all
record EntryName(ShortName shortName, String longName) {
  /// How many directory entries the file takes.
  int entries() {
    return 1 + longNameEntries();
  }

  private int longNameEntries() {
    return Math.ceilDiv(longName.length(), LongNameEntry.UNITS);
  }

  /// Writes the long name, whose last part comes first.
  void writeLongNameTo(ByteWriter target) {
    for (int ordinal = longNameEntries(); ordinal >= 1; ordinal--) {
      LongNameEntry.of(longName, ordinal, shortName.checksum()).writeTo(target);
    }
  }
}
