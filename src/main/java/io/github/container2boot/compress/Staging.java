package io.github.container2boot.compress;

import java.nio.ByteBuffer;

/// Gives a codec that works on one kind of memory any buffer: what is of the right kind is used
/// where it lies, anything else goes through memory kept here from block to block.
final class Staging {
  private final boolean direct;
  private ByteBuffer sourceCopy;
  private ByteBuffer targetRoom;

  private Staging(boolean direct) {
    this.direct = direct;
    this.sourceCopy = allocate(direct, 0);
    this.targetRoom = allocate(direct, 0);
  }

  /// For native code.
  static Staging direct() {
    return new Staging(true);
  }

  /// For code on arrays: every buffer it gives has one.
  static Staging heap() {
    return new Staging(false);
  }

  /// The remaining bytes of `source`, from position 0.
  ByteBuffer from(ByteBuffer source) {
    if (isRightKind(source)) {
      return source.slice();
    }
    sourceCopy = atLeast(sourceCopy, source.remaining());
    sourceCopy.put(0, source, source.position(), source.remaining());
    return sourceCopy.limit(source.remaining());
  }

  /// As much room as `target` has, from position 0.
  ByteBuffer to(ByteBuffer target) {
    if (isRightKind(target)) {
      return target.slice();
    }
    targetRoom = atLeast(targetRoom, target.remaining());
    return targetRoom.limit(target.remaining());
  }

  /// Moves both buffers past a block of which `count` bytes were put into `room`.
  void deliver(ByteBuffer source, ByteBuffer room, int count, ByteBuffer target) {
    if (!isRightKind(target)) {
      target.put(target.position(), room, 0, count);
    }
    target.position(target.position() + count);
    source.position(source.limit());
  }

  private boolean isRightKind(ByteBuffer buffer) {
    return direct ? buffer.isDirect() : buffer.hasArray();
  }

  private ByteBuffer atLeast(ByteBuffer kept, int sizeBytes) {
    if (kept.capacity() >= sizeBytes) {
      return kept.clear();
    }
    return allocate(direct, sizeBytes);
  }

  private static ByteBuffer allocate(boolean direct, int sizeBytes) {
    return direct ? ByteBuffer.allocateDirect(sizeBytes) : ByteBuffer.allocate(sizeBytes);
  }
}
