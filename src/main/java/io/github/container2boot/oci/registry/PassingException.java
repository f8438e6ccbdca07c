package io.github.container2boot.oci.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A failure that may be over when the same is tried again: a broken connection, a busy server.
final class PassingException extends IOException {
  private final String host;
  private final String reason;
  private final transient Optional<Duration> retryAfter;

  PassingException(String host, String reason, @Nullable Throwable cause) {
    this(host, reason, Optional.empty(), cause);
  }

  /// @param retryAfter when the server wants to be asked again
  PassingException(
      String host, String reason, Optional<Duration> retryAfter, @Nullable Throwable cause) {
    super(host + ": " + reason, cause);
    this.host = host;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  String host() {
    return host;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /// What it is if it does not pass.
  RegistryException lasting(int times) {
    return new RegistryException(new RegistryException.GaveUp(host, reason, times), this);
  }
}
