package io.github.container2boot.build;

import java.io.Closeable;

/// Is told how far a build is.
///
/// A build is a sequence of stages; some overlap. Everything here may be called by any thread.
public interface Progress {
  /// The total of a stage whose size nobody knows beforehand.
  long UNKNOWN = -1;

  /// A stage begins.
  ///
  /// @param name what is being done, to follow a colon or begin a line: `Reading layers`
  /// @param totalBytes how many bytes will be told to [Stage#advance] until it is over, or
  ///   [#UNKNOWN]
  Stage begin(String name, long totalBytes);

  /// Something worth knowing when asked for details.
  void note(String message);

  /// Something that everybody should read, and nothing to worry about: what was chosen for them.
  void choice(String message);

  /// Something that everybody should read, although the build goes on.
  void warning(String message);

  /// A progress nobody watches.
  static Progress unwatched() {
    return UnwatchedProgress.INSTANCE;
  }

  /// One stage of a build: it ends well with [#finish], and is given up when closed before.
  interface Stage extends Closeable {
    /// Counts what has been done; as cheap as adding to a counter.
    void advance(long bytes);

    void finish();

    @Override
    void close();
  }
}
