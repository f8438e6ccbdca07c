package io.github.container2boot.boot;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The headers of a PE file, as far as a firmware's loader and Secure Boot look at them.
///
/// | where | what |
/// |---|---|
/// | 0 | `MZ`; at 0x3c the offset of the signature |
/// | signature | `PE\0\0` |
/// | + 4 | COFF header, 20 bytes: machine, number of sections, size of the optional header |
/// | + 24 | optional header: magic 0x10b (PE32) or 0x20b (PE32+); at its end the data directories |
/// | after it | section headers, 40 bytes each |
///
/// Source: Microsoft Portable Executable Format, "COFF File Header", "Optional Header", "Section
/// Table", "The Attribute Certificate Table".
///
/// @param machine type of processor, see [Architecture#machine]
/// @param sections in the order of their headers
/// @param certificates DER-encoded PKCS #7 signatures from the attribute certificate table
public record PortableExecutable(int machine, List<Section> sections, List<Content> certificates) {
  private static final int MAX_SECTIONS = 96;
  private static final int MAX_OPTIONAL_HEADER_BYTES = 4096;
  private static final int MAX_CERTIFICATES = 16;
  private static final int MAX_CERTIFICATE_TABLE_BYTES = 1 << 20;

  private static final int DOS_HEADER_BYTES = 64;
  private static final int COFF_HEADER_BYTES = 24;
  private static final long SYMBOL_BYTES = 18;
  private static final int CERTIFICATE_DIRECTORY = 4;
  private static final int PKCS_SIGNED_DATA = 2;

  public PortableExecutable {
    sections = List.copyOf(sections);
    certificates = List.copyOf(certificates);
  }

  /// A section's name and where its data lies in the file.
  public record Section(String name, long offsetBytes, long sizeBytes) {
    static final int SIZE = 40;

    /// | offset | bytes | what |
    /// |---|---|---|
    /// | 0 | 8 | name, padded with NUL |
    /// | 8 | 8 | virtual size and address |
    /// | 16 | 4 | size of the data in the file |
    /// | 20 | 4 | where it lies |
    /// | 24 | 16 | relocations, line numbers, flags |
    static Section readFrom(ByteReader reader) throws FormatException {
      String name = terminated(reader.bytes(8));
      reader.skip(8);
      long sizeBytes = reader.u32();
      long offsetBytes = reader.u32();
      reader.skip(16);
      return new Section(name, offsetBytes, sizeBytes);
    }
  }

  /// Reads the headers of a file.
  ///
  /// @throws FormatException if it is not a PE file or a malformed one
  public static PortableExecutable read(Content file) throws IOException {
    if (file.sizeBytes() < DOS_HEADER_BYTES || bytes(file, 0, 2).u16() != 0x5a4d) {
      throw FormatException.malformed(0, "not a PE file: expected MZ");
    }
    long signature =
        signatureOffset(file).orElseThrow(() -> FormatException.malformed(0x3c, "no PE signature"));
    ByteReader coff = bytes(file, signature + 4, COFF_HEADER_BYTES - 4);
    int machine = coff.u16();
    int sectionCount = coff.u16();
    coff.skip(4);
    long symbolTable = coff.u32();
    long stringTable = symbolTable + SYMBOL_BYTES * coff.u32();
    int optionalBytes = coff.u16();
    if (sectionCount > MAX_SECTIONS || optionalBytes > MAX_OPTIONAL_HEADER_BYTES) {
      throw FormatException.unsupported(
          signature,
          "PE header: expected at most %d sections and %d bytes of optional header, found %d and %d"
              .formatted(MAX_SECTIONS, MAX_OPTIONAL_HEADER_BYTES, sectionCount, optionalBytes));
    }
    long optional = signature + COFF_HEADER_BYTES;
    ByteReader headers = bytes(file, optional + optionalBytes, sectionCount * Section.SIZE);
    return new PortableExecutable(
        machine,
        sections(headers, sectionCount, new LongNames(file, symbolTable == 0 ? 0 : stringTable)),
        certificates(file, certificateTable(bytes(file, optional, optionalBytes))));
  }

  /// The processor this is for, if we know it.
  public Optional<Architecture> architecture() {
    return Architecture.ofMachine(machine);
  }

  public boolean isSigned() {
    return !certificates.isEmpty();
  }

  /// The data of the section called `name` in `file`, which is the file this was read from. Empty
  /// if there is none or it does not lie inside the file.
  public Optional<Content> section(Content file, String name) {
    return sections.stream()
        .filter(section -> section.name().equals(name))
        .filter(section -> section.offsetBytes() + section.sizeBytes() <= file.sizeBytes())
        .findFirst()
        .map(section -> file.slice(section.offsetBytes(), section.sizeBytes()));
  }

  private static Optional<Long> signatureOffset(Content file) throws IOException {
    long offset = bytes(file, 0x3c, 4).u32();
    boolean found =
        offset <= file.sizeBytes() - COFF_HEADER_BYTES && bytes(file, offset, 4).u32() == 0x4550;
    return found ? Optional.of(offset) : Optional.empty();
  }

  private static List<Section> sections(ByteReader reader, int count, LongNames names)
      throws IOException {
    List<Section> sections = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Section section = Section.readFrom(reader);
      sections.add(
          new Section(names.of(section.name()), section.offsetBytes(), section.sizeBytes()));
    }
    return sections;
  }

  /// Names of more than eight bytes are written as `/` and where they lie in the string table,
  /// which follows the symbols ("COFF String Table").
  private record LongNames(Content file, long tableOffsetBytes) {
    private static final int MAX_BYTES = 64;

    /// The long name, or `name` itself where there is no such name: it is only looked up by.
    String of(String name) throws IOException {
      if (tableOffsetBytes == 0 || !name.matches("/[0-9]{1,7}")) {
        return name;
      }
      long offsetBytes = tableOffsetBytes + Integer.parseInt(name.substring(1));
      long count = Math.min(MAX_BYTES, file.sizeBytes() - offsetBytes);
      return count <= 0
          ? name
          : terminated(bytes(file, offsetBytes, (int) count).bytes((int) count));
    }
  }

  private static String terminated(byte[] padded) {
    String text = new String(padded, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /// A range of the file; none has no bytes.
  private record Range(long offsetBytes, long sizeBytes) {
    static final Range NONE = new Range(0, 0);
  }

  /// The data directories follow the count of them, which lies at 92 in PE32 and at 108 in PE32+.
  /// This one alone holds a file offset, not an address.
  private static Range certificateTable(ByteReader optional) throws FormatException {
    if (optional.remaining() < 2) {
      return Range.NONE;
    }
    int countOffset =
        switch (optional.u16()) {
          case 0x10b -> 92;
          case 0x20b -> 108;
          default ->
              throw FormatException.unsupported(
                  optional.offsetBytes() - 2, "unknown kind of PE optional header");
        };
    if (optional.remaining() < countOffset + 2 + 8 * CERTIFICATE_DIRECTORY + 8) {
      return Range.NONE;
    }
    optional.skip(countOffset - 2);
    if (optional.u32() <= CERTIFICATE_DIRECTORY) {
      return Range.NONE;
    }
    optional.skip(8 * CERTIFICATE_DIRECTORY);
    return new Range(optional.u32(), optional.u32());
  }

  /// Entries are WIN_CERTIFICATE structures, each padded to 8 bytes:
  ///
  /// | offset | bytes | what |
  /// |---|---|---|
  /// | 0 | 4 | length, this header included |
  /// | 4 | 2 | revision |
  /// | 6 | 2 | type: 2 is PKCS #7 SignedData |
  /// | 8 | | the certificate |
  private static List<Content> certificates(Content file, Range table) throws IOException {
    if (table.sizeBytes() == 0) {
      return List.of();
    }
    long end = table.offsetBytes() + table.sizeBytes();
    if (end > file.sizeBytes() || table.sizeBytes() > MAX_CERTIFICATE_TABLE_BYTES) {
      throw FormatException.malformed(
          table.offsetBytes(),
          "PE certificate table of %d bytes in a file of %d"
              .formatted(table.sizeBytes(), file.sizeBytes()));
    }
    List<Content> found = new ArrayList<>();
    for (long offset = table.offsetBytes(); end - offset >= 8; ) {
      ByteReader header = bytes(file, offset, 8);
      long lengthBytes = header.u32();
      header.skip(2);
      int type = header.u16();
      if (lengthBytes < 8 || lengthBytes > end - offset || found.size() == MAX_CERTIFICATES) {
        throw FormatException.malformed(offset, "PE certificate of " + lengthBytes + " bytes");
      }
      if (type == PKCS_SIGNED_DATA) {
        found.add(file.slice(offset + 8, lengthBytes - 8));
      }
      offset += (lengthBytes + 7) / 8 * 8;
    }
    return found;
  }

  private static ByteReader bytes(Content file, long offsetBytes, int count) throws IOException {
    if (offsetBytes < 0 || offsetBytes > file.sizeBytes() - count) {
      throw FormatException.malformed(
          offsetBytes,
          "PE file ends too soon: expected %d more bytes, found %d"
              .formatted(count, Math.max(0, file.sizeBytes() - offsetBytes)));
    }
    ByteBuffer buffer = ByteBuffer.allocate(count);
    file.read(offsetBytes, buffer);
    return ByteReader.littleEndian(buffer.flip(), offsetBytes);
  }
}
