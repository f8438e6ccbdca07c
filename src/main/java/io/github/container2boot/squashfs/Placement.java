package io.github.container2boot.squashfs;

/// Where a file's data is in its image.
///
/// @param startBytes offset of the first block; 0 where nothing is stored in blocks
/// @param blocks how each block is stored
/// @param fragment the fragment block with the tail, [FragmentEntry#NONE] if there is none
/// @param fragmentOffsetBytes where the tail begins in the uncompressed fragment block
record Placement(long startBytes, BlockList blocks, long fragment, int fragmentOffsetBytes) {
  static final Placement EMPTY = inBlocks(0, BlockList.EMPTY);

  static Placement inBlocks(long startBytes, BlockList blocks) {
    return new Placement(blocks.storedBytes() == 0 ? 0 : startBytes, blocks, FragmentEntry.NONE, 0);
  }

  static Placement inFragment(long fragment, int offsetBytes) {
    return new Placement(0, BlockList.EMPTY, fragment, offsetBytes);
  }

  boolean hasTail() {
    return fragment != FragmentEntry.NONE;
  }
}
