package io.github.container2boot.build;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Passes everything on and keeps the warnings, for the manifest.
final class WarningsKept implements Progress {
  private final Progress next;
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  WarningsKept(Progress next) {
    this.next = next;
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public Stage begin(String name, long totalBytes) {
    return next.begin(name, totalBytes);
  }

  @Override
  public void note(String message) {
    next.note(message);
  }

  @Override
  public void choice(String message) {
    next.choice(message);
  }

  @Override
  public void warning(String message) {
    warnings.add(message);
    next.warning(message);
  }
}
