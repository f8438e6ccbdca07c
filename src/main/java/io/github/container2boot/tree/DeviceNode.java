package io.github.container2boot.tree;

/// A character or block device node.
public final class DeviceNode extends Inode {
  private final Kind kind;
  private final long major;
  private final long minor;

  /// Which of the two tables of drivers the numbers belong to.
  public enum Kind {
    CHARACTER,
    BLOCK
  }

  public DeviceNode(Attributes attributes, Kind kind, long major, long minor) {
    super(attributes);
    this.kind = kind;
    this.major = major;
    this.minor = minor;
  }

  public Kind kind() {
    return kind;
  }

  public long major() {
    return major;
  }

  public long minor() {
    return minor;
  }

  @Override
  public DeviceNode withAttributes(Attributes changed) {
    return new DeviceNode(changed, kind, major, minor);
  }
}
