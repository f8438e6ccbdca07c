package io.github.container2boot.fat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteString;
import java.util.Arrays;

/// The name of a volume: up to eleven characters, kept in the boot sector and as an entry of the
/// root directory.
///
/// @param bytes the label as it lies on the disk, eleven bytes, filled with spaces
public record VolumeLabel(ByteString bytes) {
  static final int SIZE = 11;

  private static final VolumeLabel NONE = new VolumeLabel(ByteString.utf8("NO NAME    "));

  public VolumeLabel {
    if (bytes.size() != SIZE) {
      throw new IllegalArgumentException("a label of " + bytes.size() + " bytes");
    }
  }

  /// No label: the boot sector says `NO NAME`, as the specification wants, and the root directory
  /// has no entry for it.
  public static VolumeLabel none() {
    return NONE;
  }

  /// The label `text`: one to eleven of the characters that short names may have, or spaces inside.
  /// Lower case is refused: some systems show it, some do not find the volume by it.
  public static VolumeLabel of(String text) throws FatException {
    if (text.isEmpty() || text.length() > SIZE) {
      throw refused(text, "must have 1 to 11 characters, this one has " + text.length());
    }
    if (text.startsWith(" ") || text.endsWith(" ")) {
      throw refused(text, "must not begin or end with a space");
    }
    for (int index = 0; index < text.length(); index++) {
      char unit = text.charAt(index);
      if (unit != ' ' && !ShortName.admits(unit)) {
        throw refused(
            text,
            "may have A-Z, 0-9, space and !#$%&'()-@^_`{}~ only, this one has " + shown(unit));
      }
    }
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) ' ');
    System.arraycopy(text.getBytes(ISO_8859_1), 0, bytes, 0, text.length());
    return new VolumeLabel(ByteString.of(bytes));
  }

  public boolean isNone() {
    return bytes.equals(NONE.bytes);
  }

  /// The label without the spaces that fill it.
  @Override
  public String toString() {
    return CodePage437.decoded(bytes).stripTrailing();
  }

  private static FatException refused(String text, String reason) {
    return new FatException(new FatException.LabelNotRepresentable(text, reason));
  }

  private static String shown(char unit) {
    return unit > ' ' && unit < 0x7f ? "'" + unit + "'" : "U+%04X".formatted((int) unit);
  }
}
