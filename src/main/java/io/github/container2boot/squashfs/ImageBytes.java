package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The bytes of an image that is not trusted: every range is checked, and what is read adds up
/// against half of the memory there is.
final class ImageBytes {
  private final Content image;
  private final long usedBytes;
  private long memoryLeft = Runtime.getRuntime().maxMemory() / 2;

  ImageBytes(Content image, long usedBytes) {
    this.image = image;
    this.usedBytes = usedBytes;
  }

  long usedBytes() {
    return usedBytes;
  }

  /// Checks that a range lies inside the image.
  void requireInside(String what, long offsetBytes, long countBytes) throws FormatException {
    if (offsetBytes < Superblock.SIZE
        || offsetBytes > usedBytes
        || countBytes > usedBytes - offsetBytes) {
      throw FormatException.malformed(
          offsetBytes,
          "SquashFS %s of %d bytes lies outside the image: expected it within bytes %d to %d"
              .formatted(what, countBytes, Superblock.SIZE, usedBytes));
    }
  }

  /// Reads a range whose size has been checked to be small.
  ByteReader read(String what, long offsetBytes, int countBytes) throws IOException {
    requireInside(what, offsetBytes, countBytes);
    ByteBuffer bytes = ByteBuffer.allocate(countBytes);
    image.read(offsetBytes, bytes);
    return ByteReader.littleEndian(bytes.flip(), offsetBytes);
  }

  /// Reads a range into the whole of `target`.
  void read(String what, long offsetBytes, ByteBuffer target) throws IOException {
    requireInside(what, offsetBytes, target.remaining());
    image.read(offsetBytes, target);
  }

  /// Takes `bytes` from what is left of the memory: an image of a few KiB can claim any number of
  /// inodes.
  void spendMemory(String what, long bytes) throws FormatException {
    if (bytes > memoryLeft) {
      throw FormatException.unsupported(
          "SquashFS %s needs %d MiB of memory, %d MiB are left: give Java more with -Xmx"
              .formatted(what, bytes >> 20, memoryLeft >> 20));
    }
    memoryLeft -= bytes;
  }
}
