package io.github.container2boot.oci.registry;

import io.github.container2boot.oci.registry.RegistryException.NoTls;
import io.github.container2boot.oci.registry.RegistryException.Problem;
import io.github.container2boot.oci.registry.RegistryException.Unreachable;
import io.github.container2boot.oci.registry.RegistryException.Untrusted;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// What is behind an exception of the JDK's client, in words.
final class Trouble {
  private static final int MOST_CAUSES = 16;

  private Trouble() {}

  /// @param reached whether this origin has answered before: then what fails now may pass, unless
  ///   it is somebody else who answers
  static IOException of(Origin origin, IOException failure, boolean reached) {
    String host = origin.hostAndPort();
    Optional<GeneralSecurityException> distrust = cause(failure, GeneralSecurityException.class);
    if (distrust.isPresent()) {
      return new RegistryException(new Untrusted(host, text(deepest(distrust.get()))), failure);
    }
    if (reached) {
      return new PassingException(host, reason(failure), failure);
    }
    Problem problem =
        failure instanceof SSLException
            ? new NoTls(host, text(failure))
            : new Unreachable(host, reason(failure));
    return new RegistryException(problem, failure);
  }

  /// The JDK often leaves the words to the classes.
  static String reason(Throwable failure) {
    if (cause(failure, UnresolvedAddressException.class).isPresent()
        || cause(failure, UnknownHostException.class).isPresent()) {
      return "no such host";
    }
    if (failure instanceof ConnectException && failure.getMessage() == null) {
      return "connection refused";
    }
    return text(failure);
  }

  private static String text(Throwable failure) {
    return Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
  }

  /// The JDK wraps what is the matter in names of its classes.
  private static Throwable deepest(Throwable failure) {
    Throwable current = failure;
    for (int depth = 0; current.getCause() != null && depth < MOST_CAUSES; depth++) {
      current = current.getCause();
    }
    return current;
  }

  private static <T> Optional<T> cause(Throwable failure, Class<T> type) {
    Throwable current = failure;
    for (int depth = 0; current != null && depth < MOST_CAUSES; depth++) {
      if (type.isInstance(current)) {
        return Optional.of(type.cast(current));
      }
      current = current.getCause();
    }
    return Optional.empty();
  }
}
