package io.github.container2boot.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadAheadInputStreamTest {
  private static final int SIZE = (5 << 20) + 321;

  private final byte[] bytes = new byte[SIZE];
  private final AtomicReference<Thread> reader = new AtomicReference<>();

  ReadAheadInputStreamTest() {
    new Random(1).nextBytes(bytes);
  }

  /// The bytes in pieces of odd sizes, which notes who reads them.
  private final class Source extends InputStream {
    private final InputStream pieces = new ByteArrayInputStream(bytes);
    private final AtomicLong taken = new AtomicLong();

    @Override
    public int read() throws IOException {
      reader.set(Thread.currentThread());
      taken.incrementAndGet();
      return pieces.read();
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      reader.set(Thread.currentThread());
      int read = pieces.read(target, offset, Math.min(count, 70_001));
      taken.addAndGet(Math.max(read, 0));
      return read;
    }
  }

  private static final class Failing extends InputStream {
    private final Throwable problem;

    Failing(Throwable problem) {
      this.problem = problem;
    }

    @Override
    public int read() throws IOException {
      switch (problem) {
        case IOException failure -> throw failure;
        case Error error -> throw error;
        default -> throw new AssertionError(problem);
      }
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      return read();
    }
  }

  @Test
  void allBytesComeInOrder() throws IOException {
    try (InputStream ahead = ahead(new Source())) {
      assertThat(ahead.read()).isEqualTo(Byte.toUnsignedInt(bytes[0]));
      assertThat(ahead.readAllBytes()).isEqualTo(slice(1, SIZE));
      assertThat(ahead.read()).isEqualTo(-1);
    }
    assertThat(reader.get()).isNotSameAs(Thread.currentThread());
    assertThat(reader.get().isAlive()).isFalse();
  }

  @Test
  void nothingIsReadBeforeItIsAskedFor() throws IOException {
    ahead(new Source()).close();
    assertThat(reader.get()).isNull();
  }

  @Test
  void aSlowConsumerHoldsTheSourceBack() throws Exception {
    Source source = new Source();
    try (InputStream ahead = ahead(source)) {
      for (int index = 0; index < SIZE; index += 100_000) {
        int count = Math.min(100_000, SIZE - index);
        assertThat(ahead.readNBytes(count)).isEqualTo(slice(index, index + count));
        Thread.sleep(2);
        assertThat(source.taken.get() - index - count).isLessThanOrEqualTo(4 << 18);
      }
    }
  }

  @Test
  void whatComesBeforeAFailureIsReadFirst() throws IOException {
    IOException problem = new IOException("corrupt");
    InputStream source = new SequenceInputStream(new Source(), new Failing(problem));
    try (InputStream ahead = ahead(source)) {
      assertThat(ahead.readNBytes(SIZE)).isEqualTo(bytes);
      assertThatThrownBy(ahead::read).isSameAs(problem);
      assertThatThrownBy(ahead::read).isSameAs(problem);
    }
    assertThat(reader.get().isAlive()).isFalse();
  }

  @Test
  void anErrorIsNoEnd() throws IOException {
    Error problem = new OutOfMemoryError("of the decoder");
    try (InputStream ahead = ahead(new Failing(problem))) {
      assertThatThrownBy(ahead::read).isSameAs(problem);
    }
  }

  @Test
  void closingInTheMiddleEndsTheThread() throws IOException {
    InputStream ahead = ahead(new Source());
    assertThat(ahead.read()).isNotNegative();
    ahead.close();
    assertThat(reader.get().isAlive()).isFalse();
  }

  @Test
  void anInterruptedWaitEnds() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    InputStream stuck =
        new InputStream() {
          @Override
          public int read() {
            try {
              released.await();
            } catch (InterruptedException stop) {
              Thread.currentThread().interrupt();
            }
            return -1;
          }
        };
    InputStream ahead = ahead(stuck);
    Thread.currentThread().interrupt();
    assertThatThrownBy(ahead::read).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    released.countDown();
    ahead.close();
  }

  /// Nobody else can end a read that waits for a network.
  @Test
  void closingClosesWhatIsBeneathFirst() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    InputStream waiting =
        new InputStream() {
          @Override
          public int read() throws IOException {
            reading.countDown();
            try {
              closed.await();
            } catch (InterruptedException nobodyDoes) {
              throw new AssertionError(nobodyDoes);
            }
            throw new IOException("closed");
          }
        };
    InputStream ahead = new ReadAheadInputStream(waiting, closed::countDown);
    Thread consumer = Thread.ofVirtual().start(() -> assertThatThrownBy(ahead::read));
    reading.await();
    ahead.close();
    consumer.join();
    assertThat(closed.getCount()).isZero();
  }

  private static InputStream ahead(InputStream source) {
    return new ReadAheadInputStream(source, () -> {});
  }

  private byte[] slice(int start, int end) {
    return Arrays.copyOfRange(bytes, start, end);
  }
}
