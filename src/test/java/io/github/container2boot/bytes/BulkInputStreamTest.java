package io.github.container2boot.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkInputStreamTest {
  private static final byte LAST = (byte) 0xfe;

  private final List<Integer> wanted = new ArrayList<>();

  /// Two bytes, in pieces of one.
  private final InputStream stream =
      new BulkInputStream() {
        private byte next = LAST - 1;

        @Override
        protected int readSome(byte[] target, int offset, int count) {
          wanted.add(count);
          if (next > LAST) {
            return -1;
          }
          target[offset] = next++;
          return 1;
        }
      };

  @Test
  void aByteIsNeverNegative() throws IOException {
    assertThat(stream.read()).isEqualTo(0xfd);
    assertThat(stream.read()).isEqualTo(0xfe);
    assertThat(stream.read()).isEqualTo(-1);
  }

  @Test
  void theRestFollows() throws IOException {
    assertThat(stream.skip(1)).isEqualTo(1);
    assertThat(stream.readAllBytes()).containsExactly(0xfe);
  }

  @Test
  void nobodyIsAskedForNothing() throws IOException {
    assertThat(stream.read(new byte[3], 1, 0)).isZero();
    assertThat(wanted).isEmpty();
  }

  @Test
  void thereHasToBeRoom() {
    assertThatThrownBy(() -> stream.read(new byte[3], 2, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(wanted).isEmpty();
  }
}
