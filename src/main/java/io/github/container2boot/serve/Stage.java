package io.github.container2boot.serve;

/// How far a machine is, in the order in which machines get there.
public enum Stage {
  LOADER("boot loader"),
  MENU("menu"),
  KERNEL("kernel"),
  INITRD("initrd"),
  ROOT("root"),
  /// It has all of its root; what comes now, the server does not see.
  COMPLETE("booted");

  private final String shownName;

  Stage(String shownName) {
    this.shownName = shownName;
  }

  @Override
  public String toString() {
    return shownName;
  }
}
