package io.github.container2boot.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// An ordinary user of this machine with subordinate ids, who is gone when this is closed. Needs
/// root.
///
/// @param name to log in with
public record TemporaryUser(String name) implements AutoCloseable {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  /// Skips the running test where no user can be added.
  ///
  /// @param home is not made; the user's it becomes once it is
  public static TemporaryUser add(Path home) {
    Tools.requireRoot();
    Tools.require("useradd", "userdel", "newuidmap");
    String name = "c2b%d-%d".formatted(ProcessHandle.current().pid(), COUNTER.incrementAndGet());
    Tools.Result added =
        Tools.execute(
            "useradd", "-M", "-d", home, "-K", "SUB_UID_COUNT=65536", "-s", "/bin/sh", name);
    assumeTrue(added.exitCode() == 0, "cannot add a user: " + added.text().strip());
    return new TemporaryUser(name);
  }

  @Override
  public void close() {
    Tools.execute("userdel", name);
  }
}
