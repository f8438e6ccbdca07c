/// SquashFS 4.0: a compressed file system that is written once and mounted read-only by Linux.
///
/// # What lies where
///
/// | part                  | content                                                             |
/// |-----------------------|---------------------------------------------------------------------|
/// | superblock            | 96 bytes: [Superblock][io.github.container2boot.squashfs.Superblock] |
/// | compressor options    | a metadata block, only where the compressor was not used as usual   |
/// | data                  | the blocks of files and fragment blocks, in any order               |
/// | inode table           | metadata blocks                                                     |
/// | directory table       | metadata blocks: the listings of directories                        |
/// | fragment table        | metadata blocks and an index: where each fragment block is          |
/// | export table          | metadata blocks and an index: the inode of each inode number        |
/// | id table              | metadata blocks and an index: 32-bit owners and groups              |
/// | xattr table           | keys and values, sets of them, and an index of the sets             |
///
/// All numbers are little-endian. A file's data is cut into blocks of 4 KiB to 1 MiB; each is
/// compressed on its own and stored as it is where that does not make it smaller. Its inode says
/// where the first block is and how large each of them is stored: 0 for a block of zeros. What is
/// smaller than a block is packed with others of its kind into a fragment block. Metadata blocks
/// hold 8 KiB each, and references into them are pairs: where the block is stored, and where in its
/// content.
///
/// There is no specification. What counts is `fs/squashfs` of Linux, then what mksquashfs writes;
/// <https://dr-emann.github.io/squashfs/> describes both.
///
/// # Who does what
///
/// - [SquashfsWriter][io.github.container2boot.squashfs.SquashfsWriter] streams: data in the order
///   in which an archive has it, the tree at the end. Blocks are compressed on several threads and
///   written in input order, so that the bytes are the same for any number of threads. Memory is a
///   few blocks for each thread.
/// - [SquashfsImage][io.github.container2boot.squashfs.SquashfsImage] reads images of anybody's
///   making, and trusts none. Its files are
///   [StoredFile][io.github.container2boot.squashfs.StoredFile]s, which know their blocks.
/// - [SquashfsAssembler][io.github.container2boot.squashfs.SquashfsAssembler] makes one image of a
///   tree whose files lie in others. Blocks do not know where they are, so they are taken as they
///   are; only tables are new. What it returns is a Content that refers to the other images: their
///   data moves once, to where it belongs in the end.
///
/// # What we decided
///
/// - **Fragments** hold files smaller than a block, as mksquashfs does it; the rest of a larger
///   file is a smaller block. Packing those too would save little, and cost a repacked fragment
///   block for each hidden file. Images that do pack them are read and assembled all the same.
/// - **A fragment block's true size** goes into the unused field of its table entry, see
///   [FragmentEntry][io.github.container2boot.squashfs.FragmentEntry]: the assembler must know
///   whether a tail that nothing refers to lies at its end. Where the field is 0, as mksquashfs
///   writes it, the block is decompressed to see.
/// - **Nothing hidden survives.** A fragment block is taken as it is only if every byte of it
///   belongs to a file of the tree. Data blocks belong to one file, or to files that are the same.
/// - **Duplicates** are stored once. Small files are told by SHA-256, before they are compressed;
///   others by their compressed blocks, which are then compared byte by byte. The assembler does
///   the latter across images: a layer that changed only an owner costs no data.
/// - **Holes** that arrive as holes are never read; an image has at most 2^24 blocks, holes
///   included (2 TiB at 128 KiB), because a block list is memory and a hole costs its author
///   nothing.
/// - **Times** are unsigned seconds until 2106; nanoseconds are dropped, and what lies outside
///   becomes the nearest time there is. Linux reads them as unsigned since 5.4; mksquashfs wraps
///   around.
/// - **Extended attributes** exist in `user`, `trusted` and `security` only. Others are left out;
///   who makes the tree must know, and say what is lost. Equal sets are stored once, and so is
///   every value that is longer than the reference that replaces it.
/// - **Inodes** of one directory lie together and are numbered in a row, below their
///   subdirectories' own; a directory's listing then has few runs. The export table is always
///   there, as programs that open files by handle need it (nfsd, fanotify); it costs about 3 bytes
///   an inode.
/// - **Directory indexes** are written every 8 KiB of a listing: without them Linux reads all of a
///   directory to find one name. Names are in the order of their bytes, unsigned, which is what the
///   kernel's strcmp expects.
///
/// # Where sources disagree
///
/// - A directory's size includes three bytes for `.` and `..`, which are not stored; some tools
///   write 0 for an empty directory. Both are read, 3 is written.
/// - The superblock counts ids in 16 bits, so that there can be 65535 of them although inodes could
///   name one more.
/// - Linux refuses images with anything between the tables from the fragment table on, and wants
///   them in the order above. Ours have nothing between any of them.
/// - Where an lz4 image has no compressor options Linux refuses it; they are always written. For
///   xz, none means a dictionary as large as a block and no filters, which is what we use.
/// - A metadata block header of 0x8000 is read by Linux as 32 KiB, a leftover of version 1; here it
///   is malformed, as no block can be that large.
/// - Holes count as stored in st_blocks if a whole file is one: mksquashfs leaves one byte, since
///   programs take files that occupy nothing for files whose data is still to come. So do we.
package io.github.container2boot.squashfs;
