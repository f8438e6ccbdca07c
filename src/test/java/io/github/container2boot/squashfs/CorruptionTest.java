package io.github.container2boot.squashfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Damaged images are read, or refused with a [FormatException]; nothing else.
class CorruptionTest {
  @TempDir Path directory;

  private byte[] image;

  @BeforeEach
  void writeImage() throws IOException {
    image = image("zstd");
  }

  private byte[] image(String compression) throws IOException {
    Path path = directory.resolve("image");
    Images.write(path, Images.everything(), Images.options(compression));
    return Files.readAllBytes(path);
  }

  /// The tables are at the end, and a wrong byte in the superblock leads to everything.
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "xz", "lz4", "lzo"})
  void changedBytes(String compression) throws IOException {
    byte[] whole = image(compression);
    int tables = (int) superblock(whole).inodeTableOffsetBytes();
    Random random = new Random(42);
    int refused = 0;
    for (int round = 0; round < 40; round++) {
      byte[] damaged = whole.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        int position =
            switch (random.nextInt(3)) {
              case 0 -> random.nextInt(Superblock.SIZE);
              case 1 -> random.nextInt(tables, damaged.length);
              default -> random.nextInt(damaged.length);
            };
        damaged[position] = (byte) random.nextInt();
      }
      refused += isRefused(damaged) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(8);
  }

  @Test
  void cutShort() {
    Random random = new Random(43);
    for (int round = 0; round < 100; round++) {
      byte[] damaged = Arrays.copyOf(image, random.nextInt(image.length - 4096));
      assertThat(isRefused(damaged)).isTrue();
    }
  }

  /// Metadata that is not compressed, so that the damage reaches the records.
  @Test
  void changedRecords() throws IOException {
    byte[] plain = uncompressedMetadata(image);
    int tables = (int) superblock(plain).inodeTableOffsetBytes();
    assertThat(isRefused(plain)).isFalse();
    Random random = new Random(44);
    int refused = 0;
    for (int round = 0; round < 400; round++) {
      byte[] damaged = plain.clone();
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        damaged[random.nextInt(tables, damaged.length)] = (byte) random.nextInt();
      }
      refused += isRefused(damaged) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(100);
  }

  private static byte[] uncompressedMetadata(byte[] image) throws IOException {
    return new PlainImage(image).toByteArray();
  }

  private static boolean isRefused(byte[] bytes) {
    try {
      SquashfsImage read = SquashfsImage.read(Content.of(bytes));
      boolean[] refused = new boolean[1];
      read.tree()
          .walk((_, inode) -> {
            if (inode instanceof RegularFile file && file.content().sizeBytes() < 1 << 20) {
              try {
                file.content().toByteArray();
              } catch (FormatException problem) {
                refused[0] = true;
              }
            }
          });
      return refused[0];
    } catch (FormatException problem) {
      assertThat(problem).message().isNotBlank();
      return true;
    } catch (IOException other) {
      throw new AssertionError("not a FormatException", other);
    }
  }

  @Test
  void messagesSayWhatIsWrong() {
    assertRefused(
        bytes -> new byte[10],
        "SquashFS image ends too soon: expected 96 bytes, found 10 (at byte 10)");
    assertRefused(
        with(0, 1), "not a SquashFS image: expected magic 73717368, found 73717301 (at byte 0)");
    assertRefused(
        with(12, 1),
        "SquashFS block size 16385: expected a power of two from 4096 to 1048576 (at byte 12)");
    assertRefused(
        with(20, 2),
        "SquashFS compressor lzma, which Linux cannot read: expected gzip, lzo, xz, lz4 or zstd (at byte 20)");
    assertRefused(with(28, 3), "SquashFS version 3.0: expected 4.0 (at byte 28)");
    assertRefused(
        bytes -> Arrays.copyOf(bytes, 100_000),
        "SquashFS image ends too soon: expected %d bytes, found 100000 (at byte 100000)"
            .formatted(usedBytes()));
    assertRefused(with(35, 1), "SquashFS inode table, uncompressed: SquashFS reference");
  }

  private long usedBytes() {
    try {
      return superblock(image).usedBytes();
    } catch (FormatException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static UnaryOperator<byte[]> with(int position, int value) {
    return bytes -> {
      byte[] changed = bytes.clone();
      changed[position] = (byte) value;
      return changed;
    };
  }

  private void assertRefused(UnaryOperator<byte[]> damage, String message) {
    assertThatThrownBy(() -> SquashfsImage.read(Content.of(damage.apply(image))))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(message);
  }

  private static Superblock superblock(byte[] image) throws FormatException {
    return Superblock.readFrom(ByteReader.littleEndian(image));
  }

  /// An image that claims four thousand million inodes is refused before memory is spent on them.
  @Test
  void countsWithoutSubstance() {
    for (int field : new int[] {16, 26}) {
      byte[] damaged = image.clone();
      ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putShort(field, (short) -1);
      assertThat(isRefused(damaged)).isTrue();
    }
    byte[] damaged = image.clone();
    Arrays.fill(damaged, 16, 20, (byte) 0xff);
    assertThat(isRefused(damaged)).isTrue();
  }

  @Test
  void aDirectoryThatHoldsItself() throws IOException {
    byte[] plain = uncompressedMetadata(image);
    Superblock superblock = superblock(plain);
    // The root's listing: make every entry that is a directory lead to the root itself.
    int root =
        (int) superblock.inodeTableOffsetBytes()
            + (int) superblock.root().blockBytes()
            + MetadataBlockHeader.SIZE
            + superblock.root().offsetBytes();
    ByteBuffer bytes = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    int listing =
        (int) superblock.directoryTableOffsetBytes()
            + bytes.getInt(root + 16)
            + MetadataBlockHeader.SIZE
            + Short.toUnsignedInt(bytes.getShort(root + 26));
    ByteWriter loop = ByteWriter.littleEndian(64);
    new DirectoryHeader(1, superblock.root().blockBytes(), 1).writeTo(loop);
    new DirectoryEntry(
            superblock.root().offsetBytes(), 0, InodeType.DIRECTORY, ByteString.utf8("loop"))
        .writeTo(loop);
    bytes.put(listing, loop.toByteArray());
    bytes.putShort(root + 24, (short) (loop.size() + 3));
    assertThatThrownBy(() -> SquashfsImage.read(Content.of(plain)))
        .isInstanceOf(FormatException.class)
        .hasMessage("SquashFS directory has two names or holds itself");
  }
}
