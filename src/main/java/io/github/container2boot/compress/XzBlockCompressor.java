package io.github.container2boot.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.UnsupportedOptionsException;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/// XZ as the kernel wants it: it allocates a dictionary as large as the block before it sees any
/// (unless compressor options say otherwise), refuses streams that want more, and knows CRC32.
final class XzBlockCompressor extends StagedCompressor {
  private final LZMA2Options options;
  private final KeptArrays arrays = new KeptArrays();
  private final BoundedOutput output = new BoundedOutput();

  XzBlockCompressor(int level, int blockSizeBytes) {
    super(Staging.heap());
    this.options = optionsFor(level, blockSizeBytes);
  }

  private static LZMA2Options optionsFor(int level, int blockSizeBytes) {
    try {
      LZMA2Options options = new LZMA2Options(level);
      options.setDictSize(Math.max(blockSizeBytes, LZMA2Options.DICT_SIZE_MIN));
      return options;
    } catch (UnsupportedOptionsException refused) {
      throw new IllegalArgumentException("xz level " + level, refused);
    }
  }

  @Override
  int compressStaged(ByteBuffer source, ByteBuffer target) {
    output.fill(target);
    try (XZOutputStream stream = new XZOutputStream(output, options, XZ.CHECK_CRC32, arrays)) {
      stream.write(source.array(), source.arrayOffset(), source.limit());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return output.countOrDoesNotFit();
  }

  @Override
  public void close() {
    arrays.clear();
  }

  /// Puts bytes into a buffer. What does not fit is only counted: a stream that is left in the
  /// middle would not give its arrays back.
  private static final class BoundedOutput extends OutputStream {
    private ByteBuffer target = ByteBuffer.allocate(0);
    private boolean fits;

    void fill(ByteBuffer target) {
      this.target = target;
      this.fits = true;
    }

    int countOrDoesNotFit() {
      return fits ? target.position() : DOES_NOT_FIT;
    }

    @Override
    public void write(int value) {
      fits = fits && target.hasRemaining();
      if (fits) {
        target.put((byte) value);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      fits = fits && count <= target.remaining();
      if (fits) {
        target.put(bytes, offset, count);
      }
    }
  }
}
