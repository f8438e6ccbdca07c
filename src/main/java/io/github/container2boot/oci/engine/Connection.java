package io.github.container2boot.oci.engine;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// A connection to an engine. Closing it, on any thread, ends reads that wait.
public interface Connection extends Closeable {
  void send(byte[] bytes) throws IOException;

  /// What comes. A read throws a [java.net.SocketTimeoutException] if nothing does.
  InputStream input();

  /// How long a read waits from now on.
  void setPatience(Duration patience) throws IOException;
}
