package io.github.container2boot.serve.tftp;

import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/// What the names stand for that clients ask for.
@FunctionalInterface
public interface TftpFiles {
  /// The file `path`, as `client` is to see it; empty if there is none.
  ///
  /// @param path the name as it was sent: with or without a slash in front, of any form, and
  ///   perhaps meant to lead elsewhere
  Optional<Content> find(String path, InetAddress client) throws IOException;
}
