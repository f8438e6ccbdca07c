package io.github.container2boot.oci.registry;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A registry that does not give what was asked for, and will not if it is asked again.
///
/// No message, and none of a cause, holds an address with its query or a header: these may be
/// secrets.
public final class RegistryException extends IOException {
  private final transient Problem problem;

  RegistryException(Problem problem) {
    this(problem, null);
  }

  RegistryException(Problem problem, @Nullable Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /// What is the matter.
  public sealed interface Problem {
    /// One line.
    String message();
  }

  /// The registry knows no such image.
  public record NoSuchImage(String image) implements Problem {
    @Override
    public String message() {
      return "%s: no such image".formatted(image);
    }
  }

  /// The registry lets nobody see the image, or not us.
  ///
  /// @param host to log in to
  /// @param credentials whether we had any for it
  public record AccessDenied(String image, String host, boolean credentials) implements Problem {
    @Override
    public String message() {
      return credentials
          ? "%s: access denied, although with credentials for %s".formatted(image, host)
          : "%s: access denied without credentials for %s".formatted(image, host);
    }
  }

  /// registries.conf forbids it.
  public record Blocked(String image) implements Problem {
    @Override
    public String message() {
      return "%s: registries.conf blocks this registry".formatted(image);
    }
  }

  /// There is no connection to be had.
  public record Unreachable(String host, String reason) implements Problem {
    @Override
    public String message() {
      return "%s cannot be reached: %s".formatted(host, reason);
    }
  }

  /// Whoever answers cannot prove to be `host`.
  public record Untrusted(String host, String reason) implements Problem {
    @Override
    public String message() {
      return "%s is not trusted: %s".formatted(host, reason);
    }
  }

  /// It speaks, but not TLS.
  public record NoTls(String host, String reason) implements Problem {
    @Override
    public String message() {
      return "%s does not answer as HTTPS wants it: %s".formatted(host, reason);
    }
  }

  /// It wants to be asked later than anybody would wait.
  public record Busy(String host, Duration delay) implements Problem {
    @Override
    public String message() {
      return "%s is asked too often, and wants to be asked again in %d s"
          .formatted(host, delay.toSeconds());
    }
  }

  /// It failed again and again.
  ///
  /// @param reason how it failed the last time
  public record GaveUp(String host, String reason, int times) implements Problem {
    @Override
    public String message() {
      return "%s failed %d times in a row, at last: %s".formatted(host, times, reason);
    }
  }

  /// It answers what no registry should.
  public record BadAnswer(String host, String expected, String found) implements Problem {
    @Override
    public String message() {
      return "%s: expected %s, found %s".formatted(host, expected, found);
    }
  }
}
