package io.github.container2boot.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes as people write and read them. K, M, G and T are powers of 1024, as in dd, truncate and
/// qemu-img.
final class ByteSize {
  private static final String SUFFIXES = "KMGT";
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,19})([KMGTkmgt]?)");

  private ByteSize() {}

  /// The bytes that `text` means: a number, and K, M, G or T in either case or nothing behind it.
  ///
  /// @throws IllegalArgumentException if it is no size, or zero, or more than 8 EiB
  static long parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw notASize(text);
    }
    int power = SUFFIXES.indexOf(matcher.group(2).toUpperCase(Locale.ROOT));
    try {
      long factor = matcher.group(2).isEmpty() ? 1 : 1L << (10 * (power + 1));
      long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
      if (bytes > 0) {
        return bytes;
      }
    } catch (ArithmeticException | NumberFormatException tooLarge) {
      throw notASize(text);
    }
    throw notASize(text);
  }

  private static IllegalArgumentException notASize(String text) {
    return new IllegalArgumentException(
        "'%s' is not a size: expected a number with K, M, G or T behind it, or bytes"
            .formatted(text));
  }

  /// The size in whole MiB, rounded up, as [#parse] reads it: `399M`.
  static String wholeMebibytes(long bytes) {
    return Math.ceilDiv(bytes, 1L << 20) + "M";
  }

  /// `398.2 MiB`: four digits at most, so that columns do not jump.
  static String shown(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    int power = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    double value = bytes / (double) (1L << (10 * power));
    if (value >= 999.5 && power < 5) {
      value /= 1024;
      power++;
    }
    String unit = "KMGTPE".charAt(power - 1) + "iB";
    return String.format(Locale.ROOT, value < 100 ? "%.1f %s" : "%.0f %s", value, unit);
  }
}
