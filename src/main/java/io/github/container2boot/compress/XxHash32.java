package io.github.container2boot.compress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// xxHash32 with seed 0, by the xxHash specification 0.1.1: four lanes over stripes of 16 bytes,
/// then what is left.
final class XxHash32 {
  private static final int PRIME_1 = 0x9E3779B1;
  private static final int PRIME_2 = 0x85EBCA77;
  private static final int PRIME_3 = 0xC2B2AE3D;
  private static final int PRIME_4 = 0x27D4EB2F;
  private static final int PRIME_5 = 0x165667B1;
  private static final int STRIPE_BYTES = 16;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] pending = new byte[STRIPE_BYTES];
  private int pendingCount;
  private long totalBytes;
  private int lane1;
  private int lane2;
  private int lane3;
  private int lane4;

  XxHash32() {
    reset();
  }

  /// All arithmetic is modulo 2^32.
  @SuppressWarnings("ConstantOverflow")
  void reset() {
    pendingCount = 0;
    totalBytes = 0;
    lane1 = PRIME_1 + PRIME_2;
    lane2 = PRIME_2;
    lane3 = 0;
    lane4 = -PRIME_1;
  }

  void update(byte[] bytes, int offset, int count) {
    totalBytes += count;
    int position = offset;
    int end = offset + count;
    if (pendingCount > 0) {
      int taken = Math.min(STRIPE_BYTES - pendingCount, count);
      System.arraycopy(bytes, position, pending, pendingCount, taken);
      pendingCount += taken;
      position += taken;
      if (pendingCount < STRIPE_BYTES) {
        return;
      }
      stripe(pending, 0);
    }
    for (; end - position >= STRIPE_BYTES; position += STRIPE_BYTES) {
      stripe(bytes, position);
    }
    pendingCount = end - position;
    System.arraycopy(bytes, position, pending, 0, pendingCount);
  }

  private void stripe(byte[] bytes, int offset) {
    lane1 = round(lane1, (int) INT.get(bytes, offset));
    lane2 = round(lane2, (int) INT.get(bytes, offset + 4));
    lane3 = round(lane3, (int) INT.get(bytes, offset + 8));
    lane4 = round(lane4, (int) INT.get(bytes, offset + 12));
  }

  private static int round(int lane, int value) {
    return Integer.rotateLeft(lane + value * PRIME_2, 13) * PRIME_1;
  }

  int value() {
    int hash = totalBytes >= STRIPE_BYTES ? convergence() : PRIME_5;
    hash += (int) totalBytes;
    int position = 0;
    for (; pendingCount - position >= 4; position += 4) {
      int value = (int) INT.get(pending, position);
      hash = Integer.rotateLeft(hash + value * PRIME_3, 17) * PRIME_4;
    }
    for (; position < pendingCount; position++) {
      hash = Integer.rotateLeft(hash + (pending[position] & 0xff) * PRIME_5, 11) * PRIME_1;
    }
    return avalanche(hash);
  }

  private int convergence() {
    return Integer.rotateLeft(lane1, 1)
        + Integer.rotateLeft(lane2, 7)
        + Integer.rotateLeft(lane3, 12)
        + Integer.rotateLeft(lane4, 18);
  }

  private static int avalanche(int value) {
    int hash = value;
    hash = (hash ^ hash >>> 15) * PRIME_2;
    hash = (hash ^ hash >>> 13) * PRIME_3;
    return hash ^ hash >>> 16;
  }
}
