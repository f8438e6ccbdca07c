package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;

/// A step into a large directory, `struct squashfs_dir_index`: the run that begins at
/// `listingOffsetBytes` begins with `name`, so that a lookup need not read what lies before.
///
/// | offset | size | field                                                            |
/// |-------:|-----:|------------------------------------------------------------------|
/// |      0 |    4 | offset of the run's header in the listing                        |
/// |      4 |    4 | metadata block the header is in, from the directory table        |
/// |      8 |    4 | size of the name, less one                                       |
/// |     12 |      | the first name of the run, without NUL                           |
record DirectoryIndexEntry(long listingOffsetBytes, long blockBytes, ByteString name) {
  void writeTo(ByteWriter writer) {
    writer.u32(listingOffsetBytes).u32(blockBytes).u32(name.size() - 1).bytes(name);
  }
}
