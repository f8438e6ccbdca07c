package io.github.container2boot.oci.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// Counts failures in a row and waits between them, longer each time.
final class Attempts {
  private final Patience patience;
  private final Consumer<String> notes;
  private int failures;
  private long bytes;

  Attempts(Patience patience, Consumer<String> notes) {
    this.patience = patience;
    this.notes = notes;
  }

  /// Something was reached that need not be tried again.
  void progressed(long moreBytes) {
    bytes += moreBytes;
    if (bytes >= patience.progressBytes()) {
      bytes = 0;
      failures = 0;
    }
  }

  /// Waits until it can be tried again.
  ///
  /// @throws RegistryException if it was tried often enough
  void failed(PassingException problem, Cancellation cancellation) throws IOException {
    failures++;
    if (failures >= patience.mostFailures()) {
      throw problem.lasting(failures);
    }
    Duration delay = delay(problem);
    notes.accept(
        "%s; trying again in %s s".formatted(problem.getMessage(), delay.toMillis() / 1000.0));
    patience.waiting().await(delay, cancellation);
  }

  private Duration delay(PassingException problem) throws RegistryException {
    Optional<Duration> asked = problem.retryAfter();
    if (asked.isPresent() && asked.get().compareTo(patience.longestRetryAfter()) > 0) {
      throw new RegistryException(new RegistryException.Busy(problem.host(), asked.get()), problem);
    }
    return asked.orElseGet(() -> patience.delay(failures));
  }
}
