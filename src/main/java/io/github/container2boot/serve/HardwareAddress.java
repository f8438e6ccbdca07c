package io.github.container2boot.serve;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// An Ethernet address: six bytes.
///
/// @param text `52:54:00:12:34:56`, in lower case
public record HardwareAddress(String text) {
  private static final Pattern FORM = Pattern.compile("([0-9a-f]{2}:){5}[0-9a-f]{2}");

  public HardwareAddress {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
  }

  /// Reads an address with colons, or with dashes as iPXE and GRUB also write it.
  public static Optional<HardwareAddress> parse(String text) {
    String normal = text.toLowerCase(Locale.ROOT).replace('-', ':');
    return FORM.matcher(normal).matches()
        ? Optional.of(new HardwareAddress(normal))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
