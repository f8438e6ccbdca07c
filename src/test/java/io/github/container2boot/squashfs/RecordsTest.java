package io.github.container2boot.squashfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.Compression;
import io.github.container2boot.compress.CompressionSettings;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Every structure against its bytes.
class RecordsTest {
  private static final InodeHeader HEADER =
      new InodeHeader(InodeType.FILE, 0644, 1, 2, 0x6553_f100L, 7);

  @Test
  void superblock() throws FormatException {
    Superblock superblock =
        new Superblock(
            5,
            0x6553_f100L,
            1 << 17,
            3,
            Compression.ZSTD,
            Set.of(Superblock.Flag.EXPORTABLE, Superblock.Flag.COMPRESSOR_OPTIONS),
            2,
            new MetadataReference(0x1234, 0x56),
            0x11,
            0x22,
            Superblock.NO_TABLE,
            0x33,
            0x44,
            0x55,
            0x66);
    String bytes =
        "68737173" // magic
            + "05000000" // inodes
            + "00f15365" // time
            + "00000200" // block size
            + "03000000" // fragments
            + "0600" // zstd
            + "1100" // log2 of the block size
            + "8004" // flags
            + "0200" // ids
            + "04000000" // version
            + "5600341200000000" // root
            + "1100000000000000" // size
            + "2200000000000000" // ids
            + "ffffffffffffffff" // no xattrs
            + "3300000000000000" // inodes
            + "4400000000000000" // directories
            + "5500000000000000" // fragments
            + "6600000000000000"; // export
    assertThat(hex(superblock::writeTo)).isEqualTo(bytes).hasSize(2 * Superblock.SIZE);
    assertThat(Superblock.readFrom(reader(bytes))).isEqualTo(superblock);
  }

  @Test
  void basicFile() throws FormatException {
    InodeRecord.FileInode file =
        new InodeRecord.FileInode(
            HEADER,
            96,
            4097,
            0,
            1,
            FragmentEntry.NONE,
            0,
            InodeRecord.NO_XATTRS,
            BlockList.of(new int[] {BlockSize.compressed(100), BlockSize.uncompressed(1)}));
    String bytes =
        "0200a4010100020000f1536507000000"
            + "60000000ffffffff0000000001100000"
            + "6400000001000001";
    assertThat(hex(file::writeTo)).isEqualTo(bytes);
    assertThat(InodeRecord.readFrom(reader(bytes), 4096)).isEqualTo(file);
  }

  @Test
  void extendedFile() throws FormatException {
    InodeRecord.FileInode file =
        new InodeRecord.FileInode(
            HEADER, 1L << 32, 8192, 4096, 2, 3, 4, 5, BlockList.of(new int[] {0, 9}));
    String bytes =
        "0900a4010100020000f1536507000000"
            + "00000000010000000020000000000000"
            + "00100000000000000200000003000000"
            + "0400000005000000"
            + "0000000009000000";
    assertThat(hex(file::writeTo)).isEqualTo(bytes);
    assertThat(InodeRecord.readFrom(reader(bytes), 4096)).isEqualTo(file);
  }

  @Test
  void directories() throws FormatException {
    InodeHeader header = HEADER.withType(InodeType.DIRECTORY);
    MetadataReference listing = new MetadataReference(0x10, 0x20);
    InodeRecord.DirectoryInode basic =
        new InodeRecord.DirectoryInode(header, 2, 30, listing, 9, List.of(), InodeRecord.NO_XATTRS);
    String basicBytes = "0100a4010100020000f1536507000000" + "10000000020000002100200009000000";
    assertThat(hex(basic::writeTo)).isEqualTo(basicBytes);
    assertThat(InodeRecord.readFrom(reader(basicBytes), 4096)).isEqualTo(basic);

    InodeRecord.DirectoryInode extended =
        new InodeRecord.DirectoryInode(
            header,
            2,
            30,
            listing,
            9,
            List.of(new DirectoryIndexEntry(1, 2, ByteString.utf8("ab"))),
            InodeRecord.NO_XATTRS);
    assertThat(hex(extended::writeTo))
        .isEqualTo(
            "0800a4010100020000f1536507000000"
                + "02000000210000001000000009000000"
                + "01002000ffffffff"
                + "0100000002000000010000006162");
  }

  @Test
  void linksDevicesAndPipes() {
    assertThat(
            hex(
                new InodeRecord.SymbolicLinkInode(
                        HEADER.withType(InodeType.SYMBOLIC_LINK), 1, ByteString.utf8("to"), 6)
                    ::writeTo))
        .isEqualTo("0a00a4010100020000f1536507000000" + "0100000002000000746f06000000");
    assertThat(
            hex(
                new InodeRecord.DeviceInode(
                        HEADER.withType(InodeType.CHARACTER_DEVICE),
                        1,
                        new DeviceNumber(0xabc, 0x12345),
                        InodeRecord.NO_XATTRS)
                    ::writeTo))
        .isEqualTo("0500a4010100020000f1536507000000" + "0100000045bc3a12");
    assertThat(
            hex(
                new InodeRecord.IpcInode(
                        HEADER.withType(InodeType.SOCKET), 1, InodeRecord.NO_XATTRS)
                    ::writeTo))
        .isEqualTo("0700a4010100020000f1536507000000" + "01000000");
  }

  @Test
  void listings() throws FormatException {
    DirectoryHeader header = new DirectoryHeader(2, 0x40, 7);
    assertThat(hex(header::writeTo)).isEqualTo("010000004000000007000000");
    assertThat(DirectoryHeader.readFrom(reader("010000004000000007000000"))).isEqualTo(header);
    DirectoryEntry entry = new DirectoryEntry(0x20, -1, InodeType.FILE, ByteString.utf8("abc"));
    assertThat(hex(entry::writeTo)).isEqualTo("2000ffff02000200616263");
    assertThat(DirectoryEntry.readFrom(reader("2000ffff02000200616263"))).isEqualTo(entry);
  }

  @Test
  void fragmentsAndAttributes() throws FormatException {
    FragmentEntry fragment = new FragmentEntry(0x60, BlockSize.uncompressed(16), 16);
    assertThat(hex(fragment::writeTo)).isEqualTo("60000000000000001000000110000000");
    assertThat(FragmentEntry.readFrom(reader("60000000000000001000000110000000")))
        .isEqualTo(fragment);
    XattrKey key = new XattrKey(XattrPrefix.SECURITY, true, ByteString.utf8("ima"));
    assertThat(hex(key::writeTo)).isEqualTo("02010300696d61");
    assertThat(XattrKey.readFrom(reader("02010300696d61"))).isEqualTo(key);
    assertThat(hex(new XattrSet(new MetadataReference(1, 2), 3, 4)::writeTo))
        .isEqualTo("02000100000000000300000004000000");
    assertThat(hex(new XattrTableHeader(5, 6)::writeTo))
        .isEqualTo("05000000000000000600000000000000");
  }

  @Test
  void compressorOptions() {
    assertThat(options("gzip")).isEmpty();
    assertThat(options("gzip:6")).isEqualTo("0880060000000f000000");
    assertThat(options("xz")).isEmpty();
    assertThat(options("lz4")).isEqualTo("08800100000000000000");
    assertThat(options("lz4:9")).isEqualTo("08800100000001000000");
    assertThat(options("lzo")).isEqualTo("08800000000000000000");
    assertThat(options("zstd:15")).isEmpty();
    assertThat(options("zstd:6")).isEqualTo("048006000000");
  }

  private static String options(String compression) {
    return new CompressorOptions(CompressionSettings.parse(compression))
        .toBlock()
        .map(HexFormat.of()::formatHex)
        .orElse("");
  }

  private static String hex(Consumer<ByteWriter> record) {
    ByteWriter writer = ByteWriter.littleEndian(16);
    record.accept(writer);
    return HexFormat.of().formatHex(writer.toByteArray());
  }

  private static ByteReader reader(String hex) {
    return ByteReader.littleEndian(HexFormat.of().parseHex(hex));
  }
}
