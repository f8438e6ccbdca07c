package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.tukaani.xz.SingleXZInputStream;

/// XZ with any filters and checks the library knows; the kernel knows fewer.
final class XzBlockDecompressor extends StagedDecompressor {
  /// SquashFS blocks and so dictionaries end at 1 MiB; the rest is for filters.
  private static final int MEMORY_LIMIT_KIB = 4096;

  private final KeptArrays arrays = new KeptArrays();

  XzBlockDecompressor() {
    super(Staging.heap());
  }

  @Override
  int decompressStaged(ByteBuffer source, ByteBuffer target) throws FormatException {
    try (SingleXZInputStream stream = open(source)) {
      int count = stream.readNBytes(target.array(), target.arrayOffset(), target.limit());
      if (stream.read() >= 0) {
        throw tooLarge("xz", target);
      }
      return count;
    } catch (FormatException own) {
      throw own;
    } catch (IOException | RuntimeException failure) {
      throw FormatException.malformed("xz block is corrupt: " + Failures.describe(failure));
    }
  }

  private SingleXZInputStream open(ByteBuffer source) throws IOException {
    return new SingleXZInputStream(
        new ByteArrayInputStream(source.array(), source.arrayOffset(), source.limit()),
        MEMORY_LIMIT_KIB,
        true,
        arrays);
  }

  @Override
  public void close() {
    arrays.clear();
  }
}
