package io.github.container2boot.tar;

import io.github.container2boot.bytes.FormatException;
import java.util.Arrays;

/// Where the stored data of a sparse file belongs: segments of the file in ascending order, with
/// holes between them.
final class SparseMap {
  /// More segments than this nobody writes: at one every eight KiB it is a file of 8 GiB.
  static final int MAX_SEGMENTS = 1 << 20;

  private final long[] offsets;
  private final long[] sizes;

  private SparseMap(long[] offsets, long[] sizes) {
    this.offsets = offsets;
    this.sizes = sizes;
  }

  int count() {
    return offsets.length;
  }

  /// Where in the file segment `index` begins.
  long offsetBytes(int index) {
    return offsets[index];
  }

  long sizeBytes(int index) {
    return sizes[index];
  }

  /// Collects the segments of one file as the archive lists them.
  static final class Builder {
    private final long headerOffsetBytes;
    private long[] offsets = new long[8];
    private long[] sizes = new long[8];
    private int count;

    Builder(long headerOffsetBytes) {
      this.headerOffsetBytes = headerOffsetBytes;
    }

    int count() {
      return count;
    }

    Builder add(long offsetBytes, long sizeBytes) throws FormatException {
      if (count == MAX_SEGMENTS) {
        throw malformed("more than %d segments".formatted(MAX_SEGMENTS));
      }
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * count);
        sizes = Arrays.copyOf(sizes, 2 * count);
      }
      offsets[count] = offsetBytes;
      sizes[count] = sizeBytes;
      count++;
      return this;
    }

    /// The map of a file of `fileBytes`, of which the archive holds `storedBytes`.
    SparseMap build(long fileBytes, long storedBytes) throws FormatException {
      long end = 0;
      long data = 0;
      for (int index = 0; index < count; index++) {
        long offset = offsets[index];
        long size = sizes[index];
        if (offset < end || size < 0 || size > fileBytes - offset) {
          throw malformed(
              "segment %d, %d bytes at %d, after one that ends at %d in a file of %d"
                  .formatted(index, size, offset, end, fileBytes));
        }
        end = offset + size;
        data += size;
      }
      if (data != storedBytes) {
        throw malformed("%d bytes in segments, %d bytes stored".formatted(data, storedBytes));
      }
      return new SparseMap(Arrays.copyOf(offsets, count), Arrays.copyOf(sizes, count));
    }

    private FormatException malformed(String found) {
      return FormatException.malformed(
          headerOffsetBytes,
          "sparse file: expected ascending segments within the file, found " + found);
    }
  }
}
