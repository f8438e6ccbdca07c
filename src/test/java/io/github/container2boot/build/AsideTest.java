package io.github.container2boot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AsideTest {
  @Test
  void anotherThreadDoesIt() throws IOException {
    try (Aside<Thread> aside = Aside.start("test", Thread::currentThread)) {
      assertThat(aside.result().getName()).isEqualTo("test");
      assertThat(aside.result()).isNotSameAs(Thread.currentThread());
    }
  }

  @Test
  void whatItThrowsIsThrown() {
    try (Aside<Object> failing =
            Aside.start(
                "test",
                () -> {
                  throw new IOException("the disk is gone");
                });
        Aside<Object> defective =
            Aside.start(
                "test",
                () -> {
                  throw new IllegalStateException("a defect");
                })) {
      assertThatThrownBy(failing::result)
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("the disk is gone");
      assertThatThrownBy(defective::result)
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessage("a defect");
    }
  }

  @Test
  void closingWaitsForItsEnd() {
    AtomicBoolean ended = new AtomicBoolean();
    Aside<Boolean> slow =
        Aside.start(
            "test",
            () -> {
              Thread.sleep(50);
              return ended.getAndSet(true);
            });
    slow.close();
    assertThat(ended).isTrue();
  }

  @Test
  void whoWaitsCanBeInterrupted() {
    CountDownLatch never = new CountDownLatch(1);
    try (Aside<Boolean> endless =
        Aside.start(
            "test",
            () -> {
              never.await();
              return true;
            })) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(endless::result).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      never.countDown();
    }
  }
}
