package io.github.container2boot.layer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/// The end of a file in the cache: checksums of the image that precedes it.
///
/// CRC-32C is that of RFC 3720, appendix B.4. Little-endian, as SquashFS is.
///
/// | offset | size | field                                                        |
/// |-------:|-----:|--------------------------------------------------------------|
/// |      0 |  4 n | CRC-32C of each MiB of the image, the last one may be shorter |
/// |    4 n |    8 | size of the image in bytes                                   |
/// |  4 n+8 |    8 | magic, "C2BSEAL1"                                            |
/// | 4 n+16 |    4 | CRC-32C of the seal up to here and the name of the file      |
final class Seal {
  static final int PIECE_BYTES = 1 << 20;

  /// `C2BSEAL1`
  private static final long MAGIC = 0x314c_4145_5342_3243L;

  /// What follows the checksums.
  private static final int END_BYTES = Long.BYTES + Long.BYTES + Integer.BYTES;

  private final long sizeBytes;
  private final int[] checksums;

  private Seal(long sizeBytes, int[] checksums) {
    this.sizeBytes = sizeBytes;
    this.checksums = checksums;
  }

  /// Seals `file`, an image from its first byte to its last, which will be called `name`.
  static void put(FileChannel file, String name) throws IOException {
    long sizeBytes = file.size();
    int[] checksums = checksums(Content.ofFile(file, 0, sizeBytes));
    ByteBuffer bytes = new Seal(sizeBytes, checksums).toBytes(name);
    long position = sizeBytes;
    while (bytes.hasRemaining()) {
      position += file.write(bytes, position);
    }
  }

  /// The image in `file`, called `name`, every byte of which is as it was when it was sealed.
  ///
  /// @throws FormatException if it is not, or was not sealed under that name
  static Content check(FileChannel file, String name) throws IOException {
    Seal seal = readFrom(file, name);
    Content image = Content.ofFile(file, 0, seal.sizeBytes);
    int different = Arrays.mismatch(seal.checksums, checksums(image));
    if (different >= 0) {
      throw FormatException.malformed(
          (long) different * PIECE_BYTES, "layer image is not what was written");
    }
    return image;
  }

  private static Seal readFrom(FileChannel file, String name) throws IOException {
    Content whole = Content.ofFile(file, 0, file.size());
    long imageBytes = imageBytes(whole);
    byte[] bytes = bytes(whole, imageBytes);
    ByteReader reader = ByteReader.littleEndian(bytes);
    int[] checksums = new int[pieces(imageBytes)];
    for (int piece = 0; piece < checksums.length; piece++) {
      checksums[piece] = (int) reader.u32();
    }
    reader.skip(2 * Long.BYTES);
    if (reader.u32() != checksum(ByteBuffer.wrap(bytes, 0, bytes.length - Integer.BYTES), name)) {
      throw notSealed(whole);
    }
    return new Seal(imageBytes, checksums);
  }

  private static long imageBytes(Content whole) throws IOException {
    if (whole.sizeBytes() < END_BYTES) {
      throw notSealed(whole);
    }
    ByteReader end = ByteReader.littleEndian(bytes(whole, whole.sizeBytes() - END_BYTES));
    long imageBytes = end.u64();
    if (end.u64() != MAGIC
        || imageBytes >= whole.sizeBytes()
        || imageBytes + sealBytes(imageBytes) != whole.sizeBytes()) {
      throw notSealed(whole);
    }
    return imageBytes;
  }

  private static FormatException notSealed(Content whole) {
    return FormatException.malformed(whole.sizeBytes(), "layer image does not end with its seal");
  }

  private static byte[] bytes(Content whole, long offsetBytes) throws IOException {
    return whole.slice(offsetBytes, whole.sizeBytes() - offsetBytes).toByteArray();
  }

  private ByteBuffer toBytes(String name) {
    ByteWriter writer = ByteWriter.littleEndian((int) sealBytes(sizeBytes));
    for (int checksum : checksums) {
      writer.u32(Integer.toUnsignedLong(checksum));
    }
    writer.u64(sizeBytes).u64(MAGIC);
    writer.u32(checksum(writer.asByteBuffer(), name));
    return writer.asByteBuffer();
  }

  private static long sealBytes(long sizeBytes) {
    return (long) pieces(sizeBytes) * Integer.BYTES + END_BYTES;
  }

  private static int pieces(long sizeBytes) {
    return Math.toIntExact(Math.ceilDiv(sizeBytes, PIECE_BYTES));
  }

  /// On all processors: this is most of what is left to do when everything is in the cache.
  private static int[] checksums(Content image) throws IOException {
    ThreadLocal<ByteBuffer> buffers =
        ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(PIECE_BYTES));
    try {
      return IntStream.range(0, pieces(image.sizeBytes()))
          .parallel()
          .map(piece -> checksum(image, piece, buffers.get()))
          .toArray();
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  private static int checksum(Content image, int piece, ByteBuffer buffer) {
    long start = (long) piece * PIECE_BYTES;
    buffer.clear().limit((int) Math.min(PIECE_BYTES, image.sizeBytes() - start));
    try {
      image.read(start, buffer);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return (int) checksum(buffer.flip(), "");
  }

  private static long checksum(ByteBuffer bytes, String name) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate());
    checksum.update(name.getBytes(UTF_8));
    return checksum.getValue();
  }
}
