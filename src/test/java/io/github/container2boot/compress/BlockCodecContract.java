package io.github.container2boot.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every block codec does; each subclass adds another implementation as a witness.
abstract class BlockCodecContract {
  static final int BLOCK_BYTES = 1 << 17;

  private final Compression compression;
  private BlockDecompressor decompressor;

  BlockCodecContract(Compression compression) {
    this.compression = compression;
  }

  /// Decompresses by something that is not ours.
  abstract byte[] decompressElsewhere(byte[] block, int contentSizeBytes) throws Exception;

  /// Compresses by something that is not ours.
  abstract byte[] compressElsewhere(byte[] content) throws Exception;

  @BeforeEach
  void open() {
    decompressor = compression.newDecompressor();
  }

  @AfterEach
  void close() {
    decompressor.close();
  }

  static List<byte[]> contents() {
    Random random = new Random(7);
    byte[] noise = new byte[BLOCK_BYTES];
    random.nextBytes(noise);
    byte[] mixed = text(BLOCK_BYTES, random);
    System.arraycopy(noise, 0, mixed, 50_000, 20_000);
    return List.of(
        new byte[] {42},
        new byte[BLOCK_BYTES],
        "abc".repeat(1000).getBytes(),
        text(8192, random),
        text(BLOCK_BYTES, random),
        text(BLOCK_BYTES - 1, random),
        mixed,
        noise);
  }

  /// Words at random: compresses to about a third.
  static byte[] text(int sizeBytes, Random random) {
    String[] words =
        IntStream.range(0, 500)
            .mapToObj(index -> Integer.toString(random.nextInt(1 << 20), 36) + " ")
            .toArray(String[]::new);
    StringBuilder text = new StringBuilder();
    while (text.length() < sizeBytes) {
      text.append(words[(int) Math.abs(random.nextGaussian() * 100) % words.length]);
    }
    return text.substring(0, sizeBytes).getBytes();
  }

  @Test
  void everyLevelComesBack() throws Exception {
    byte[] content = contents().get(3);
    for (int level = compression.lowestLevel(); level <= compression.highestLevel(); level++) {
      assertThat(decompress(compress(level, content), content.length)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @MethodSource("contents")
  void itComesBackAndOthersReadIt(byte[] content) throws Exception {
    for (int level :
        new TreeSet<>(
            List.of(
                compression.lowestLevel(),
                compression.defaultLevel(),
                compression.highestLevel()))) {
      byte[] block = compress(level, content);
      assertThat(decompress(block, content.length)).isEqualTo(content);
      assertThat(decompressElsewhere(block, content.length)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @MethodSource("contents")
  void itReadsWhatOthersWrite(byte[] content) throws Exception {
    assertThat(decompress(compressElsewhere(content), content.length)).isEqualTo(content);
  }

  @Test
  void heapAndDirectAndReadOnlyBuffersGiveTheSame() {
    byte[] content = contents().get(6);
    List<IntFunction<ByteBuffer>> allocators =
        List.of(
            ByteBuffer::allocate,
            ByteBuffer::allocateDirect,
            size -> ByteBuffer.allocate(size + 9).position(5).slice().limit(size));
    List<byte[]> results =
        allocators.stream()
            .flatMap(source ->
                allocators.stream().map(target -> compress(source, target, content, false)))
            .toList();
    assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(results.getFirst()));
    assertThat(compress(allocators.getFirst(), allocators.getLast(), content, true))
        .isEqualTo(results.getFirst());
  }

  private byte[] compress(
      IntFunction<ByteBuffer> forSource,
      IntFunction<ByteBuffer> forTarget,
      byte[] content,
      boolean readOnly) {
    ByteBuffer source = forSource.apply(content.length).put(content).flip();
    ByteBuffer target = forTarget.apply(content.length);
    try (BlockCompressor compressor = newCompressor(compression.defaultLevel())) {
      int count = compressor.compress(readOnly ? source.asReadOnlyBuffer() : source, target);
      assertThat(target.position()).isEqualTo(count);
    }
    byte[] result = new byte[target.position()];
    target.get(0, result);
    return result;
  }

  @Test
  void positionsAreMindedAndMoved() throws Exception {
    byte[] content = contents().get(3);
    ByteBuffer source = ByteBuffer.allocateDirect(content.length + 20);
    source.position(7).put(content).flip().position(7);
    ByteBuffer target = ByteBuffer.allocateDirect(content.length + 20).position(11);
    int count;
    try (BlockCompressor compressor = newCompressor(compression.defaultLevel())) {
      count = compressor.compress(source, target);
    }
    assertThat(source.remaining()).isZero();
    assertThat(target.position()).isEqualTo(11 + count);
    ByteBuffer back = ByteBuffer.allocate(content.length + 20).position(3);
    target.flip().position(11);
    assertThat(decompressor.decompress(target, back)).isEqualTo(content.length);
    assertThat(target.remaining()).isZero();
    assertThat(back.flip().position(3)).isEqualTo(ByteBuffer.wrap(content));
  }

  @Test
  void aCompressorIsUsedAgainAndForgets() {
    byte[] first = contents().get(4);
    byte[] second = contents().get(6);
    try (BlockCompressor compressor = newCompressor(compression.defaultLevel())) {
      byte[] once = compress(compressor, first);
      compress(compressor, second);
      assertThat(compressor.compress(ByteBuffer.wrap(first), ByteBuffer.allocate(10))).isNegative();
      assertThat(compress(compressor, first)).isEqualTo(once);
    }
  }

  @Test
  void whatDoesNotFitIsSaidAndMovesNothing() {
    byte[] noise = contents().getLast();
    for (int level : new int[] {compression.lowestLevel(), compression.highestLevel()}) {
      try (BlockCompressor compressor = newCompressor(level)) {
        for (ByteBuffer target :
            List.of(
                ByteBuffer.allocate(noise.length),
                ByteBuffer.allocateDirect(noise.length),
                ByteBuffer.allocateDirect(1),
                ByteBuffer.allocateDirect(0))) {
          ByteBuffer source = ByteBuffer.wrap(noise);
          assertThat(compressor.compress(source, target)).isEqualTo(BlockCompressor.DOES_NOT_FIT);
          assertThat(source.position()).isZero();
          assertThat(target.position()).isZero();
        }
      }
    }
  }

  @Test
  void exactlyEnoughRoomIsEnough() throws Exception {
    byte[] content = contents().get(4);
    byte[] block = compress(compression.defaultLevel(), content);
    try (BlockCompressor compressor = newCompressor(compression.defaultLevel())) {
      ByteBuffer target = ByteBuffer.allocateDirect(block.length + compressionSlackBytes());
      assertThat(compressor.compress(ByteBuffer.wrap(content), target)).isEqualTo(block.length);
    }
    assertThat(decompress(block, content.length)).isEqualTo(content);
  }

  @Test
  void theHighestLevelIsNoWorseThanTheLowest() {
    byte[] content = contents().get(4);
    int lowest = compress(compression.lowestLevel(), content).length;
    assertThat(compress(compression.highestLevel(), content).length)
        .isLessThan(lowest + lowest / 20);
  }

  /// How much more room than the result a compressor may want.
  int compressionSlackBytes() {
    return 0;
  }

  @Test
  void aBlockLargerThanTheTargetIsMalformed() {
    byte[] content = contents().get(4);
    byte[] block = compress(compression.defaultLevel(), content);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> decompress(block, content.length - 1));
  }

  @Test
  void aTargetThatIsTooLargeIsFine() throws Exception {
    byte[] content = contents().get(3);
    byte[] block = compress(compression.defaultLevel(), content);
    ByteBuffer target = ByteBuffer.allocateDirect(BLOCK_BYTES);
    assertThat(decompressor.decompress(ByteBuffer.wrap(block), target)).isEqualTo(content.length);
  }

  @Test
  void everyTruncationIsMalformed() {
    byte[] content = contents().get(3);
    byte[] block = compress(compression.defaultLevel(), content);
    for (int size = 0; size < block.length; size += 1 + size / 40) {
      byte[] truncated = Arrays.copyOf(block, size);
      assertThatExceptionOfType(FormatException.class)
          .as("first %d bytes", size)
          .isThrownBy(() -> requireWhole(truncated, content.length));
    }
  }

  private void requireWhole(byte[] block, int contentSizeBytes) throws FormatException {
    ByteBuffer target = ByteBuffer.allocateDirect(contentSizeBytes);
    if (decompressor.decompress(ByteBuffer.wrap(block), target) < contentSizeBytes) {
      throw FormatException.malformed("shorter than expected, as raw formats cannot know");
    }
  }

  @Test
  void corruptionGivesFormatExceptionsOnly() {
    byte[] block = compress(compression.defaultLevel(), contents().get(3));
    Random random = new Random(11);
    for (int round = 0; round < 1000; round++) {
      byte[] corrupt = block.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        corrupt[random.nextInt(Math.min(corrupt.length, 1 + random.nextInt(corrupt.length)))] =
            (byte) random.nextInt();
      }
      ByteBuffer target =
          round % 2 == 0 ? ByteBuffer.allocate(8192) : ByteBuffer.allocateDirect(8192);
      try {
        decompressor.decompress(ByteBuffer.wrap(corrupt), target);
      } catch (FormatException expected) {
        assertThat(target.position()).isZero();
      }
    }
  }

  BlockCompressor newCompressor(int level) {
    return compression.newCompressor(level, BLOCK_BYTES);
  }

  byte[] compress(int level, byte[] content) {
    try (BlockCompressor compressor = newCompressor(level)) {
      return compress(compressor, content);
    }
  }

  private static byte[] compress(BlockCompressor compressor, byte[] content) {
    ByteBuffer source = ByteBuffer.allocateDirect(content.length).put(content).flip();
    ByteBuffer target = ByteBuffer.allocateDirect(content.length + content.length / 16 + 200);
    byte[] block = new byte[compressor.compress(source, target)];
    target.flip().get(block);
    return block;
  }

  byte[] decompress(byte[] block, int contentSizeBytes) throws FormatException {
    ByteBuffer source = ByteBuffer.allocateDirect(block.length).put(block).flip();
    ByteBuffer target = ByteBuffer.allocateDirect(contentSizeBytes);
    byte[] content = new byte[decompressor.decompress(source, target)];
    target.flip().get(content);
    return content;
  }
}
