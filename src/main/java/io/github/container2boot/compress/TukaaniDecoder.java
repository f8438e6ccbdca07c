package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.SingleXZInputStream;
import org.tukaani.xz.UnsupportedOptionsException;

/// The formats of XZ for Java.
final class TukaaniDecoder implements Decoder {
  /// The dictionary and what the filters need beside it.
  private static final int MEMORY_LIMIT_KIB =
      (int) (StreamFormat.LARGEST_WINDOW_BYTES >> 10) + 1024;

  private static final int PADDING_ALIGNMENT_BYTES = 4;

  private final CompressedInput input;
  private final Opener opener;
  private final boolean severalStreams;
  private @Nullable InputStream stream;

  private TukaaniDecoder(CompressedInput input, Opener opener, boolean severalStreams) {
    this.input = input;
    this.opener = opener;
    this.severalStreams = severalStreams;
  }

  /// Streams one after the other, with padding in fours between them as the format has it, and any
  /// padding after the last.
  static Decoder xz(CompressedInput input) {
    KeptArrays arrays = new KeptArrays();
    return new TukaaniDecoder(
        input, source -> new SingleXZInputStream(source, MEMORY_LIMIT_KIB, true, arrays), true);
  }

  /// One stream, with an end marker or of known size.
  static Decoder lzma(CompressedInput input) {
    return new TukaaniDecoder(
        input, source -> new LZMAInputStream(source, MEMORY_LIMIT_KIB), false);
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    try {
      int decoded;
      do {
        decoded = opened().read(target, offset, count);
      } while (decoded < 0 && nextStream());
      return decoded;
    } catch (MemoryLimitException tooLarge) {
      throw dictionaryTooLarge();
    } catch (UnsupportedOptionsException unsupported) {
      throw FormatException.unsupported(input.offsetBytes(), Failures.describe(unsupported));
    } catch (EOFException truncated) {
      throw input.endsTooSoon();
    }
  }

  /// False at the end of the input.
  private boolean nextStream() throws IOException {
    if (!severalStreams) {
      input.requireOnlyPadding();
      return false;
    }
    stream = null;
    long padding = input.skipZeros();
    if (input.atEnd()) {
      return false;
    }
    if (padding % PADDING_ALIGNMENT_BYTES != 0) {
      throw FormatException.malformed(
          input.offsetBytes(), "expected the end or padding, found something else");
    }
    return true;
  }

  private FormatException dictionaryTooLarge() {
    return FormatException.unsupported(
        input.offsetBytes(),
        "dictionary is too large: expected at most %d MiB"
            .formatted(StreamFormat.LARGEST_WINDOW_BYTES >> 20));
  }

  private InputStream opened() throws IOException {
    InputStream opened = stream;
    if (opened == null) {
      opened = opener.open(input);
      stream = opened;
    }
    return opened;
  }

  private interface Opener {
    InputStream open(InputStream source) throws IOException;
  }
}
