package io.github.container2boot.serve;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// A server that could not be started, or something that cannot be served.
public final class ServeException extends Exception {
  private final transient Problem problem;

  public ServeException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public ServeException(Problem problem, Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /// What is in the way.
  public sealed interface Problem {
    /// The problem in one line.
    String message();
  }

  /// The address or port to listen on cannot be had.
  public record CannotListen(InetSocketAddress address, String reason) implements Problem {
    @Override
    public String message() {
      return "%s: cannot listen there: %s"
          .formatted(address.getAddress().getHostAddress() + ":" + address.getPort(), reason);
    }
  }

  /// A directory or a disk image lacks what a build puts there.
  public record Incomplete(Path path, String missing) implements Problem {
    @Override
    public String message() {
      return "%s: %s is missing".formatted(path, missing);
    }
  }

  /// An initrd that cannot fetch a root.
  public record CannotFetchRoot(String image) implements Problem {
    @Override
    public String message() {
      return image + ": its initrd cannot fetch a root from a server";
    }
  }

  /// No machine can reach the address that is listened on.
  public record NoNetwork(InetAddress address) implements Problem {
    @Override
    public String message() {
      return address.getHostAddress() + ": no machine boots from the network there";
    }
  }

  /// A port of DHCP or TFTP cannot be had.
  public record CannotAnswer(String reason) implements Problem {
    @Override
    public String message() {
      return reason;
    }
  }

  /// A rule for an image that is not served.
  public record NoSuchImage(String name, List<String> served) implements Problem {
    public NoSuchImage {
      served = List.copyOf(served);
    }

    @Override
    public String message() {
      return "no image is called %s; there is %s".formatted(name, String.join(", ", served));
    }
  }
}
