package io.github.container2boot.directory;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.time.Instant;

/// What statx(2) says of a file. The structure is the same on every architecture:
///
/// | offset | bytes | field | |
/// |---|---|---|---|
/// | 8 | 8 | attributes | |
/// | 16 | 4 | nlink | how many names it has |
/// | 20 | 4 | uid | |
/// | 24 | 4 | gid | |
/// | 28 | 2 | mode | type and permissions |
/// | 32 | 8 | ino | |
/// | 40 | 8 | size | bytes |
/// | 48 | 8 | blocks | of 512 bytes |
/// | 56 | 8 | attributes_mask | which bits of attributes mean something |
/// | 96 | 8 + 4 | ctime | seconds and nanoseconds |
/// | 112 | 8 + 4 | mtime | seconds and nanoseconds |
/// | 128 | 4 + 4 | rdev | major and minor, of a device |
/// | 136 | 4 + 4 | dev | major and minor, of the file system it lies in |
///
/// @param mountRoot whether something is mounted here; what is mounted is what is described then
/// @param mountRootKnown whether the kernel says so: Linux 5.8 and later do
record FileStatus(
    long links,
    long userId,
    long groupId,
    int mode,
    long inode,
    long sizeBytes,
    long blocks,
    Instant changed,
    Instant modified,
    long deviceMajor,
    long deviceMinor,
    long fileSystem,
    boolean mountRoot,
    boolean mountRootKnown) {
  static final int SIZE = 256;

  private static final int TYPE = 0_170000;
  private static final int SOCKET = 0_140000;
  private static final int SYMBOLIC_LINK = 0_120000;
  private static final int REGULAR = 0_100000;
  private static final int BLOCK_DEVICE = 0_060000;
  private static final int DIRECTORY = 0_040000;
  private static final int CHARACTER_DEVICE = 0_020000;
  private static final int FIFO = 0_010000;

  private static final long MOUNT_ROOT = 0x2000;
  private static final int SECTOR_BYTES = 512;

  /// What a file is.
  enum Type {
    SOCKET,
    SYMBOLIC_LINK,
    REGULAR,
    BLOCK_DEVICE,
    DIRECTORY,
    CHARACTER_DEVICE,
    FIFO,
    OTHER
  }

  static FileStatus readFrom(MemorySegment structure) {
    return new FileStatus(
        unsignedInt(structure, 16),
        unsignedInt(structure, 20),
        unsignedInt(structure, 24),
        Short.toUnsignedInt(structure.get(JAVA_SHORT, 28)),
        structure.get(JAVA_LONG, 32),
        structure.get(JAVA_LONG, 40),
        structure.get(JAVA_LONG, 48),
        time(structure, 96),
        time(structure, 112),
        unsignedInt(structure, 128),
        unsignedInt(structure, 132),
        unsignedInt(structure, 136) << 32 | unsignedInt(structure, 140),
        (structure.get(JAVA_LONG, 8) & MOUNT_ROOT) != 0,
        (structure.get(JAVA_LONG, 56) & MOUNT_ROOT) != 0);
  }

  private static long unsignedInt(MemorySegment structure, int offset) {
    return Integer.toUnsignedLong(structure.get(JAVA_INT, offset));
  }

  private static Instant time(MemorySegment structure, int offset) {
    return Instant.ofEpochSecond(
        structure.get(JAVA_LONG, offset), unsignedInt(structure, offset + 8));
  }

  Type type() {
    return switch (mode & TYPE) {
      case SOCKET -> Type.SOCKET;
      case SYMBOLIC_LINK -> Type.SYMBOLIC_LINK;
      case REGULAR -> Type.REGULAR;
      case BLOCK_DEVICE -> Type.BLOCK_DEVICE;
      case DIRECTORY -> Type.DIRECTORY;
      case CHARACTER_DEVICE -> Type.CHARACTER_DEVICE;
      case FIFO -> Type.FIFO;
      default -> Type.OTHER;
    };
  }

  int permissions() {
    return mode & 0_7777;
  }

  /// Whether it may have holes. A file system that compresses says so of files that have none.
  boolean maybeSparse() {
    return blocks < sizeBytes / SECTOR_BYTES;
  }

  /// Whether this, in the directory `parent`, belongs to another file system, or another part of
  /// this one. An older kernel does not say; there overlayfs, whose files may be of any device,
  /// leaves directories to go by.
  boolean isMountPointIn(FileStatus parent) {
    return mountRootKnown ? mountRoot : type() == Type.DIRECTORY && fileSystem != parent.fileSystem;
  }

  /// Whether this is the same file, and nobody has written to it or changed its attributes since.
  boolean isUnchanged(FileStatus since) {
    return isSameFile(since)
        && sizeBytes == since.sizeBytes
        && modified.equals(since.modified)
        && changed.equals(since.changed);
  }

  boolean isSameFile(FileStatus other) {
    return inode == other.inode && fileSystem == other.fileSystem && type() == other.type();
  }
}
