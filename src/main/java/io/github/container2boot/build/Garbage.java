package io.github.container2boot.build;

/// What has become useless on the heap.
///
/// Java lets a heap grow up to a share of the machine's memory before it looks for garbage among
/// what once lasted. A build reads and merges the trees of all layers early, and most of what that
/// takes is garbage when the root is laid out.
final class Garbage {
  /// A machine of some ten thousand files stays below: collecting would cost more time than memory.
  private static final long MUCH_BYTES = 160L << 20;

  private Garbage() {}

  /// Collects it if the heap has become large.
  static void collectIfMuch() {
    Runtime runtime = Runtime.getRuntime();
    if (runtime.totalMemory() - runtime.freeMemory() > MUCH_BYTES) {
      System.gc();
    }
  }
}
