package io.github.container2boot.compress;

import io.airlift.compress.v3.lzo.LzoDecompressor;
import io.github.container2boot.testing.Tools;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;

class LzoBlockCodecTest extends BlockCodecContract {
  @TempDir private Path directory;

  LzoBlockCodecTest() {
    super(Compression.LZO);
  }

  @Override
  byte[] decompressElsewhere(byte[] block, int contentSizeBytes) {
    byte[] content = new byte[contentSizeBytes];
    int count =
        new LzoDecompressor().decompress(block, 0, block.length, content, 0, content.length);
    return Arrays.copyOf(content, count);
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
