package io.github.container2boot.run;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// A TCP port of this machine's loopback interface that leads to one of the guest's.
///
/// Loopback only: who boots an image to look at it does not mean to offer it to the network.
public record PortForward(int hostPort, int guestPort) {
  private static final int MOST = 65_535;

  public PortForward {
    if (hostPort < 1 || hostPort > MOST || guestPort < 1 || guestPort > MOST) {
      throw new IllegalArgumentException("port %d:%d".formatted(hostPort, guestPort));
    }
  }

  /// Makes sure that the port is free, while that can still be said clearly.
  public void requireFree() throws RunException {
    try (ServerSocket probe = new ServerSocket()) {
      // what a former connection left behind does not keep QEMU from listening either
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), hostPort));
    } catch (BindException taken) {
      boolean forRootOnly = String.valueOf(taken.getMessage()).contains("ermission");
      throw new RunException(
          new RunException.PortTaken(this, forRootOnly ? "no permission" : "it is in use"));
    } catch (IOException problem) {
      throw new RunException(
          new RunException.PortTaken(this, String.valueOf(problem.getMessage())));
    }
  }

  /// As QEMU's user network has it.
  String toOption() {
    return "hostfwd=tcp:127.0.0.1:%d-:%d".formatted(hostPort, guestPort);
  }

  @Override
  public String toString() {
    return hostPort + ":" + guestPort;
  }
}
