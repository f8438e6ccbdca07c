package io.github.container2boot.squashfs;

/// A device's major and minor number, in 32 bits as the kernel's new_encode_dev packs them: minor
/// bits 0 to 7, major bits 0 to 11, minor bits 8 to 19, from the lowest on.
record DeviceNumber(long major, long minor) {
  static final long LARGEST_MAJOR = 0xfff;
  static final long LARGEST_MINOR = 0xf_ffff;

  long encoded() {
    return (minor & 0xff) | major << 8 | (minor & ~0xffL) << 12;
  }

  static DeviceNumber decode(long encoded) {
    return new DeviceNumber(
        encoded >> 8 & LARGEST_MAJOR, (encoded & 0xff) | (encoded >> 12 & ~0xffL));
  }
}
