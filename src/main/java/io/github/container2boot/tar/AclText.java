package io.github.container2boot.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// An access control list as star and GNU tar write it, `user::rw-,group:adm:r--:4,…` (acl(5), "ACL
/// TEXT FORMS", with star's numeric ids at the end), and as Linux keeps it in
/// `system.posix_acl_access`:
///
/// | offset | bytes | field | |
/// |---|---|---|---|
/// | 0 | 4 | version | 2 |
/// | 4 + 8n | 2 | tag | see [Tag] |
/// | 6 + 8n | 2 | permissions | read 4, write 2, execute 1 |
/// | 8 + 8n | 4 | id | of the user or group, else all ones |
///
/// A name without an id means somebody only the machine knew that made the archive. It gets all
/// ones, as the kernel itself gives who has no id.
final class AclText {
  private static final int VERSION = 2;
  private static final long NO_ID = 0xffff_ffffL;
  private static final int HEADER_BYTES = 4;
  private static final int ENTRY_BYTES = 8;

  /// Of whom an entry speaks.
  private enum Tag {
    OWNER(0x01),
    USER(0x02),
    OWNING_GROUP(0x04),
    GROUP(0x08),
    MASK(0x10),
    OTHER(0x20);

    private final int code;

    Tag(int code) {
      this.code = code;
    }
  }

  private record Entry(Tag tag, int permissions, long id) {}

  private AclText() {}

  /// The value of `system.posix_acl_access`; empty if the list says nothing that the mode does not.
  static Optional<ByteString> toAccess(ByteString text, long offsetBytes) throws FormatException {
    List<Entry> entries = entries(text, offsetBytes);
    return saysTheMode(entries) ? Optional.empty() : Optional.of(attribute(entries));
  }

  /// The value of `system.posix_acl_default`.
  static ByteString toDefault(ByteString text, long offsetBytes) throws FormatException {
    return attribute(entries(text, offsetBytes));
  }

  private static List<Entry> entries(ByteString text, long offsetBytes) throws FormatException {
    List<Entry> entries = new ArrayList<>();
    for (String line : new String(text.toByteArray(), ISO_8859_1).split("[,\n]", -1)) {
      String entry = line.replaceAll("#.*", "").strip();
      if (!entry.isEmpty()) {
        entries.add(entry(entry, offsetBytes));
      }
    }
    entries.sort(Comparator.comparing(Entry::tag).thenComparingLong(Entry::id));
    return entries;
  }

  private static boolean saysTheMode(List<Entry> entries) {
    return entries.stream()
        .allMatch(entry ->
            switch (entry.tag()) {
              case OWNER, OWNING_GROUP, OTHER -> true;
              case USER, GROUP, MASK -> false;
            });
  }

  private static ByteString attribute(List<Entry> entries) {
    ByteWriter writer = ByteWriter.littleEndian(HEADER_BYTES + ENTRY_BYTES * entries.size());
    writer.u32(VERSION);
    for (Entry entry : entries) {
      writer.u16(entry.tag().code).u16(entry.permissions()).u32(entry.id());
    }
    return ByteString.of(writer.toByteArray());
  }

  /// `TAG:[NAME]:PERMISSIONS[:ID]`, the empty name left out at times (`other:r--`).
  private static Entry entry(String text, long offsetBytes) throws FormatException {
    List<String> fields = new ArrayList<>(List.of(text.split(":", -1)));
    if (fields.getFirst().equals("default")) {
      fields.removeFirst();
    }
    if (fields.size() == 2) {
      fields.add(1, "");
    }
    boolean named = fields.size() > 1 && !fields.get(1).isEmpty();
    Optional<Tag> tag = tag(fields.getFirst(), named);
    int permissions = fields.size() > 2 ? permissions(fields.get(2)) : -1;
    if (tag.isEmpty() || permissions < 0 || fields.size() > 4) {
      throw FormatException.malformed(
          offsetBytes,
          "access control list: expected TAG:NAME:PERMISSIONS, found \"%s\""
              .formatted(ByteString.utf8(text)));
    }
    long id =
        named ? id(fields.getLast().matches("[0-9]+") ? fields.getLast() : fields.get(1)) : NO_ID;
    return new Entry(tag.get(), permissions, id);
  }

  private static Optional<Tag> tag(String word, boolean named) {
    return switch (word) {
      case "user", "u" -> Optional.of(named ? Tag.USER : Tag.OWNER);
      case "group", "g" -> Optional.of(named ? Tag.GROUP : Tag.OWNING_GROUP);
      case "mask", "m" -> Optional.of(Tag.MASK);
      case "other", "o" -> Optional.of(Tag.OTHER);
      default -> Optional.empty();
    };
  }

  private static int permissions(String text) {
    if (!text.matches("[r-][w-][x-]")) {
      return -1;
    }
    return (text.charAt(0) == 'r' ? 4 : 0)
        + (text.charAt(1) == 'w' ? 2 : 0)
        + (text.charAt(2) == 'x' ? 1 : 0);
  }

  private static long id(String text) {
    return text.matches("[0-9]{1,10}") ? Math.min(Long.parseLong(text), NO_ID) : NO_ID;
  }
}
