package io.github.container2boot.compress;

import io.airlift.compress.v3.lzo.LzoDecompressor;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.testing.Tools;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.Adler32;
import org.junit.jupiter.api.io.TempDir;

class LzoBlockCodecTest extends BlockCodecContract {
  @TempDir private Path directory;

  LzoBlockCodecTest() {
    super(Compression.LZO);
  }

  /// By lzop, which wants a file around the block and no block that did not shrink.
  @Override
  byte[] decompressElsewhere(byte[] block, int contentSizeBytes) throws IOException {
    if (block.length >= contentSizeBytes) {
      byte[] content = new byte[contentSizeBytes];
      new LzoDecompressor().decompress(block, 0, block.length, content, 0, content.length);
      return content;
    }
    Tools.require("lzop");
    Path file = Files.write(directory.resolve("block.lzo"), lzopFile(block, contentSizeBytes));
    return Tools.execute("lzop", "-dc", file).output();
  }

  private static byte[] lzopFile(byte[] block, int contentSizeBytes) {
    ByteWriter header = ByteWriter.bigEndian(100);
    header.u16(0x1040).u16(0x20a0).u16(0x0940).u8(1).u8(5).u32(0).u32(0_100_644).u64(0).u8(0);
    Adler32 checksum = new Adler32();
    checksum.update(header.toByteArray());
    return ByteWriter.bigEndian(block.length + 100)
        .bytes(HexFormat.of().parseHex("894c5a4f000d0a1a0a"))
        .bytes(header.toByteArray())
        .u32(checksum.getValue())
        .u32(contentSizeBytes)
        .u32(block.length)
        .bytes(block)
        .u32(0)
        .toByteArray();
  }

  /// The first block of what lzop makes at its highest level, which uses every instruction of the
  /// format; a block that does not shrink is stored there, so then it is our own.
  @Override
  byte[] compressElsewhere(byte[] content) throws IOException {
    Tools.require("lzop");
    Path file = Files.write(directory.resolve("content"), content);
    byte[] archive = Tools.execute("lzop", "-9", "-c", file).output();
    DataInputStream stream = new DataInputStream(new ByteArrayInputStream(archive));
    stream.skipNBytes(33);
    stream.skipNBytes(stream.readUnsignedByte() + 4);
    int contentSizeBytes = stream.readInt();
    int blockSizeBytes = stream.readInt();
    stream.skipNBytes(4);
    return blockSizeBytes < contentSizeBytes
        ? stream.readNBytes(blockSizeBytes)
        : compress(1, content);
  }
}
