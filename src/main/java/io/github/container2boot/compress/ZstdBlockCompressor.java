package io.github.container2boot.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/// Zstandard as the kernel wants it: a frame whose window is no larger than the block. libzstd
/// makes it so because it knows the size of the content beforehand. The checksum is left out, as
/// `mksquashfs` does.
final class ZstdBlockCompressor extends StagedCompressor {
  private final ZstdCompressCtx context = new ZstdCompressCtx();

  ZstdBlockCompressor(int level) {
    super(Staging.direct());
    context.setLevel(level).setChecksum(false).setContentSize(true);
  }

  @Override
  int compressStaged(ByteBuffer source, ByteBuffer target) {
    try {
      return context.compressDirectByteBuffer(target, 0, target.limit(), source, 0, source.limit());
    } catch (ZstdException failure) {
      if (failure.getErrorCode() == Zstd.errDstSizeTooSmall()) {
        return DOES_NOT_FIT;
      }
      throw failure;
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
