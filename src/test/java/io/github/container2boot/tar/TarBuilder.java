package io.github.container2boot.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.TreeMap;

/// Writes archives for tests: ordinary ones in one line an entry, malformed ones byte by byte.
///
/// ```java
/// byte[] layer =
///     new TarBuilder()
///         .directory("etc")
///         .file("etc/hostname", "machine")
///         .add(Entry.file("bin/ping", "…").mode(0_4755).xattr("security.capability", bytes))
///         .symlink("lib", "usr/lib")
///         .hardLink("bin/ping6", "bin/ping")
///         .whiteout("etc", "shadow")
///         .build();
/// ```
///
/// Entries belong to 0:0, were modified at 2026-01-01T00:00:00Z and have mode 0644, directories
/// 0755.
public final class TarBuilder {
  static final int BLOCK = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public TarBuilder file(String path, String data) {
    return add(Entry.file(path, data));
  }

  public TarBuilder file(String path, byte[] data) {
    return add(Entry.file(path, data));
  }

  public TarBuilder directory(String path) {
    return add(Entry.directory(path));
  }

  public TarBuilder symlink(String path, String target) {
    return add(Entry.symlink(path, target));
  }

  public TarBuilder hardLink(String path, String target) {
    return add(Entry.hardLink(path, target));
  }

  public TarBuilder fifo(String path) {
    return add(new Entry(path, '6'));
  }

  public TarBuilder characterDevice(String path, long major, long minor) {
    return add(new Entry(path, '3').device(major, minor));
  }

  public TarBuilder blockDevice(String path, long major, long minor) {
    return add(new Entry(path, '4').device(major, minor));
  }

  /// The OCI whiteout of `name` in `directory` ("" is the root).
  public TarBuilder whiteout(String directory, String name) {
    return file(directory.isEmpty() ? ".wh." + name : directory + "/.wh." + name, "");
  }

  /// The OCI opaque mark of `directory`.
  public TarBuilder opaque(String directory) {
    return whiteout(directory, ".wh..opq");
  }

  /// A global extended header.
  public TarBuilder global(String... keywordsAndValues) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int index = 0; index < keywordsAndValues.length; index += 2) {
      records.writeBytes(record(keywordsAndValues[index], utf8(keywordsAndValues[index + 1])));
    }
    return add(new Entry("pax_global_header", 'g').data(records.toByteArray()));
  }

  public TarBuilder add(Entry entry) {
    return raw(entry.toByteArray());
  }

  /// Any bytes at all.
  public TarBuilder raw(byte[] anything) {
    bytes.writeBytes(anything);
    return this;
  }

  /// The archive so far, without the zero blocks at its end.
  public byte[] unfinished() {
    return bytes.toByteArray();
  }

  /// The archive with its two zero blocks.
  public byte[] build() {
    return Arrays.copyOf(unfinished(), bytes.size() + 2 * BLOCK);
  }

  /// A well-formed pax record.
  public static byte[] record(String keyword, byte[] value) {
    int rest = utf8(keyword).length + value.length + 3;
    int length = rest + 1;
    while (length != rest + Integer.toString(length).length()) {
      length = rest + Integer.toString(length).length();
    }
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes(utf8(length + " " + keyword + "="));
    record.writeBytes(value);
    record.write('\n');
    return record.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /// One entry with all it can have. What does not fit the plain header goes into an extended one
  /// by itself.
  public static final class Entry {
    private byte[] path;
    private char typeFlag;
    private byte[] linkName = {};
    private byte[] data = {};
    private long sizeBytes = -1;
    private int mode = 0_644;
    private long userId;
    private long groupId;
    private Instant modified = Instant.parse("2026-01-01T00:00:00Z");
    private long major;
    private long minor;
    private String magic = "ustar\00000";
    private boolean gnu;
    private boolean base256;
    private boolean signedChecksum;
    private final ByteArrayOutputStream pax = new ByteArrayOutputStream();
    private final TreeMap<Integer, byte[]> fields = new TreeMap<>();

    public Entry(String path, char typeFlag) {
      this(utf8(path), typeFlag);
    }

    public Entry(byte[] path, char typeFlag) {
      this.path = path.clone();
      this.typeFlag = typeFlag;
    }

    public static Entry file(String path, String data) {
      return file(path, utf8(data));
    }

    public static Entry file(String path, byte[] data) {
      return new Entry(path, '0').data(data);
    }

    public static Entry file(byte[] path, byte[] data) {
      return new Entry(path, '0').data(data);
    }

    public static Entry directory(String path) {
      return new Entry(path, '5').mode(0_755);
    }

    public static Entry symlink(String path, String target) {
      return new Entry(path, '2').linkName(target).mode(0_777);
    }

    public static Entry hardLink(String path, String target) {
      return new Entry(path, '1').linkName(target);
    }

    public Entry path(String changed) {
      this.path = utf8(changed);
      return this;
    }

    public char typeFlag() {
      return typeFlag;
    }

    public Entry typeFlag(char changed) {
      this.typeFlag = changed;
      return this;
    }

    public Entry linkName(String changed) {
      return linkName(utf8(changed));
    }

    public Entry linkName(byte[] changed) {
      this.linkName = changed.clone();
      return this;
    }

    public Entry data(byte[] changed) {
      this.data = changed.clone();
      return this;
    }

    /// What the size field says, if it is not the size of the data.
    public Entry size(long changedBytes) {
      this.sizeBytes = changedBytes;
      return this;
    }

    public Entry mode(int changed) {
      this.mode = changed;
      return this;
    }

    public Entry owner(long user, long group) {
      this.userId = user;
      this.groupId = group;
      return this;
    }

    public Entry modified(Instant changed) {
      this.modified = changed;
      return this;
    }

    public Entry modified(String changed) {
      return modified(Instant.parse(changed));
    }

    public Entry device(long changedMajor, long changedMinor) {
      this.major = changedMajor;
      this.minor = changedMinor;
      return this;
    }

    /// As podman, docker and GNU tar write it.
    public Entry xattr(String name, byte[] value) {
      return pax("SCHILY.xattr." + name, value);
    }

    public Entry xattr(String name, String value) {
      return xattr(name, utf8(value));
    }

    /// As bsdtar writes it.
    public Entry libarchiveXattr(String encodedName, byte[] value) {
      return pax(
          "LIBARCHIVE.xattr." + encodedName, Base64.getEncoder().withoutPadding().encode(value));
    }

    public Entry pax(String keyword, byte[] value) {
      return paxRaw(record(keyword, value));
    }

    public Entry pax(String keyword, String value) {
      return pax(keyword, utf8(value));
    }

    /// Any bytes into the extended header.
    public Entry paxRaw(byte[] records) {
      pax.writeBytes(records);
      return this;
    }

    /// GNU's magic, long names as `L` and `K` entries, large numbers in base 256.
    public Entry gnu() {
      this.magic = "ustar  \0";
      this.gnu = true;
      this.base256 = true;
      return this;
    }

    /// No magic: the Seventh Edition's header.
    public Entry seventhEdition() {
      this.magic = "\0\0\0\0\0\0\0\0";
      return this;
    }

    public Entry magic(String changed) {
      this.magic = changed;
      return this;
    }

    /// Every number in base 256.
    public Entry base256() {
      this.base256 = true;
      return this;
    }

    public Entry signedChecksum() {
      this.signedChecksum = true;
      return this;
    }

    /// Overwrites part of the header block; the checksum is made to fit, unless this overwrites it.
    public Entry field(int offset, byte[] value) {
      fields.put(offset, value.clone());
      return this;
    }

    public Entry field(int offset, String value) {
      return field(offset, value.getBytes(ISO_8859_1));
    }

    byte[] toByteArray() {
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      if (gnu) {
        writeLong(entry, path, 'L');
        writeLong(entry, linkName, 'K');
      } else {
        addPax();
      }
      if (pax.size() > 0) {
        entry.writeBytes(new Entry("PaxHeaders.0", 'x').data(pax.toByteArray()).block());
        writePadded(entry, pax.toByteArray());
      }
      entry.writeBytes(block());
      writePadded(entry, data);
      return entry.toByteArray();
    }

    private void addPax() {
      if (path.length > 100) {
        pax("path", path);
      }
      if (linkName.length > 100) {
        pax("linkpath", linkName);
      }
      if (modified.getNano() != 0 || modified.getEpochSecond() < 0) {
        pax("mtime", decimal(modified));
      }
      if (userId > 0_7777777) {
        pax("uid", Long.toString(userId));
      }
      if (groupId > 0_7777777) {
        pax("gid", Long.toString(groupId));
      }
      if (statedBytes() > 0_77777777777L) {
        pax("size", Long.toString(statedBytes()));
      }
    }

    private static String decimal(Instant time) {
      return new java.math.BigDecimal(time.getEpochSecond())
          .add(java.math.BigDecimal.valueOf(time.getNano(), 9))
          .stripTrailingZeros()
          .toPlainString();
    }

    private static void writeLong(ByteArrayOutputStream target, byte[] name, char typeFlag) {
      if (name.length > 100) {
        byte[] data = Arrays.copyOf(name, name.length + 1);
        target.writeBytes(new Entry("././@LongLink", typeFlag).data(data).block());
        writePadded(target, data);
      }
    }

    private static void writePadded(ByteArrayOutputStream target, byte[] data) {
      target.writeBytes(Arrays.copyOf(data, (data.length + BLOCK - 1) / BLOCK * BLOCK));
    }

    private long statedBytes() {
      return sizeBytes < 0 ? data.length : sizeBytes;
    }

    private byte[] block() {
      byte[] block = new byte[BLOCK];
      put(block, 0, Arrays.copyOf(path, Math.min(100, path.length)));
      number(block, 100, 8, mode);
      number(block, 108, 8, userId);
      number(block, 116, 8, groupId);
      number(block, 124, 12, statedBytes());
      number(block, 136, 12, modified.getEpochSecond());
      block[156] = (byte) typeFlag;
      put(block, 157, Arrays.copyOf(linkName, Math.min(100, linkName.length)));
      put(block, 257, magic.getBytes(ISO_8859_1));
      if (typeFlag == '3' || typeFlag == '4') {
        number(block, 329, 8, major);
        number(block, 337, 8, minor);
      }
      Arrays.fill(block, 148, 156, (byte) ' ');
      fields.forEach((offset, value) -> put(block, offset, value));
      if (!fields.containsKey(148)) {
        put(block, 148, "%06o\0 ".formatted(checksum(block)).getBytes(ISO_8859_1));
      }
      return block;
    }

    private int checksum(byte[] block) {
      int sum = 0;
      for (byte value : block) {
        sum += signedChecksum ? value : Byte.toUnsignedInt(value);
      }
      return sum;
    }

    /// Octal where it fits and nothing else was asked for; a number that an extended header holds
    /// is 0 here.
    private void number(byte[] block, int offset, int count, long value) {
      long most = (1L << 3 * (count - 1)) - 1;
      if (value >= 0 && value <= most && !(base256 && !gnu)) {
        put(block, offset, ("%0" + (count - 1) + "o\0").formatted(value).getBytes(ISO_8859_1));
      } else if (base256) {
        for (int index = 0; index < count; index++) {
          int shift = 8 * (count - 1 - index);
          block[offset + index] = (byte) (value >> Math.min(63, shift));
        }
        block[offset] |= (byte) 0x80;
      }
    }

    private static void put(byte[] block, int offset, byte[] value) {
      System.arraycopy(value, 0, block, offset, value.length);
    }
  }
}
