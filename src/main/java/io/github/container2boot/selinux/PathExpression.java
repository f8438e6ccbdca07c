package io.github.container2boot.selinux;

import io.github.container2boot.bytes.FormatException;

/// A specification's regular expression, ready to run.
///
/// libselinux hands `^` + expression + `$` to PCRE and asks for a match anywhere: an alternative at
/// the top is bound at one end only, and a final line feed is passed over. Here it is the same.
///
/// Backtracking engines, PCRE's and java.util.regex among them, can take exponential time, and the
/// latter recurses until the stack ends. This one tries each instruction at each place at most
/// once, because without back references the second time cannot end differently: time and memory
/// are at most (size of the expression) × (length of the path), and [Scratch] bounds the sum over
/// all expressions that a path meets.
final class PathExpression {
  private final Program program;
  private final boolean anchored;
  private final String required;

  private PathExpression(Program program, boolean anchored, String required) {
    this.program = program;
    this.anchored = anchored;
    this.required = required;
  }

  /// @throws FormatException if `specification` is not a regular expression, or unsupported
  static PathExpression compile(String specification) throws FormatException {
    Expression expression = ExpressionParser.parse("^" + specification + "$");
    return new PathExpression(
        Program.of(CertainEnd.without(expression)),
        !(expression instanceof Expression.Choice),
        RequiredText.of(expression));
  }

  /// Whether libselinux would say that this matches `path`, its bytes as ISO-8859-1.
  ///
  /// @throws FormatException if that takes more steps than `scratch` allows
  boolean matches(String path, Scratch scratch) throws FormatException {
    if (!path.contains(required)) {
      return false;
    }
    scratch.begin(program.size(), path.length());
    int lastStart = anchored ? 0 : path.length();
    for (int start = 0; start <= lastStart; start++) {
      if (run(program, path, start, scratch) != Program.NO_MATCH) {
        return true;
      }
    }
    return false;
  }

  /// Runs `program` from the place `start`.
  ///
  /// @return where the match of highest priority ends, or [Program#NO_MATCH]
  private static int run(Program program, String path, int start, Scratch scratch)
      throws FormatException {
    scratch.push(program.entry(), start);
    while (scratch.hasMore()) {
      int place = scratch.place();
      Instruction instruction = program.instruction(scratch.pop());
      while (place != Program.NO_MATCH && scratch.isFirstVisit(instruction.number(), place)) {
        if (instruction.operation() == Instruction.Operation.MATCH) {
          scratch.clear();
          return place;
        }
        if (instruction.operation() == Instruction.Operation.SPLIT) {
          scratch.push(instruction.other(), place);
        }
        place = step(instruction, path, place, scratch);
        instruction = program.instruction(instruction.next());
      }
    }
    return Program.NO_MATCH;
  }

  /// Where `instruction` leads from `place`, or [Program#NO_MATCH].
  private static int step(Instruction instruction, String path, int place, Scratch scratch)
      throws FormatException {
    return switch (instruction.operation()) {
      case ONE_OF ->
          place < path.length() && instruction.bytes().contains(path.charAt(place))
              ? place + 1
              : Program.NO_MATCH;
      case SPLIT, MATCH -> place;
      case ANCHOR -> holds(instruction.anchor(), path, place) ? place : Program.NO_MATCH;
      case LOOK_AHEAD ->
          isFound(instruction, path, place, scratch) != instruction.negative()
              ? place
              : Program.NO_MATCH;
      case LOOK_BEHIND ->
          isBehind(instruction, path, place, scratch) != instruction.negative()
              ? place
              : Program.NO_MATCH;
      case ATOMIC -> runInner(instruction.inner().getFirst(), path, place, scratch);
    };
  }

  private static boolean isFound(Instruction instruction, String path, int place, Scratch scratch)
      throws FormatException {
    return runInner(instruction.inner().getFirst(), path, place, scratch) != Program.NO_MATCH;
  }

  private static boolean isBehind(Instruction instruction, String path, int place, Scratch scratch)
      throws FormatException {
    for (Program inner : instruction.inner()) {
      int start = place - inner.lengthBytes();
      if (start >= 0 && runInner(inner, path, start, scratch) != Program.NO_MATCH) {
        return true;
      }
    }
    return false;
  }

  private static int runInner(Program program, String path, int start, Scratch outer)
      throws FormatException {
    Scratch scratch = outer.inner();
    scratch.begin(program.size(), path.length());
    return run(program, path, start, scratch);
  }

  private static boolean holds(Expression.Anchor anchor, String path, int place) {
    return switch (anchor) {
      case BEGIN -> place == 0;
      case END ->
          place == path.length() || (place == path.length() - 1 && path.charAt(place) == '\n');
      case VERY_END -> place == path.length();
      case WORD_BOUNDARY -> isWord(path, place - 1) != isWord(path, place);
      case INSIDE_OR_OUTSIDE_WORD -> isWord(path, place - 1) == isWord(path, place);
    };
  }

  private static boolean isWord(String path, int place) {
    return place >= 0 && place < path.length() && ByteSet.WORD.contains(path.charAt(place));
  }
}
