package io.github.container2boot.build;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What was opened, to be closed in the opposite order.
final class Resources implements Closeable {
  private final Deque<Closeable> opened = new ArrayDeque<>();

  <T extends Closeable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  /// Closes all of it, whatever fails meanwhile.
  @Override
  public void close() throws IOException {
    IOException first = null;
    while (!opened.isEmpty()) {
      first = closed(opened.pop(), first);
    }
    if (first != null) {
      throw first;
    }
  }

  private static @Nullable IOException closed(Closeable resource, @Nullable IOException first) {
    try {
      resource.close();
      return first;
    } catch (IOException failed) {
      if (first == null) {
        return failed;
      }
      first.addSuppressed(failed);
      return first;
    }
  }
}
