package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.BlockCompressor;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The same image with its tables written uncompressed, for damage that reaches their records.
record PlainImage(byte[] image) {
  byte[] toByteArray() throws IOException {
    Superblock superblock = Superblock.readFrom(ByteReader.littleEndian(image));
    FileTree tree = SquashfsImage.read(Content.of(image)).tree();
    int dataEnd = (int) superblock.inodeTableOffsetBytes();
    SquashfsOptions options = Images.options(superblock.compression().toString());
    BlockStore[] store = new BlockStore[1];
    tree.walk((_, inode) -> {
      if (inode instanceof RegularFile file) {
        store[0] = ((StoredFile) file.content()).store();
      }
    });
    List<FragmentEntry> fragments = new ArrayList<>();
    for (long index = 0; index < superblock.fragments(); index++) {
      fragments.add(store[0].fragmentEntry(index));
    }
    ImageTables tables =
        ImageTables.of(
            tree,
            file -> ((StoredFile) file.content()).placement(),
            fragments,
            dataEnd,
            options,
            NEVER_SMALLER);
    byte[] plain = Arrays.copyOf(image, dataEnd + tables.tables().remaining());
    tables.head().get(plain, 0, tables.head().remaining());
    tables.tables().get(plain, dataEnd, tables.tables().remaining());
    return plain;
  }

  private static final BlockCompressor NEVER_SMALLER =
      new BlockCompressor() {
        @Override
        public int compress(ByteBuffer source, ByteBuffer target) {
          return DOES_NOT_FIT;
        }

        @Override
        public void close() {}
      };
}
