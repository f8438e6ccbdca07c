package io.github.container2boot.serve.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which parts of a representation a client wants (RFC 9110, section 14.2).
sealed interface RangeRequest {
  /// More than this nobody needs; it costs the server more than the client.
  int MOST_RANGES = 16;

  /// All of it: nothing else was asked for, or something that may be passed over.
  record Whole() implements RangeRequest {}

  /// These, in this order.
  record Parts(List<ByteRange> ranges) implements RangeRequest {
    public Parts {
      ranges = List.copyOf(ranges);
    }
  }

  /// None of what was asked for exists.
  record Unsatisfiable() implements RangeRequest {}

  /// Reads what was asked for.
  ///
  /// @param header the value of Range
  /// @param sizeBytes of the representation
  static RangeRequest parse(String header, long sizeBytes) {
    String value = header.strip();
    if (!value.toLowerCase(Locale.ROOT).startsWith("bytes=")) {
      return new Whole();
    }
    List<ByteRange> ranges = new ArrayList<>();
    int asked = 0;
    for (String specification : value.substring("bytes=".length()).split(",", -1)) {
      String stripped = specification.strip();
      if (stripped.isEmpty()) {
        continue; // A list may have empty elements (section 5.6.1).
      }
      Optional<Bounds> bounds = Bounds.parse(stripped);
      if (bounds.isEmpty() || ++asked > MOST_RANGES) {
        return new Whole();
      }
      bounds.get().within(sizeBytes).ifPresent(ranges::add);
    }
    if (ranges.isEmpty()) {
      return asked == 0 ? new Whole() : new Unsatisfiable();
    }
    return total(ranges) > sizeBytes ? new Whole() : new Parts(ranges);
  }

  private static long total(List<ByteRange> ranges) {
    long total = 0;
    for (ByteRange range : ranges) {
      total += range.sizeBytes();
    }
    return total;
  }

  /// `0-499`, `500-` or `-500`.
  record Bounds(long first, long last) {
    private static final Pattern FORM = Pattern.compile("([0-9]*)-([0-9]*)");
    private static final long NONE = -1;

    static Optional<Bounds> parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches() || text.equals("-")) {
        return Optional.empty();
      }
      long first = number(matcher.group(1));
      long last = number(matcher.group(2));
      boolean backwards = first != NONE && last != NONE && last < first;
      return backwards ? Optional.empty() : Optional.of(new Bounds(first, last));
    }

    /// What is larger than any file is as good as the largest number.
    private static long number(String digits) {
      if (digits.isEmpty()) {
        return NONE;
      }
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException tooLarge) {
        return Long.MAX_VALUE;
      }
    }

    Optional<ByteRange> within(long sizeBytes) {
      long from = first == NONE ? Math.max(0, sizeBytes - last) : first;
      long to = first == NONE || last == NONE ? sizeBytes - 1 : Math.min(last, sizeBytes - 1);
      return from > to ? Optional.empty() : Optional.of(new ByteRange(from, to));
    }
  }
}
