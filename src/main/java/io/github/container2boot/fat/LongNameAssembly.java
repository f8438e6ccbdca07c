package io.github.container2boot.fat;

import java.util.Optional;

/// Puts the parts of a long name together as they come, the last first.
///
/// Systems that know only short names leave parts behind whose file is gone. The specification
/// wants such strays ignored: parts that do not follow each other, or whose checksum is not that of
/// the short name after them.
final class LongNameAssembly {
  private final StringBuilder name = new StringBuilder();
  private int awaited;
  private int checksum;

  void add(LongNameEntry part) {
    if (part.last()) {
      clear();
      checksum = part.checksum();
      awaited = part.ordinal();
    }
    if (part.ordinal() != awaited || part.checksum() != checksum) {
      clear();
      return;
    }
    name.insert(0, part.text());
    awaited--;
  }

  /// The long name of the file that `shortName` belongs to, if it has one.
  Optional<String> nameOf(ShortName shortName) {
    boolean whole = awaited == 0 && !name.isEmpty() && checksum == shortName.checksum();
    return whole ? Optional.of(name.toString()) : Optional.empty();
  }

  void clear() {
    name.setLength(0);
    awaited = 0;
    checksum = -1;
  }
}
