package io.github.container2boot.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.testing.Tools;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the decoder of every stream format does, on what the format's own tool wrote.
abstract class StreamFormatContract {
  @TempDir private Path directory;

  private final StreamFormat format;
  private final List<List<String>> commands;

  /// @param commands which write to standard output; the file to compress is added
  @SafeVarargs
  @SuppressWarnings("varargs")
  StreamFormatContract(StreamFormat format, List<String>... commands) {
    this.format = format;
    this.commands = List.of(commands);
  }

  /// Whether a truncation is always noticed.
  boolean knowsItsEnd() {
    return true;
  }

  /// Enough for several blocks of the format.
  int largeBytes() {
    return 2_000_000;
  }

  /// Whether several streams make one.
  boolean canBeConcatenated() {
    return true;
  }

  /// Whether damage anywhere is noticed.
  boolean hasChecksum() {
    return true;
  }

  @Test
  void whatTheToolWritesIsRead() throws Exception {
    byte[] large = large(largeBytes());
    for (List<String> command : commands) {
      for (byte[] content : List.of(new byte[0], new byte[] {1}, small(), large)) {
        byte[] compressed = compress(command, content);
        assertThat(decompress(compressed)).as("%s", command).isEqualTo(content);
        assertThat(StreamFormat.detect(ByteString.of(compressed))).contains(format);
      }
    }
  }

  /// Noise, text and zeros.
  private static byte[] large(int sizeBytes) {
    byte[] content = new byte[sizeBytes];
    new Random(4).nextBytes(content);
    byte[] text = BlockCodecContract.text(sizeBytes / 2, new Random(3));
    System.arraycopy(text, 0, content, 1000, text.length);
    Arrays.fill(content, sizeBytes * 4 / 5, sizeBytes * 9 / 10, (byte) 0);
    return content;
  }

  @Test
  void anySizeOfReadGivesTheSame() throws Exception {
    byte[] content = small();
    try (InputStream stream = open(new Trickle(compress(content)))) {
      assertThat(stream.read()).isEqualTo(Byte.toUnsignedInt(content[0]));
      assertThat(stream.read(new byte[5], 2, 0)).isZero();
      byte[] rest = new byte[content.length - 1];
      int done = 0;
      for (int read; (read = stream.read(rest, done, Math.min(7, rest.length - done))) > 0; ) {
        done += read;
      }
      assertThat(rest).isEqualTo(Arrays.copyOfRange(content, 1, content.length));
      assertThat(stream.read()).isNegative();
      assertThat(stream.read()).isNegative();
    }
  }

  @Test
  void severalStreamsAreOne() throws Exception {
    byte[] content = small();
    byte[] compressed = compress(content);
    byte[] empty = compress(new byte[0]);
    byte[] several = join(compressed, empty, compressed, compressed);
    if (canBeConcatenated()) {
      assertThat(decompress(several)).isEqualTo(join(content, content, content));
    } else {
      assertThatExceptionOfType(FormatException.class).isThrownBy(() -> decompress(several));
    }
  }

  @Test
  void zerosAfterTheEndArePadding() throws Exception {
    byte[] content = small();
    for (int zeros : new int[] {1, 3, 4, 512, 200_000}) {
      assertThat(decompress(join(compress(content), new byte[zeros]))).isEqualTo(content);
    }
  }

  @Test
  void anythingElseAfterTheEndIsMalformed() throws Exception {
    byte[] compressed = compress(small());
    for (String garbage : List.of("garbage, garbage, garbage", "\0\0\0\0garbage")) {
      assertMalformed(join(compressed, garbage.getBytes()));
    }
  }

  @Test
  void everyTruncationIsMalformed() throws Exception {
    byte[] content = small();
    byte[] compressed = compress(content);
    for (int size = 0; size < compressed.length; size += 1 + size / 50) {
      byte[] truncated = Arrays.copyOf(compressed, size);
      if (knowsItsEnd() || size < 4) {
        assertMalformed(truncated);
      } else {
        assertMalformedOrShorter(truncated, content.length);
      }
    }
  }

  private void assertMalformedOrShorter(byte[] truncated, int size) throws IOException {
    try {
      assertThat(decompress(truncated).length).isLessThan(size);
    } catch (FormatException expected) {
      assertThat(expected.offsetBytes()).isLessThanOrEqualTo(truncated.length);
    }
  }

  @Test
  void corruptionGivesFormatExceptionsOnly() throws Exception {
    byte[] content = BlockCodecContract.text(3000, new Random(9));
    byte[] compressed = compress(content);
    Random random = new Random(13);
    int noticed = 0;
    for (int round = 0; round < 400; round++) {
      byte[] corrupt = compressed.clone();
      int place =
          random.nextBoolean()
              ? random.nextInt(corrupt.length)
              : random.nextInt(Math.min(50, corrupt.length));
      corrupt[place] ^= (byte) (1 << random.nextInt(8));
      try {
        byte[] decompressed = decompressAtMost(corrupt, 1 << 20);
        if (hasChecksum()) {
          assertThat(decompressed).isEqualTo(content);
        }
      } catch (FormatException expected) {
        noticed++;
        assertThat(expected).hasMessageStartingWith(format.toString());
      }
    }
    assertThat(noticed).isGreaterThan(70);
  }

  @Test
  void failuresOfTheInputPassThrough() throws Exception {
    IOException failure = new IOException("connection reset");
    byte[] compressed = compress(small());
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(compressed, 0, compressed.length / 2),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw failure;
              }
            });
    assertThatIOException().isThrownBy(() -> open(broken).readAllBytes()).isSameAs(failure);
  }

  @Test
  void anEmptyInputIsMalformed() {
    assertMalformed(new byte[0]);
  }

  @Test
  void openingReadsNothingAndClosingCloses() throws Exception {
    boolean[] closed = new boolean[1];
    InputStream source =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("was read");
          }

          @Override
          public void close() {
            closed[0] = true;
          }
        };
    InputStream stream = open(source);
    stream.close();
    stream.close();
    assertThat(closed[0]).isTrue();
    assertThatIOException().isThrownBy(stream::read).withMessage("stream is closed");
  }

  static byte[] small() {
    return BlockCodecContract.text(20_000, new Random(1));
  }

  byte[] compress(byte[] content) throws IOException {
    return compress(commands.getFirst(), content);
  }

  byte[] compress(List<String> command, byte[] content) throws IOException {
    Tools.require(command.getFirst());
    Path file = Files.write(directory.resolve("content"), content);
    Object[] words = new Object[command.size() + 1];
    command.toArray(words);
    words[command.size()] = file;
    Tools.Result result = Tools.execute(words);
    assertThat(result.exitCode()).as(result.text()).isZero();
    return result.output();
  }

  void assertMalformed(byte[] compressed) {
    assertThatExceptionOfType(FormatException.class)
        .as("%d bytes", compressed.length)
        .isThrownBy(() -> decompress(compressed))
        .withMessageStartingWith(format + ": ");
  }

  byte[] decompress(byte[] compressed) throws IOException {
    return decompressAtMost(compressed, Integer.MAX_VALUE - 8);
  }

  private byte[] decompressAtMost(byte[] compressed, int mostBytes) throws IOException {
    try (InputStream stream = open(new ByteArrayInputStream(compressed))) {
      return stream.readNBytes(mostBytes);
    }
  }

  private InputStream open(InputStream source) {
    return format.open(source);
  }

  static byte[] join(byte[]... parts) {
    ByteWriter writer = ByteWriter.littleEndian(100);
    for (byte[] part : parts) {
      writer.bytes(part);
    }
    return writer.toByteArray();
  }

  /// Gives one byte at a time, and says that none are available.
  private static final class Trickle extends FilterInputStream {
    Trickle(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      return super.read(target, offset, Math.min(count, 1));
    }

    @Override
    public int available() {
      return 0;
    }
  }
}
