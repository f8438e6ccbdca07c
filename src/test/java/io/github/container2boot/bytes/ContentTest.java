package io.github.container2boot.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentTest {
  @TempDir Path directory;

  @Test
  void everyRangeOfAnyCompositionReadsTheSameByEveryWay() throws IOException {
    byte[] data = new byte[1000];
    Random random = new Random(7);
    random.nextBytes(data);
    Path path = Files.write(directory.resolve("data"), data);
    try (FileChannel file = FileChannel.open(path)) {
      Content content =
          Content.concatenation(
              List.of(
                  Content.of(Arrays.copyOf(data, 100)),
                  Content.empty(),
                  Content.hole(50),
                  Content.ofFile(file, 100, 500),
                  Content.concatenation(
                          List.of(Content.hole(3), Content.of(ByteBuffer.wrap(data, 600, 400))))
                      .slice(2, 300)));
      byte[] expected = new byte[950];
      System.arraycopy(data, 0, expected, 0, 100);
      System.arraycopy(data, 100, expected, 150, 500);
      System.arraycopy(data, 600, expected, 651, 299);

      assertThat(content.sizeBytes()).isEqualTo(950);
      assertThat(content.toByteArray()).isEqualTo(expected);
      assertThat(content.asInputStream().readAllBytes()).isEqualTo(expected);
      for (int round = 0; round < 200; round++) {
        int from = random.nextInt(951);
        int count = random.nextInt(951 - from);
        byte[] range = Arrays.copyOfRange(expected, from, from + count);
        assertThat(content.slice(from, count).toByteArray()).isEqualTo(range);
        assertThat(transferred(content, from, count)).isEqualTo(range);
        assertThat(transferred(content.slice(from, count), 0, count)).isEqualTo(range);
      }
    }
  }

  @Test
  void holesAndFileRegionsArriveAsWhatTheyAre() throws IOException {
    Path path = Files.write(directory.resolve("data"), new byte[10]);
    try (FileChannel file = FileChannel.open(path)) {
      Content content =
          Content.concatenation(
              List.of(Content.of(new byte[4]), Content.hole(8), Content.ofFile(file, 1, 6)));
      List<String> parts = new ArrayList<>();
      content
          .slice(2, 14)
          .transferTo(
              new Content.Sink() {
                @Override
                public void data(ByteBuffer bytes) {
                  parts.add("data " + bytes.remaining());
                }

                @Override
                public void hole(long countBytes) {
                  parts.add("hole " + countBytes);
                }

                @Override
                public void region(FileChannel from, long offsetBytes, long countBytes) {
                  parts.add("region " + offsetBytes + " " + countBytes);
                }
              });
      assertThat(parts).containsExactly("data 2", "hole 8", "region 1 4");
    }
  }

  @Test
  void aRangeOutsideIsRefused() {
    for (Content content : List.of(Content.of(new byte[5]), Content.hole(5))) {
      assertThatThrownBy(() -> content.slice(3, 3)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> content.read(5, ByteBuffer.allocate(1)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aFileThatBecameShorterIsAnError() throws IOException {
    Path path = Files.write(directory.resolve("data"), new byte[10]);
    try (FileChannel file = FileChannel.open(path)) {
      Content content = Content.ofFile(file, 0, 20);
      assertThatThrownBy(content::toByteArray)
          .isInstanceOf(IOException.class)
          .hasMessage("file ends too soon: expected 10 more bytes at byte 10");
    }
  }

  private static byte[] transferred(Content content, long from, long count) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.transferTo(
        from,
        count,
        new Content.Sink() {
          @Override
          public void data(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
              out.write(bytes.get());
            }
          }

          @Override
          public void hole(long countBytes) {
            out.writeBytes(new byte[(int) countBytes]);
          }
        });
    return out.toByteArray();
  }
}
