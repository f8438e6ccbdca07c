package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.UnsupportedOptionsException;
import org.tukaani.xz.XZInputStream;

/// The formats of XZ for Java.
final class TukaaniDecoder implements Decoder {
  /// The dictionary and what the filters need beside it.
  private static final int MEMORY_LIMIT_KIB =
      (int) (StreamFormat.LARGEST_WINDOW_BYTES >> 10) + 1024;

  private final CompressedInput input;
  private final Opener opener;
  private @Nullable InputStream stream;

  private TukaaniDecoder(CompressedInput input, Opener opener) {
    this.input = input;
    this.opener = opener;
  }

  /// Streams one after the other, with padding in fours as the format has it.
  static Decoder xz(CompressedInput input) {
    return new TukaaniDecoder(input, source -> new XZInputStream(source, MEMORY_LIMIT_KIB));
  }

  /// One stream, with an end marker or of known size.
  static Decoder lzma(CompressedInput input) {
    return new TukaaniDecoder(input, source -> new LZMAInputStream(source, MEMORY_LIMIT_KIB));
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    try {
      InputStream opened = opened();
      int decoded = opened.read(target, offset, count);
      if (decoded < 0) {
        input.requireOnlyPadding();
      }
      return decoded;
    } catch (MemoryLimitException tooLarge) {
      throw dictionaryTooLarge();
    } catch (UnsupportedOptionsException unsupported) {
      throw FormatException.unsupported(input.offsetBytes(), Failures.describe(unsupported));
    } catch (EOFException truncated) {
      throw input.endsTooSoon();
    }
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
