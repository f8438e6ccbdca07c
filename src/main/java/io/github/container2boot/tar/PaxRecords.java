package io.github.container2boot.tar;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.ExtendedAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The records of pax extended headers, as far as they concern us; later ones replace earlier ones.
///
/// A record is `LENGTH KEYWORD=VALUE\n`: the length in decimal digits counts the whole record,
/// itself and the newline included, so a value may hold any byte. ("pax Extended Header", IEEE Std
/// 1003.1-2017.)
final class PaxRecords {
  private static final byte[] SCHILY_XATTR = ascii("SCHILY.xattr.");
  private static final byte[] LIBARCHIVE_XATTR = ascii("LIBARCHIVE.xattr.");
  private static final byte[] SELINUX = ascii("RHT.security.selinux");
  private static final byte[] ACL_ACCESS = ascii("SCHILY.acl.access");
  private static final byte[] ACL_DEFAULT = ascii("SCHILY.acl.default");
  private static final byte[] SPARSE_OFFSET = ascii("GNU.sparse.offset");
  private static final byte[] SPARSE_BYTES = ascii("GNU.sparse.numbytes");
  private static final ByteString SELINUX_NAME = ByteString.utf8("security.selinux");
  private static final ByteString ACL_ACCESS_NAME = ByteString.utf8("system.posix_acl_access");
  private static final ByteString ACL_DEFAULT_NAME = ByteString.utf8("system.posix_acl_default");

  /// What Linux takes (XATTR_NAME_MAX, XATTR_SIZE_MAX, XATTR_LIST_MAX).
  private static final int MAX_XATTR_NAME_BYTES = 255;

  private static final int MAX_XATTR_BYTES = 1 << 16;
  private static final int MAX_XATTR_LIST_BYTES = 1 << 16;

  /// Keywords whose last value is the one that counts.
  enum Keyword {
    PATH("path"),
    LINK_PATH("linkpath"),
    SIZE("size"),
    USER_ID("uid"),
    GROUP_ID("gid"),
    MODIFIED("mtime"),
    DEVICE_MAJOR("SCHILY.devmajor"),
    DEVICE_MINOR("SCHILY.devminor"),
    SPARSE_MAJOR("GNU.sparse.major"),
    SPARSE_MINOR("GNU.sparse.minor"),
    SPARSE_NAME("GNU.sparse.name"),
    SPARSE_SIZE("GNU.sparse.size"),
    SPARSE_REAL_SIZE("GNU.sparse.realsize"),
    SPARSE_COUNT("GNU.sparse.numblocks"),
    SPARSE_MAP("GNU.sparse.map");

    private static final Keyword[] ALL = values();

    @SuppressWarnings("ImmutableEnumChecker") // never handed out, never written
    private final byte[] name;

    Keyword(String name) {
      this.name = ascii(name);
    }

    private static @Nullable Keyword of(byte[] data, int begin, int end) {
      for (Keyword keyword : ALL) {
        if (Arrays.equals(data, begin, end, keyword.name, 0, keyword.name.length)) {
          return keyword;
        }
      }
      return null;
    }

    @Override
    public String toString() {
      return new String(name, US_ASCII);
    }
  }

  private final Map<Keyword, ByteString> values = new EnumMap<>(Keyword.class);
  private final NavigableMap<ByteString, ByteString> xattrs = new TreeMap<>();
  private int xattrNameBytes;
  private SparseMap.@Nullable Builder segments;
  private long segmentOffsetBytes = -1;
  private long offsetBytes;

  /// Takes in the records in `data`, which lies at `offsetBytes` in the archive.
  void add(byte[] data, long offsetBytes) throws FormatException {
    this.offsetBytes = offsetBytes;
    for (int begin = 0; begin < data.length && !isPadding(data, begin); ) {
      begin = addRecord(data, begin);
    }
  }

  /// Some builders pad their records with NULs and count those in.
  private static boolean isPadding(byte[] data, int begin) {
    for (int index = begin; index < data.length; index++) {
      if (data[index] != 0) {
        return false;
      }
    }
    return true;
  }

  /// Takes in the record at `begin` and says where the next one begins.
  private int addRecord(byte[] data, int begin) throws FormatException {
    int digits = begin;
    long length = 0;
    while (digits < data.length && isDigit(data[digits]) && length < data.length) {
      length = 10 * length + data[digits++] - '0';
    }
    int keyword = digits;
    while (keyword < data.length && data[keyword] == ' ') {
      keyword++;
    }
    long end = begin + length;
    if (digits == begin || keyword == digits || end > data.length || end <= keyword + 1) {
      throw broken(data, begin, "a length, a space, KEYWORD=VALUE");
    }
    int last = (int) end - 1;
    if (data[last] != '\n') {
      throw broken(data, begin, "a newline at its end, after %d bytes".formatted(length));
    }
    int equals = keyword;
    while (equals < last && data[equals] != '=') {
      equals++;
    }
    if (equals == last || equals == keyword) {
      throw broken(data, begin, "KEYWORD=VALUE");
    }
    add(data, keyword, equals, last);
    return (int) end;
  }

  private void add(byte[] data, int begin, int equals, int end) throws FormatException {
    int value = equals + 1;
    if (hasPrefix(data, begin, equals, SCHILY_XATTR)) {
      ByteString name = bytes(data, begin + SCHILY_XATTR.length, equals);
      putXattr(name, bytes(data, value, end), true);
    } else if (hasPrefix(data, begin, equals, LIBARCHIVE_XATTR)) {
      ByteString name = urlDecoded(bytes(data, begin + LIBARCHIVE_XATTR.length, equals));
      putXattr(name, base64Decoded(name, bytes(data, value, end)), false);
    } else if (is(data, begin, equals, SELINUX)) {
      putXattr(SELINUX_NAME, terminated(data, value, end), false);
    } else if (is(data, begin, equals, ACL_ACCESS)) {
      putAccessAcl(bytes(data, value, end));
    } else if (is(data, begin, equals, ACL_DEFAULT)) {
      ByteString text = bytes(data, value, end);
      putXattr(ACL_DEFAULT_NAME, AclText.toDefault(text, offsetBytes), false);
    } else if (is(data, begin, equals, SPARSE_OFFSET)) {
      segmentOffsetBytes = number(bytes(data, value, end), "GNU.sparse.offset");
    } else if (is(data, begin, equals, SPARSE_BYTES)) {
      addSegment(number(bytes(data, value, end), "GNU.sparse.numbytes"));
    } else {
      Keyword keyword = Keyword.of(data, begin, equals);
      if (keyword != null) {
        values.put(keyword, bytes(data, value, end));
      }
    }
  }

  private void putAccessAcl(ByteString text) throws FormatException {
    Optional<ByteString> value = AclText.toAccess(text, offsetBytes);
    if (value.isPresent()) {
      putXattr(ACL_ACCESS_NAME, value.get(), false);
    }
  }

  /// libarchive writes each attribute twice; the plain record is the one to believe.
  private void putXattr(ByteString name, ByteString value, boolean plain) throws FormatException {
    if (name.isEmpty()
        || name.size() > MAX_XATTR_NAME_BYTES
        || name.indexOf((byte) 0, 0) >= 0
        || value.size() > MAX_XATTR_BYTES) {
      throw FormatException.malformed(
          offsetBytes,
          "extended attribute \"%s\" of %d bytes: expected a name of 1 to %d bytes and at most %d bytes"
              .formatted(name, value.size(), MAX_XATTR_NAME_BYTES, MAX_XATTR_BYTES));
    }
    ByteString before = plain ? xattrs.put(name, value) : xattrs.putIfAbsent(name, value);
    if (before == null) {
      xattrNameBytes += name.size() + 1;
      requireFewXattrs(xattrNameBytes);
    }
  }

  private void requireFewXattrs(int nameBytes) throws FormatException {
    if (nameBytes > MAX_XATTR_LIST_BYTES) {
      throw FormatException.malformed(
          offsetBytes,
          "names of extended attributes: expected at most %d bytes together"
              .formatted(MAX_XATTR_LIST_BYTES));
    }
  }

  private void addSegment(long sizeBytes) throws FormatException {
    if (segmentOffsetBytes < 0) {
      throw FormatException.malformed(
          offsetBytes, "GNU.sparse.numbytes: expected GNU.sparse.offset in front of it");
    }
    if (segments == null) {
      segments = new SparseMap.Builder(offsetBytes);
    }
    segments.add(segmentOffsetBytes, sizeBytes);
    segmentOffsetBytes = -1;
  }

  /// The last value of `keyword`; null if there is none, or an empty one that takes it back.
  @Nullable ByteString get(Keyword keyword) {
    ByteString value = values.get(keyword);
    return value == null || value.isEmpty() ? null : value;
  }

  /// Whether `keyword` was given or taken back here, so that nothing more general counts.
  boolean decides(Keyword keyword) {
    return values.containsKey(keyword);
  }

  long number(Keyword keyword, ByteString value) throws FormatException {
    return number(value, keyword.toString());
  }

  private long number(ByteString value, String keyword) throws FormatException {
    long number = 0;
    int size = value.size();
    for (int index = 0; index < size; index++) {
      byte digit = value.at(index);
      if (!isDigit(digit) || number > (Long.MAX_VALUE - 9) / 10) {
        throw notANumber(keyword, value);
      }
      number = 10 * number + digit - '0';
    }
    if (size == 0) {
      throw notANumber(keyword, value);
    }
    return number;
  }

  /// A time: `-12.5` is eleven and a half seconds before 1970 less one. What is finer than a
  /// nanosecond is dropped towards the past.
  Instant instant(Keyword keyword, ByteString value) throws FormatException {
    boolean negative = value.at(0) == '-';
    int begin = negative ? 1 : 0;
    int dot = value.indexOf((byte) '.', begin);
    int end = dot < 0 ? value.size() : dot;
    long seconds = number(value.substring(begin, end), keyword.toString());
    long nanos = 0;
    boolean finer = false;
    for (int index = end + 1, unit = 100_000_000; index < value.size(); index++, unit /= 10) {
      int digit = value.at(index) - '0';
      if (digit < 0 || digit > 9) {
        throw notANumber(keyword.toString(), value);
      }
      nanos += (long) digit * unit;
      finer |= unit == 0 && digit != 0;
    }
    try {
      return negative
          ? Instant.ofEpochSecond(-seconds, -nanos - (finer ? 1 : 0))
          : Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException | ArithmeticException _) {
      throw notANumber(keyword.toString(), value);
    }
  }

  /// The attributes given here, over those of `global`.
  ExtendedAttributes xattrs(PaxRecords global) throws FormatException {
    if (global.xattrs.isEmpty()) {
      return ExtendedAttributes.of(xattrs);
    }
    requireFewXattrs(xattrNameBytes + global.xattrNameBytes);
    NavigableMap<ByteString, ByteString> all = new TreeMap<>(global.xattrs);
    all.putAll(xattrs);
    return ExtendedAttributes.of(all);
  }

  /// The segments of a sparse file of version 0.0 or 0.1; null if this describes none.
  SparseMap.@Nullable Builder segments() throws FormatException {
    ByteString map = get(Keyword.SPARSE_MAP);
    SparseMap.Builder found = map == null ? segments : segmentsIn(map);
    ByteString count = get(Keyword.SPARSE_COUNT);
    if (count == null) {
      return found;
    }
    SparseMap.Builder all = found == null ? new SparseMap.Builder(offsetBytes) : found;
    long expected = number(Keyword.SPARSE_COUNT, count);
    if (all.count() != expected) {
      throw FormatException.malformed(
          offsetBytes,
          "sparse file: expected %d segments, found %d".formatted(expected, all.count()));
    }
    return all;
  }

  /// `OFFSET,BYTES,OFFSET,BYTES…`
  private SparseMap.Builder segmentsIn(ByteString map) throws FormatException {
    SparseMap.Builder builder = new SparseMap.Builder(offsetBytes);
    for (int begin = 0; begin < map.size(); ) {
      int comma = map.indexOf((byte) ',', begin);
      if (comma < 0) {
        throw notANumber(Keyword.SPARSE_MAP.toString(), map.substring(begin));
      }
      int next = map.indexOf((byte) ',', comma + 1);
      int end = next < 0 ? map.size() : next;
      builder.add(
          number(Keyword.SPARSE_MAP, map.substring(begin, comma)),
          number(Keyword.SPARSE_MAP, map.substring(comma + 1, end)));
      begin = end + 1;
    }
    return builder;
  }

  private ByteString base64Decoded(ByteString name, ByteString value) throws FormatException {
    try {
      return ByteString.of(Base64.getDecoder().decode(value.toByteArray()));
    } catch (IllegalArgumentException _) {
      throw FormatException.malformed(
          offsetBytes, "extended attribute \"%s\": expected base64".formatted(name));
    }
  }

  private ByteString urlDecoded(ByteString name) throws FormatException {
    byte[] decoded = new byte[name.size()];
    int size = 0;
    for (int index = 0; index < name.size(); index++) {
      byte value = name.at(index);
      if (value == '%') {
        int high = index + 2 < name.size() ? Character.digit(name.at(index + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(name.at(index + 2), 16);
        if (low < 0) {
          throw FormatException.malformed(
              offsetBytes, "extended attribute \"%s\": expected %%XX".formatted(name));
        }
        value = (byte) (high << 4 | low);
        index += 2;
      }
      decoded[size++] = value;
    }
    return ByteString.of(decoded, 0, size);
  }

  private FormatException notANumber(String keyword, ByteString value) {
    return FormatException.malformed(
        offsetBytes, "%s: expected a number, found \"%s\"".formatted(keyword, shown(value)));
  }

  private FormatException broken(byte[] data, int begin, String expected) {
    ByteString found = ByteString.of(data, begin, data.length - begin);
    return FormatException.malformed(
        offsetBytes + begin,
        "extended header record: expected %s, found \"%s\"".formatted(expected, shown(found)));
  }

  private static ByteString shown(ByteString value) {
    return value.substring(0, Math.min(40, value.size()));
  }

  private static boolean is(byte[] data, int begin, int end, byte[] keyword) {
    return Arrays.equals(data, begin, end, keyword, 0, keyword.length);
  }

  private static boolean hasPrefix(byte[] data, int begin, int end, byte[] prefix) {
    return end - begin >= prefix.length
        && Arrays.equals(data, begin, begin + prefix.length, prefix, 0, prefix.length);
  }

  /// The attribute ends in a NUL where its text form does not.
  private static ByteString terminated(byte[] text, int begin, int end) {
    byte[] value = Arrays.copyOfRange(text, begin, end + 1);
    value[end - begin] = 0;
    return ByteString.of(value);
  }

  private static ByteString bytes(byte[] data, int begin, int end) {
    return ByteString.of(data, begin, end - begin);
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
