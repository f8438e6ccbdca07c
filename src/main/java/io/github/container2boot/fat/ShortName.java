package io.github.container2boot.fat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import java.util.Arrays;

/// The name every directory entry has: eight characters and an extension of three, each filled with
/// spaces, without the dot between them (Microsoft FAT Specification, section 6.1).
///
/// @param bytes the eleven bytes as they lie on the disk
record ShortName(ByteString bytes) implements Comparable<ShortName> {
  static final int SIZE = 11;
  static final int BASE_SIZE = 8;
  static final int EXTENSION_SIZE = 3;

  static final ShortName DOT = of(".", "");
  static final ShortName DOT_DOT = of("..", "");

  private static final byte SPACE = ' ';
  private static final String PUNCTUATION = "!#$%&'()-@^_`{}~";

  /// 0xE5 at the beginning marks a deleted entry; a name that begins with it has this instead.
  private static final byte STANDS_FOR_E5 = 0x05;

  ShortName {
    if (bytes.size() != SIZE) {
      throw new IllegalArgumentException("a short name of " + bytes.size() + " bytes");
    }
  }

  /// The name with these two parts, both ASCII and already short enough.
  static ShortName of(String base, String extension) {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, SPACE);
    System.arraycopy(base.getBytes(ISO_8859_1), 0, bytes, 0, base.length());
    System.arraycopy(extension.getBytes(ISO_8859_1), 0, bytes, BASE_SIZE, extension.length());
    return new ShortName(ByteString.of(bytes));
  }

  /// Whether a short name of ours may have this character.
  static boolean admits(char unit) {
    return (unit >= 'A' && unit <= 'Z')
        || (unit >= '0' && unit <= '9')
        || PUNCTUATION.indexOf(unit) >= 0;
  }

  void writeTo(ByteWriter target) {
    target.bytes(bytes);
  }

  static ShortName readFrom(ByteReader source) throws FormatException {
    return new ShortName(source.byteString(SIZE));
  }

  /// What the entries of the long name carry to show that they belong to this name (section 7.2).
  int checksum() {
    int sum = 0;
    for (int index = 0; index < SIZE; index++) {
      sum = (((sum & 1) << 7) + (sum >> 1) + (bytes.at(index) & 0xff)) & 0xff;
    }
    return sum;
  }

  /// The name as it is shown where there is no long one. Windows NT and Linux mark a base or an
  /// extension that was written in lower case.
  String shown(boolean lowerCaseBase, boolean lowerCaseExtension) {
    String base = part(0, BASE_SIZE, lowerCaseBase);
    String extension = part(BASE_SIZE, SIZE, lowerCaseExtension);
    return extension.isEmpty() ? base : base + "." + extension;
  }

  private String part(int begin, int end, boolean lowerCase) {
    byte[] part = bytes.substring(begin, end).toByteArray();
    if (begin == 0 && part[0] == STANDS_FOR_E5) {
      part[0] = (byte) 0xe5;
    }
    String text = CodePage437.decoded(ByteString.of(part)).replaceAll(" +$", "");
    return lowerCase ? lowered(text) : text;
  }

  private static String lowered(String text) {
    StringBuilder lowered = new StringBuilder(text.length());
    text.chars().forEach(unit -> lowered.append((char) Character.toLowerCase(unit)));
    return lowered.toString();
  }

  @Override
  public int compareTo(ShortName other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return shown(false, false);
  }
}
