package io.github.container2boot.compress;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// The file formats in which layers and initrds are compressed.
///
/// All of them are read to the end of the input: several members, frames or streams after one
/// another give one stream, as their tools have it. Zeros after the last one are padding (initrds
/// are filled up with them); anything else there is malformed.
public enum StreamFormat {
  /// RFC 1952, any number of members.
  GZIP("gzip"),
  /// RFC 8878, any number of frames, skippable ones among them.
  ZSTD("zstd"),
  /// The .xz format, any number of streams with padding.
  XZ("xz"),
  /// The .lzma format ("LZMA_Alone"), which has no magic number, only likely first bytes.
  LZMA("lzma"),
  /// What `lz4 -l` makes and the kernel reads: blocks of 8 MiB, without checksums or an end.
  LZ4_LEGACY("lz4"),
  /// What `lz4` makes: any number of frames, skippable ones among them.
  LZ4_FRAME("lz4"),
  /// The files of lzop, any number.
  LZOP("lzop"),
  /// Any number of streams.
  BZIP2("bzip2");

  /// How many bytes [#detect] wants to see.
  public static final int HEAD_BYTES = 13;

  /// The largest window or dictionary that is accepted, as zstd(1) has it: 128 MiB.
  public static final long LARGEST_WINDOW_BYTES = 1L << 27;

  private final String shownName;

  StreamFormat(String shownName) {
    this.shownName = shownName;
  }

  /// The format of an input that begins with `head`, which is [#HEAD_BYTES] long or the whole
  /// input.
  public static Optional<StreamFormat> detect(ByteString head) {
    return Arrays.stream(values()).filter(format -> format.matches(head)).findFirst();
  }

  /// The decompressed bytes of `source`.
  ///
  /// Nothing is read before the first byte is asked for. Input that is corrupt or ends too soon is
  /// a [FormatException] from `read`, with the offset in `source`; a failure of `source` itself
  /// comes through as it is. Closing the stream closes `source`.
  public InputStream open(InputStream source) {
    CompressedInput input = new CompressedInput(source);
    Decoder decoder =
        switch (this) {
          case GZIP -> new GzipDecoder(input);
          case ZSTD -> new ZstdDecoder(input);
          case XZ -> TukaaniDecoder.xz(input);
          case LZMA -> TukaaniDecoder.lzma(input);
          case LZ4_LEGACY -> new Lz4LegacyDecoder(input);
          case LZ4_FRAME -> new Lz4FrameDecoder(input);
          case LZOP -> new LzopDecoder(input);
          case BZIP2 -> new Bzip2Decoder(input);
        };
    return new DecodedInputStream(shownName, input, decoder);
  }

  private boolean matches(ByteString head) {
    return switch (this) {
      case GZIP -> startsWith(head, 0x1f, 0x8b);
      case ZSTD -> startsWith(head, 0x28, 0xb5, 0x2f, 0xfd) || startsWithSkippableFrame(head);
      case XZ -> startsWith(head, 0xfd, '7', 'z', 'X', 'Z', 0);
      case LZMA -> looksLikeLzma(head);
      case LZ4_LEGACY -> startsWith(head, 0x02, 0x21, 0x4c, 0x18);
      case LZ4_FRAME -> startsWith(head, 0x04, 0x22, 0x4d, 0x18);
      case LZOP -> startsWith(head, 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n');
      case BZIP2 -> startsWith(head, 'B', 'Z', 'h');
    };
  }

  private static boolean startsWith(ByteString head, int... magic) {
    byte[] bytes = new byte[magic.length];
    for (int index = 0; index < magic.length; index++) {
      bytes[index] = (byte) magic[index];
    }
    return head.startsWith(ByteString.of(bytes));
  }

  /// 0x184D2A50 to 0x184D2A5F. LZ4 has the same, but nobody begins a file with one there.
  private static boolean startsWithSkippableFrame(ByteString head) {
    return head.size() >= 4
        && (head.at(0) & 0xf0) == 0x50
        && head.at(1) == 0x2a
        && head.at(2) == 0x4d
        && head.at(3) == 0x18;
  }

  /// What file(1), GNU tar and the kernel look at: the usual properties (lc=3, lp=0, pb=2), a
  /// dictionary of 2^n or 2^n + 2^(n-1) bytes, and a size that is unknown or possible.
  private static boolean looksLikeLzma(ByteString head) {
    if (head.size() < HEAD_BYTES || head.at(0) != 0x5d) {
      return false;
    }
    try {
      ByteReader reader = ByteReader.littleEndian(head.substring(1).toByteArray());
      long dictionaryBytes = reader.u32();
      long sizeBytes = reader.i64();
      return isLzmaDictionary(dictionaryBytes) && sizeBytes >= -1 && sizeBytes < 1L << 48;
    } catch (FormatException impossible) {
      return false;
    }
  }

  private static boolean isLzmaDictionary(long sizeBytes) {
    long highest = Long.highestOneBit(sizeBytes);
    return sizeBytes == 0xffff_ffffL
        || (sizeBytes >= 4096 && (sizeBytes == highest || sizeBytes == highest + highest / 2));
  }

  /// The name of the tool that makes it.
  @Override
  public String toString() {
    return shownName;
  }
}
