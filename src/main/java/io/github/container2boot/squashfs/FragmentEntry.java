package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// A fragment block in the fragment table, `struct squashfs_fragment_entry`.
///
/// | offset | size | field                                                           |
/// |-------:|-----:|-----------------------------------------------------------------|
/// |      0 |    8 | offset of the block in the image                                |
/// |      8 |    4 | how it is stored, see [BlockSize]                               |
/// |     12 |    4 | unused; here: size of the block uncompressed, 0 for not known   |
///
/// No reader looks at the last field and mksquashfs writes zero. It lets the assembler tell without
/// decompressing whether tails that nothing refers to lie at a block's end.
record FragmentEntry(long startBytes, int sizeWord, int contentBytes) {
  static final int SIZE = 16;

  /// In an inode: the file has no tail in a fragment block.
  static final long NONE = 0xffff_ffffL;

  void writeTo(ByteWriter writer) {
    writer.u64(startBytes).u32(sizeWord).u32(contentBytes);
  }

  static FragmentEntry readFrom(ByteReader reader) throws FormatException {
    long startBytes = reader.u64();
    int sizeWord = reader.i32();
    int contentBytes = reader.i32();
    return new FragmentEntry(startBytes, sizeWord, contentBytes);
  }

  int storedBytes() {
    return BlockSize.storedBytes(sizeWord);
  }
}
