package io.github.container2boot.tar;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tar.PaxRecords.Keyword;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.ExtendedAttributes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Reads an archive from its beginning to its end, entry by entry.
///
/// ```java
/// try (TarReader reader = new TarReader(stream)) {
///   for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
///     reader.transferTo(sink);
///   }
/// }
/// ```
///
/// Data that nobody asks for is skipped. Memory does not depend on the size of files; what one
/// entry's extended headers may take is bounded by [#MAX_EXTENDED_BYTES]. Not for several threads.
public final class TarReader implements Closeable {
  /// The most that all extended headers of one entry, and all global ones together, may take.
  public static final int MAX_EXTENDED_BYTES = 1 << 22;

  private static final long MAX_UNSIGNED_32 = 0xffff_ffffL;
  private static final int MAX_MAP_DIGITS = 19;

  private final ArchiveInput input;
  private final PaxRecords global = new PaxRecords();
  private long globalBytes;
  private long dataBytes;
  private long paddingBytes;

  /// How long the current file is; a directory may have data that is not its own.
  private long fileBytes;

  private @Nullable SparseMap sparseMap;
  private boolean ended;

  /// Reads the uncompressed archive `archive`, which [#close] closes.
  public TarReader(InputStream archive) {
    this.input = new ArchiveInput(archive);
  }

  /// How many bytes a header block has.
  public static int headerBytes() {
    return TarHeader.SIZE;
  }

  /// Whether an archive may begin with `head`: whether its first [#headerBytes] are a header.
  public static boolean isArchive(byte[] head) {
    return head.length >= TarHeader.SIZE && new TarHeader(head, 0, 0).isValid();
  }

  /// Where in the archive the reader is.
  public long offsetBytes() {
    return input.offsetBytes();
  }

  /// The next entry, or null at the end; the input was read to its own end then.
  ///
  /// @throws FormatException if the archive is malformed or asks for what is not supported
  /// @throws IOException whatever the input throws
  public @Nullable TarEntry next() throws IOException {
    if (ended) {
      return null;
    }
    skipData();
    Prelude prelude = new Prelude();
    for (TarHeader header = nextHeader(); header != null; header = nextHeader()) {
      switch (header.typeFlag()) {
        case 'x', 'X' -> prelude.records.add(extended(header, prelude), recordsOffset(header));
        case 'g' -> addGlobal(header);
        case 'L' -> prelude.longName = terminated(extended(header, prelude));
        case 'K' -> prelude.longLink = terminated(extended(header, prelude));
        case 'V' -> skip(header.sizeBytes());
        default -> {
          return entry(header, prelude);
        }
      }
    }
    if (prelude.bytes > 0) {
      throw FormatException.malformed(
          offsetBytes(), "archive ends too soon: expected an entry after its extended header");
    }
    ended = true;
    input.drain();
    return null;
  }

  /// Hands the data of the current entry to `sink`, once: all [TarEntry#sizeBytes], in large
  /// pieces, the holes of a sparse file as holes.
  public void transferTo(Content.Sink sink) throws IOException {
    SparseMap map = sparseMap;
    if (map == null) {
      input.transfer(take(Math.min(fileBytes, dataBytes)), sink);
      return;
    }
    long position = 0;
    for (int segment = 0; segment < map.count(); segment++) {
      hole(map.offsetBytes(segment) - position, sink);
      input.transfer(take(map.sizeBytes(segment)), sink);
      position = map.offsetBytes(segment) + map.sizeBytes(segment);
    }
    hole(fileBytes - position, sink);
    sparseMap = null;
  }

  private static void hole(long countBytes, Content.Sink sink) throws IOException {
    if (countBytes > 0) {
      sink.hole(countBytes);
    }
  }

  private long take(long countBytes) {
    dataBytes -= countBytes;
    return countBytes;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  private void skip(long sizeBytes) throws IOException {
    input.skip(sizeBytes);
    input.skip(padding(sizeBytes));
  }

  private void skipData() throws IOException {
    input.skip(dataBytes);
    input.skip(paddingBytes);
    dataBytes = 0;
    paddingBytes = 0;
    sparseMap = null;
  }

  /// What comes in front of an entry's own header.
  private static final class Prelude {
    private final PaxRecords records = new PaxRecords();
    private @Nullable ByteString longName;
    private @Nullable ByteString longLink;
    private long bytes;
  }

  /// The next header, in the buffer still; null at the end of the archive.
  private @Nullable TarHeader nextHeader() throws IOException {
    if (!input.request(TarHeader.SIZE)) {
      return endOfInput();
    }
    if (TarHeader.isZero(input.buffer(), input.begin())) {
      return endOfArchive();
    }
    TarHeader header = new TarHeader(input.buffer(), input.begin(), input.offsetBytes());
    header.requireChecksum();
    input.consume(TarHeader.SIZE);
    return header;
  }

  private @Nullable TarHeader endOfInput() throws FormatException {
    if (input.available() > 0) {
      throw FormatException.malformed(
          offsetBytes(),
          "archive ends too soon: expected a header of %d bytes, found %d"
              .formatted(TarHeader.SIZE, input.available()));
    }
    return null;
  }

  private @Nullable TarHeader endOfArchive() throws IOException {
    input.consume(TarHeader.SIZE);
    boolean more = input.request(TarHeader.SIZE);
    if (more && !TarHeader.isZero(input.buffer(), input.begin())) {
      throw FormatException.malformed(
          offsetBytes(), "expected a second zero block at the end of the archive, found data");
    }
    return null;
  }

  private static long recordsOffset(TarHeader header) {
    return header.offsetBytes() + TarHeader.SIZE;
  }

  private void addGlobal(TarHeader header) throws IOException {
    globalBytes += requireExtended(header, globalBytes);
    global.add(extendedData(header), recordsOffset(header));
  }

  private byte[] extended(TarHeader header, Prelude prelude) throws IOException {
    prelude.bytes += requireExtended(header, prelude.bytes);
    return extendedData(header);
  }

  /// What `header` adds to `before`, its own block included so that empty ones count too.
  private static long requireExtended(TarHeader header, long before) throws FormatException {
    long size = header.sizeBytes();
    if (size > MAX_EXTENDED_BYTES || before + TarHeader.SIZE + size > MAX_EXTENDED_BYTES) {
      throw FormatException.malformed(
          header.offsetBytes(),
          "extended headers: expected at most %d bytes, found %d more after %d"
              .formatted(MAX_EXTENDED_BYTES, size, before));
    }
    return TarHeader.SIZE + size;
  }

  private byte[] extendedData(TarHeader header) throws IOException {
    int size = (int) header.sizeBytes();
    byte[] data = input.bytes(size);
    input.skip(padding(size));
    return data;
  }

  private static ByteString terminated(byte[] name) {
    int end = 0;
    while (end < name.length && name[end] != 0) {
      end++;
    }
    return ByteString.of(name, 0, end);
  }

  private TarEntry entry(TarHeader header, Prelude prelude) throws IOException {
    return new EntryReader(header, prelude).read();
  }

  /// Puts one entry together. The header is good only until more input is read, which is why
  /// everything is taken from it first and sparse maps and hard links come last.
  private final class EntryReader {
    private final TarHeader header;
    private final PaxRecords records;
    private final Prelude prelude;

    EntryReader(TarHeader header, Prelude prelude) {
      this.header = header;
      this.prelude = prelude;
      this.records = prelude.records;
    }

    TarEntry read() throws IOException {
      ByteString path = path();
      TarEntry.Type type = type(path);
      ByteString linkTarget =
          switch (type) {
            case HARD_LINK, SYMBOLIC_LINK -> linkTarget();
            case FILE, DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> ByteString.empty();
          };
      boolean device =
          switch (type) {
            case CHARACTER_DEVICE, BLOCK_DEVICE -> true;
            case FILE, DIRECTORY, HARD_LINK, SYMBOLIC_LINK, FIFO -> false;
          };
      Attributes attributes = attributes();
      long major = device ? deviceMajor() : 0;
      long minor = device ? deviceMinor() : 0;
      readSize(type);
      return new TarEntry(
          path,
          type,
          attributes,
          linkTarget,
          fileBytes,
          major,
          minor,
          header.offsetBytes(),
          input.offsetBytes(),
          sparseMap != null);
    }

    private TarEntry.Type type(ByteString path) throws FormatException {
      return switch (header.typeFlag()) {
        case 'S' -> TarEntry.Type.FILE;
        case 0, '0', '7' ->
            path.size() > 0 && path.at(path.size() - 1) == '/'
                ? TarEntry.Type.DIRECTORY
                : TarEntry.Type.FILE;
        case '1' -> TarEntry.Type.HARD_LINK;
        case '2' -> TarEntry.Type.SYMBOLIC_LINK;
        case '3' -> TarEntry.Type.CHARACTER_DEVICE;
        case '4' -> TarEntry.Type.BLOCK_DEVICE;
        case '5', 'D' -> TarEntry.Type.DIRECTORY;
        case '6' -> TarEntry.Type.FIFO;
        default ->
            throw FormatException.unsupported(
                header.offsetBytes(),
                "entry \"%s\" of type \"%s\": expected a file, link, directory, device or fifo"
                    .formatted(path, ByteString.of((byte) header.typeFlag())));
      };
    }

    private ByteString path() throws FormatException {
      ByteString sparseName = records.get(Keyword.SPARSE_NAME);
      ByteString longName = prelude.longName;
      if (sparseName != null) {
        return withoutNul(sparseName);
      }
      if (longName != null) {
        return longName;
      }
      ByteString path = get(Keyword.PATH);
      return path != null ? withoutNul(path) : header.path();
    }

    private ByteString linkTarget() throws FormatException {
      ByteString longLink = prelude.longLink;
      if (longLink != null) {
        return longLink;
      }
      ByteString path = get(Keyword.LINK_PATH);
      return path != null ? withoutNul(path) : header.linkName();
    }

    private ByteString withoutNul(ByteString path) throws FormatException {
      if (path.indexOf((byte) 0, 0) >= 0) {
        throw FormatException.malformed(
            header.offsetBytes(), "path \"" + path + "\" in an extended header holds a NUL");
      }
      return path;
    }

    private Attributes attributes() throws FormatException {
      ExtendedAttributes xattrs = records.xattrs(global);
      return new Attributes(header.permissions(), userId(), groupId(), modified(), xattrs);
    }

    private long userId() throws FormatException {
      ByteString value = get(Keyword.USER_ID);
      long user = value == null ? header.userId() : records.number(Keyword.USER_ID, value);
      return require32Bits(user, "uid");
    }

    private long groupId() throws FormatException {
      ByteString value = get(Keyword.GROUP_ID);
      long group = value == null ? header.groupId() : records.number(Keyword.GROUP_ID, value);
      return require32Bits(group, "gid");
    }

    private long deviceMajor() throws FormatException {
      ByteString value = get(Keyword.DEVICE_MAJOR);
      long major =
          value == null ? header.deviceMajor() : records.number(Keyword.DEVICE_MAJOR, value);
      return require32Bits(major, "devmajor");
    }

    private long deviceMinor() throws FormatException {
      ByteString value = get(Keyword.DEVICE_MINOR);
      long minor =
          value == null ? header.deviceMinor() : records.number(Keyword.DEVICE_MINOR, value);
      return require32Bits(minor, "devminor");
    }

    private long require32Bits(long value, String field) throws FormatException {
      if (value < 0 || value > MAX_UNSIGNED_32) {
        throw FormatException.malformed(
            header.offsetBytes(),
            "%s %d of entry \"%s\": expected 0 to %d"
                .formatted(field, value, path(), MAX_UNSIGNED_32));
      }
      return value;
    }

    private Instant modified() throws FormatException {
      ByteString value = get(Keyword.MODIFIED);
      if (value != null) {
        return records.instant(Keyword.MODIFIED, value);
      }
      long seconds = header.modifiedSeconds();
      if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
        throw FormatException.malformed(
            header.offsetBytes(), "mtime of entry \"%s\": found %d".formatted(path(), seconds));
      }
      return Instant.ofEpochSecond(seconds);
    }

    private @Nullable ByteString get(Keyword keyword) {
      return records.decides(keyword) ? records.get(keyword) : global.get(keyword);
    }

    /// Moves to the data and decides how much there is, stored and as a file.
    private void readSize(TarEntry.Type type) throws IOException {
      char flag = header.typeFlag();
      ByteString value = get(Keyword.SIZE);
      long size = value == null ? header.sizeBytes() : records.number(Keyword.SIZE, value);
      boolean regular = flag == 0 || flag == '0' || flag == '7';
      if (flag == 'S') {
        readSparseHeader(size);
      } else if (regular && type == TarEntry.Type.FILE) {
        readRegular(size);
      } else if (regular || flag == 'D') {
        setData(size, 0);
      } else if (type == TarEntry.Type.HARD_LINK && hasData(size)) {
        setData(size, size);
      } else {
        setData(0, 0);
      }
    }

    private void setData(long storedBytes, long sizeBytes) {
      dataBytes = storedBytes;
      paddingBytes = padding(storedBytes);
      fileBytes = sizeBytes;
    }

    private void readRegular(long size) throws IOException {
      ByteString major = records.get(Keyword.SPARSE_MAJOR);
      if (major != null && records.number(Keyword.SPARSE_MAJOR, major) > 0) {
        readSparseData(size, major);
        return;
      }
      SparseMap.Builder segments = records.segments();
      if (segments == null) {
        setData(size, size);
      } else {
        setSparse(segments, sparseSize(), size);
      }
    }

    private void setSparse(SparseMap.Builder segments, long sizeBytes, long storedBytes)
        throws FormatException {
      sparseMap = segments.build(sizeBytes, storedBytes);
      setData(storedBytes, sizeBytes);
    }

    private long sparseSize() throws FormatException {
      for (Keyword keyword : new Keyword[] {Keyword.SPARSE_REAL_SIZE, Keyword.SPARSE_SIZE}) {
        ByteString value = records.get(keyword);
        if (value != null) {
          return records.number(keyword, value);
        }
      }
      throw FormatException.malformed(
          header.offsetBytes(), "sparse file \"%s\" without its size".formatted(path()));
    }

    /// Version 1.0: the map in decimal lines in front of the data, padded to whole blocks: how many
    /// segments, then offset and size of each.
    private void readSparseData(long size, ByteString major) throws IOException {
      ByteString minor = records.get(Keyword.SPARSE_MINOR);
      if (records.number(Keyword.SPARSE_MAJOR, major) != 1
          || (minor != null && records.number(Keyword.SPARSE_MINOR, minor) != 0)) {
        throw FormatException.unsupported(
            header.offsetBytes(),
            "sparse file of version %s.%s: expected 0.0, 0.1 or 1.0".formatted(major, minor));
      }
      long sizeBytes = sparseSize();
      long start = input.offsetBytes();
      long count = mapNumber(start, size);
      SparseMap.Builder segments = new SparseMap.Builder(header.offsetBytes());
      for (long segment = 0; segment < count; segment++) {
        segments.add(mapNumber(start, size), mapNumber(start, size));
      }
      input.skip(padding(input.offsetBytes() - start));
      setSparse(segments, sizeBytes, size - (input.offsetBytes() - start));
    }

    private long mapNumber(long start, long size) throws IOException {
      long number = 0;
      for (int digits = 0; digits <= MAX_MAP_DIGITS; digits++) {
        if (input.offsetBytes() - start >= size || !input.request(1)) {
          break;
        }
        byte value = input.buffer()[input.begin()];
        input.consume(1);
        if (value == '\n' && digits > 0) {
          return number;
        }
        if (value < '0' || value > '9' || number > (Long.MAX_VALUE - 9) / 10) {
          break;
        }
        number = 10 * number + value - '0';
      }
      throw FormatException.malformed(
          offsetBytes(), "sparse map: expected a decimal number and a newline");
    }

    /// GNU's old form: four segments in the header, twenty-one in each extension block that
    /// follows.
    private void readSparseHeader(long size) throws IOException {
      long sizeBytes = header.realSizeBytes();
      SparseMap.Builder segments = new SparseMap.Builder(header.offsetBytes());
      boolean more = addSegments(segments, header, 386, 4);
      while (more) {
        if (!input.request(TarHeader.SIZE)) {
          throw FormatException.malformed(
              offsetBytes(), "archive ends too soon: expected more of a sparse map");
        }
        TarHeader block = new TarHeader(input.buffer(), input.begin(), input.offsetBytes());
        input.consume(TarHeader.SIZE);
        more = addSegments(segments, block, 0, 21);
      }
      setSparse(segments, sizeBytes, size);
    }

    /// Adds the `count` segments at `at` (offset and size, twelve bytes each) and says whether the
    /// byte behind them tells of more. An unused place is zeros.
    private static boolean addSegments(
        SparseMap.Builder segments, TarHeader block, int at, int count) throws FormatException {
      for (int index = 0; index < count; index++) {
        int place = at + 24 * index;
        if (block.at(place + 12) == 0) {
          break;
        }
        segments.add(
            block.number(place, 12, "sparse offset"), block.number(place + 12, 12, "sparse size"));
      }
      return block.at(at + 24 * count) != 0;
    }

    /// Whether a hard link that states a size has data. Many writers give the size of the file and
    /// no data; then the next header follows at once.
    private boolean hasData(long size) throws IOException {
      if (size == 0 || !input.request(TarHeader.SIZE)) {
        return false;
      }
      TarHeader next = new TarHeader(input.buffer(), input.begin(), input.offsetBytes());
      if (!TarHeader.isZero(input.buffer(), input.begin())) {
        return !next.isValid();
      }
      return headerFollows(size);
    }

    /// Zeros after a hard link are the end of the archive, or data of a file that begins with them:
    /// then a header comes after it.
    private boolean headerFollows(long size) throws IOException {
      if (size > ArchiveInput.BUFFER_BYTES - 2 * TarHeader.SIZE) {
        return false;
      }
      int start = (int) padded(size);
      return input.request(start + TarHeader.SIZE)
          && new TarHeader(input.buffer(), input.begin() + start, 0).isValid();
    }
  }

  private static long padding(long size) {
    return -size & (TarHeader.SIZE - 1);
  }

  private static long padded(long size) {
    return size + padding(size);
  }
}
