package io.github.container2boot.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tukaani.xz.ArrayCache;

/// Hands the large arrays of one XZ stream to the next. For one thread.
final class KeptArrays extends ArrayCache {
  private final List<byte[]> bytes = new ArrayList<>();
  private final List<int[]> ints = new ArrayList<>();

  @Override
  public byte[] getByteArray(int size, boolean fillWithZeros) {
    for (int index = 0; index < bytes.size(); index++) {
      if (bytes.get(index).length == size) {
        byte[] found = bytes.remove(index);
        if (fillWithZeros) {
          Arrays.fill(found, (byte) 0);
        }
        return found;
      }
    }
    return new byte[size];
  }

  @Override
  public void putArray(byte[] array) {
    bytes.add(array);
  }

  @Override
  public int[] getIntArray(int size, boolean fillWithZeros) {
    for (int index = 0; index < ints.size(); index++) {
      if (ints.get(index).length == size) {
        int[] found = ints.remove(index);
        if (fillWithZeros) {
          Arrays.fill(found, 0);
        }
        return found;
      }
    }
    return new int[size];
  }

  @Override
  public void putArray(int[] array) {
    ints.add(array);
  }

  void clear() {
    bytes.clear();
    ints.clear();
  }
}
