package io.github.container2boot.cpio;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.ExtendedAttributes;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Reads the plain archives at the beginning of an input, entry by entry.
///
/// ```java
/// CpioReader reader = new CpioReader(initrd);
/// for (CpioEntry entry; (entry = reader.next()) != null; ) {
///   …
/// }
/// InputStream compressed = reader.rest();
/// ```
///
/// An input that begins with something else has no entries, and all of it is the rest.
public final class CpioReader implements Closeable {
  private static final int ALIGNMENT_BYTES = 4;
  private static final int LONGEST_NAME_BYTES = 4096;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final ByteString TRAILER = ByteString.utf8("TRAILER!!!");

  private final BufferedInputStream input;
  private long offsetBytes;
  private long archiveOffsetBytes;
  private int archive = -1;
  private State state = State.BETWEEN_ARCHIVES;
  private EntryData data = new EntryData(0, false, 0);

  /// Closing this reader closes `input`.
  public CpioReader(InputStream input) {
    this.input = new BufferedInputStream(input, BUFFER_BYTES);
  }

  private enum State {
    BETWEEN_ARCHIVES,
    IN_ARCHIVE,
    AT_REST
  }

  /// The next entry, whichever archive it is in, or null after the last archive.
  ///
  /// @throws FormatException if the input is corrupt or ends within an archive
  public @Nullable CpioEntry next() throws IOException {
    data.skipRest();
    while (true) {
      switch (state) {
        case AT_REST -> {
          return null;
        }
        case BETWEEN_ARCHIVES -> beginArchive();
        case IN_ARCHIVE -> {
          CpioEntry entry = readEntry();
          if (entry != null) {
            return entry;
          }
        }
      }
    }
  }

  /// The data of the current entry, which ends with the next call of [#next]. Closing it does
  /// nothing.
  public InputStream data() {
    return data;
  }

  /// All data of the current entry.
  ///
  /// @throws FormatException if it is more than `mostBytes`
  public byte[] readData(int mostBytes) throws IOException {
    if (data.left > mostBytes) {
      throw FormatException.malformed(
          offsetBytes,
          "cpio entry is too large: expected at most %d bytes, found %d"
              .formatted(mostBytes, data.left));
    }
    return data.readAllBytes();
  }

  /// What follows the last archive and its padding, once [#next] returned null; at the end of the
  /// input if nothing does. It supports mark and reset, for as much as a format is told by.
  public InputStream rest() {
    if (state != State.AT_REST) {
      throw new IllegalStateException("not all entries were read");
    }
    return input;
  }

  /// Where [#rest] begins, or the next entry.
  public long offsetBytes() {
    return offsetBytes;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  private void beginArchive() throws IOException {
    skipZeros();
    input.mark(CpioHeader.MAGIC_SIZE);
    byte[] magic = input.readNBytes(CpioHeader.MAGIC_SIZE);
    input.reset();
    if (CpioHeader.isMagic(magic)) {
      archiveOffsetBytes = offsetBytes;
      archive++;
      state = State.IN_ARCHIVE;
    } else {
      state = State.AT_REST;
    }
  }

  private void skipZeros() throws IOException {
    int value;
    do {
      input.mark(1);
      value = input.read();
      offsetBytes++;
    } while (value == 0);
    input.reset();
    offsetBytes--;
  }

  /// Null for the trailer.
  private @Nullable CpioEntry readEntry() throws IOException {
    long start = offsetBytes;
    CpioHeader header =
        CpioHeader.readFrom(
            ByteReader.littleEndian(ByteBuffer.wrap(readFully(CpioHeader.SIZE)), start));
    ByteString name = readName(header, start);
    if (name.equals(TRAILER)) {
      skipFully(header.sizeBytes());
      skipPadding();
      state = State.BETWEEN_ARCHIVES;
      return null;
    }
    return entry(header, name, start);
  }

  private ByteString readName(CpioHeader header, long start) throws IOException {
    long sizeBytes = header.nameSizeBytes();
    if (sizeBytes < 1 || sizeBytes > LONGEST_NAME_BYTES) {
      throw FormatException.malformed(
          start,
          "cpio name: expected 1 to %d bytes, found %d".formatted(LONGEST_NAME_BYTES, sizeBytes));
    }
    ByteString field = ByteString.of(readFully((int) sizeBytes));
    skipPadding();
    return withoutPadding(field, start);
  }

  /// Some writers put the data on a block boundary by filling up the name with more than one NUL.
  private static ByteString withoutPadding(ByteString field, long start) throws FormatException {
    int end = field.indexOf((byte) 0, 0);
    for (int index = Math.max(end, 0); index < field.size(); index++) {
      if (end < 0 || field.at(index) != 0) {
        throw FormatException.malformed(start, "cpio name does not end where its size says");
      }
    }
    return field.substring(0, end);
  }

  private CpioEntry entry(CpioHeader header, ByteString name, long start) throws IOException {
    CpioEntry.Type type = type(header.mode(), start);
    boolean summed = header.hasChecksum() && type == CpioEntry.Type.FILE;
    data = new EntryData(header.sizeBytes(), summed, header.checksum());
    return new CpioEntry(
        name,
        type,
        attributes(header),
        new CpioEntry.InodeNumber(
            archive, header.deviceMajor(), header.deviceMinor(), header.inode()),
        header.links(),
        header.sizeBytes(),
        type == CpioEntry.Type.SYMBOLIC_LINK
            ? ByteString.of(readData(LONGEST_NAME_BYTES))
            : ByteString.empty(),
        header.referencedMajor(),
        header.referencedMinor(),
        start);
  }

  private static CpioEntry.Type type(long mode, long start) throws FormatException {
    return switch ((int) (mode & 0_170_000)) {
      case 0_100_000 -> CpioEntry.Type.FILE;
      case 0_040_000 -> CpioEntry.Type.DIRECTORY;
      case 0_120_000 -> CpioEntry.Type.SYMBOLIC_LINK;
      case 0_020_000 -> CpioEntry.Type.CHARACTER_DEVICE;
      case 0_060_000 -> CpioEntry.Type.BLOCK_DEVICE;
      case 0_010_000 -> CpioEntry.Type.FIFO;
      case 0_140_000 -> CpioEntry.Type.SOCKET;
      default ->
          throw FormatException.malformed(
              start, "cpio entry of unknown type: mode 0%o".formatted(mode));
    };
  }

  private static Attributes attributes(CpioHeader header) {
    return new Attributes(
        (int) (header.mode() & 0_7777),
        header.userId(),
        header.groupId(),
        Instant.ofEpochSecond(header.modifiedSeconds()),
        ExtendedAttributes.none());
  }

  private byte[] readFully(int count) throws IOException {
    byte[] bytes = input.readNBytes(count);
    offsetBytes += bytes.length;
    if (bytes.length < count) {
      throw endsTooSoon();
    }
    return bytes;
  }

  private void skipFully(long count) throws IOException {
    byte[] skipped = new byte[(int) Math.min(count, BUFFER_BYTES)];
    for (long left = count; left > 0; ) {
      int read = input.read(skipped, 0, (int) Math.min(left, skipped.length));
      if (read < 0) {
        throw endsTooSoon();
      }
      offsetBytes += read;
      left -= read;
    }
  }

  /// To the next multiple of 4 from the start of the archive. An input may end before it is
  /// complete.
  private void skipPadding() throws IOException {
    while ((offsetBytes - archiveOffsetBytes) % ALIGNMENT_BYTES != 0 && input.read() >= 0) {
      offsetBytes++;
    }
  }

  private FormatException endsTooSoon() {
    return FormatException.malformed(offsetBytes, "cpio archive ends too soon: no TRAILER!!!");
  }

  /// The data of one entry; its checksum is verified when the last byte is read.
  private final class EntryData extends BulkInputStream {
    private final boolean summed;
    private final long expectedSum;
    private long sum;
    private long left;

    EntryData(long sizeBytes, boolean summed, long expectedSum) {
      this.left = sizeBytes;
      this.summed = summed && sizeBytes > 0;
      this.expectedSum = expectedSum;
    }

    @Override
    protected int readSome(byte[] target, int offset, int count) throws IOException {
      if (left == 0 || this != data) {
        return -1;
      }
      int read = input.read(target, offset, (int) Math.min(count, left));
      if (read < 0) {
        throw endsTooSoon();
      }
      offsetBytes += read;
      left -= read;
      add(target, offset, read);
      if (left == 0) {
        end();
      }
      return read;
    }

    private void add(byte[] bytes, int offset, int count) {
      if (summed) {
        for (int index = offset; index < offset + count; index++) {
          sum += Byte.toUnsignedLong(bytes[index]);
        }
      }
    }

    private void end() throws IOException {
      if (summed && (sum & 0xffff_ffffL) != expectedSum) {
        throw FormatException.malformed(offsetBytes, "cpio checksum is wrong");
      }
      skipPadding();
    }

    void skipRest() throws IOException {
      byte[] skipped = new byte[(int) Math.min(left, BUFFER_BYTES)];
      while (left > 0) {
        int _ = read(skipped, 0, skipped.length);
      }
    }
  }
}
