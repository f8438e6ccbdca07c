package io.github.container2boot.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;

/// Zstandard by libzstd, which needs no memory but the two buffers.
final class ZstdBlockDecompressor extends StagedDecompressor {
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();

  ZstdBlockDecompressor() {
    super(Staging.direct());
  }

  @Override
  int decompressStaged(ByteBuffer source, ByteBuffer target) throws FormatException {
    try {
      return context.decompressDirectByteBuffer(
          target, 0, target.limit(), source, 0, source.limit());
    } catch (ZstdException failure) {
      throw failure.getErrorCode() == Zstd.errDstSizeTooSmall()
          ? tooLarge("zstd", target)
          : FormatException.malformed("zstd block is corrupt: " + failure.getMessage());
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
