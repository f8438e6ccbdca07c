package io.github.container2boot.directory;

import io.github.container2boot.bytes.ByteString;

/// Problems of one directory, for people.
///
/// @param root the directory as the user wrote it
record Problems(String root) {
  /// @param path below the root, with a slash in front
  String path(ByteString path) {
    String start = ByteString.utf8(root).toString();
    return (start.equals("/") && !path.isEmpty() ? "" : start) + path;
  }

  DirectoryException changed(ByteString path, String how) {
    return new DirectoryException(new DirectoryException.Changed(path(path), how));
  }

  /// What the failure of a call means for what was at `path` a moment ago.
  DirectoryException explained(ByteString path, CallFailed failed) {
    return switch (failed.number()) {
      case CallFailed.ACCESS_DENIED, CallFailed.NOT_PERMITTED ->
          new DirectoryException(new DirectoryException.NotPermitted(path(path)));
      case CallFailed.NOT_FOUND, CallFailed.STALE, CallFailed.NO_DATA -> changed(path, "vanished");
      case CallFailed.NOT_A_DIRECTORY, CallFailed.SYMBOLIC_LINK, CallFailed.NO_SUCH_OFFSET ->
          changed(path, "was replaced");
      default -> new DirectoryException(new DirectoryException.Failed(path(path), failed.reason()));
    };
  }
}
