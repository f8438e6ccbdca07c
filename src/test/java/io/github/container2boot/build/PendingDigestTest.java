package io.github.container2boot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PendingDigestTest {
  @TempDir Path directory;

  @Test
  void isTheDigestOfWhateverTheContentConsistsOf() throws Exception {
    byte[] bytes = new byte[1_000_003];
    new Random(4).nextBytes(bytes);
    try (FileChannel file = FileChannel.open(Files.write(directory.resolve("file"), bytes))) {
      Content content =
          Content.concatenation(
              List.of(
                  Content.ofFile(file, 3, 1_000_000), Content.hole(300_000), Content.of(bytes)));
      try (PendingDigest pending = PendingDigest.of(content)) {
        assertThat(pending.get())
            .isEqualTo(Digest.of(Digest.Algorithm.SHA256, content.toByteArray()));
      }
    }
  }

  @Test
  void failsWhereTheFileEndsTooSoon() throws Exception {
    Path small = Files.write(directory.resolve("small"), new byte[10]);
    try (FileChannel file = FileChannel.open(small);
        PendingDigest pending = PendingDigest.of(Content.ofFile(file, 0, 11))) {
      assertThatThrownBy(pending::get)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("byte 10");
    }
  }

  /// A TiB would take many minutes.
  @Test
  @Timeout(60)
  void stopsReadingWhenNobodyWantsItAnyMore() throws Exception {
    long sizeBytes = 1L << 40;
    Path hole = directory.resolve("hole");
    try (FileChannel file =
        FileChannel.open(
            hole,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), sizeBytes - 1);
      PendingDigest.of(Content.ofFile(file, 0, sizeBytes)).close();
    }
  }
}
