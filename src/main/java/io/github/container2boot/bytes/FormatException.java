package io.github.container2boot.bytes;

import java.io.IOException;

/// An input is not what its format demands: what was expected, what was found, and where.
///
/// The message never names the input as a whole ("layer 3 of x.tar"): readers do not know it.
/// Callers that do add it with [#in].
public abstract sealed class FormatException extends IOException {
  /// The offset of a problem that has no place.
  public static final long NOWHERE = -1;

  private final String problem;
  private final long offsetBytes;

  private FormatException(String problem, long offsetBytes) {
    super(offsetBytes == NOWHERE ? problem : problem + " (at byte " + offsetBytes + ")");
    this.problem = problem;
    this.offsetBytes = offsetBytes;
  }

  /// The input breaks its format's rules.
  public static FormatException malformed(long offsetBytes, String problem) {
    return new Malformed(problem, offsetBytes);
  }

  public static FormatException malformed(String problem) {
    return new Malformed(problem, NOWHERE);
  }

  /// The input may be right, but asks for something this program does not do.
  public static FormatException unsupported(long offsetBytes, String problem) {
    return new Unsupported(problem, offsetBytes);
  }

  public static FormatException unsupported(String problem) {
    return new Unsupported(problem, NOWHERE);
  }

  /// The same problem, its input named: `layer 3: …`.
  public FormatException in(String input) {
    FormatException named =
        switch (this) {
          case Malformed _ -> new Malformed(input + ": " + problem, offsetBytes);
          case Unsupported _ -> new Unsupported(input + ": " + problem, offsetBytes);
        };
    named.initCause(this);
    return named;
  }

  /// Where in its input the problem lies, or [#NOWHERE].
  public long offsetBytes() {
    return offsetBytes;
  }

  /// The input breaks its format's rules.
  public static final class Malformed extends FormatException {
    private Malformed(String problem, long offsetBytes) {
      super(problem, offsetBytes);
    }
  }

  /// The input asks for something this program does not do.
  public static final class Unsupported extends FormatException {
    private Unsupported(String problem, long offsetBytes) {
      super(problem, offsetBytes);
    }
  }
}
