package io.github.container2boot.build;

/// Hears nothing and says nothing.
enum UnwatchedProgress implements Progress, Progress.Stage {
  INSTANCE;

  @Override
  public Stage begin(String name, long totalBytes) {
    return this;
  }

  @Override
  public void note(String message) {}

  @Override
  public void choice(String message) {}

  @Override
  public void warning(String message) {}

  @Override
  public void advance(long bytes) {}

  @Override
  public void finish() {}

  @Override
  public void close() {}
}
