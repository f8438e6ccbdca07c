package io.github.container2boot.fat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// A date and time as FAT has them: from 1980 to 2107, in steps of two seconds that a third field
/// refines to 10 ms where there is one (Microsoft FAT Specification, section 6.3).
///
/// FAT keeps local time and does not say where. Ours is UTC, so that an image does not depend on
/// where it was made; Linux shows it right with `tz=UTC`, and by its clock's zone otherwise.
///
/// @param date years since 1980 (bits 9–15), month (5–8), day (0–4)
/// @param time hours (bits 11–15), minutes (5–10), seconds halved (0–4)
/// @param hundredths of a second to add, 0 to 199
record DosTimestamp(int date, int time, int hundredths) {
  private static final LocalDateTime FIRST = LocalDateTime.of(1980, 1, 1, 0, 0, 0);
  private static final LocalDateTime LAST = LocalDateTime.of(2107, 12, 31, 23, 59, 59, 990_000_000);
  private static final int NANOS_PER_HUNDREDTH = 10_000_000;

  /// The nearest time FAT has: what lies before 1980 becomes the first moment of that year and what
  /// lies after 2107 the last, as Linux does it.
  static DosTimestamp nearest(Instant instant) {
    LocalDateTime utc = clamped(instant);
    int date =
        (utc.getYear() - FIRST.getYear()) << 9 | utc.getMonthValue() << 5 | utc.getDayOfMonth();
    int time = utc.getHour() << 11 | utc.getMinute() << 5 | utc.getSecond() / 2;
    int hundredths = utc.getSecond() % 2 * 100 + utc.getNano() / NANOS_PER_HUNDREDTH;
    return new DosTimestamp(date, time, hundredths);
  }

  private static LocalDateTime clamped(Instant instant) {
    if (instant.isBefore(FIRST.toInstant(ZoneOffset.UTC))) {
      return FIRST;
    }
    if (instant.isAfter(LAST.toInstant(ZoneOffset.UTC))) {
      return LAST;
    }
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  /// The moment; fields that make no date (many tools leave them zero) read as 1980-01-01.
  Instant toInstant() {
    try {
      return LocalDateTime.of(FIRST.getYear() + (date >> 9), date >> 5 & 0xf, date & 0x1f, 0, 0)
          .toInstant(ZoneOffset.UTC)
          .plusSeconds((time >> 11) * 3600L + (time >> 5 & 0x3f) * 60L + (time & 0x1f) * 2L)
          .plusMillis(hundredths * 10L);
    } catch (DateTimeException noDate) {
      return FIRST.toInstant(ZoneOffset.UTC);
    }
  }
}
