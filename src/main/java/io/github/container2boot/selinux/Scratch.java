package io.github.container2boot.selinux;

import io.github.container2boot.bytes.FormatException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What one look-up needs to run expressions: the places still to be tried, those that have been,
/// and how many steps are left. Used again for each expression that the path meets.
final class Scratch {
  /// On a Debian machine a path takes some hundred steps; the bound is for policies that mean harm.
  private static final long STEPS_PER_PATH = 100_000;

  private static final long STEPS_PER_BYTE = 10_000;

  /// The steps left, shared with whatever runs inside.
  private final long[] stepsLeft;

  private @Nullable Scratch inner;
  private long[] visited = new long[64];
  private int[] stack = new int[64];
  private int depth;
  private int placeCount;

  private Scratch(long[] stepsLeft) {
    this.stepsLeft = stepsLeft;
  }

  static Scratch forPath(int lengthBytes) {
    return new Scratch(new long[] {STEPS_PER_PATH + STEPS_PER_BYTE * lengthBytes});
  }

  /// For an expression that runs inside of this one's.
  Scratch inner() {
    if (inner == null) {
      inner = new Scratch(stepsLeft);
    }
    return inner;
  }

  /// Nothing has been tried of a program with so many instructions on a path of so many bytes.
  void begin(int instructionCount, int lengthBytes) throws FormatException {
    placeCount = lengthBytes + 1;
    int words = (int) (((long) instructionCount * placeCount + 63) / 64);
    take(words);
    if (words > visited.length) {
      visited = new long[words];
    } else {
      Arrays.fill(visited, 0, words, 0);
    }
    clear();
  }

  private void take(int steps) throws FormatException {
    stepsLeft[0] -= steps;
    if (stepsLeft[0] < 0) {
      throw FormatException.unsupported("the policy's regular expressions take too many steps");
    }
  }

  /// Whether this place has not been tried with this instruction before.
  boolean isFirstVisit(int instruction, int place) throws FormatException {
    take(1);
    int bit = instruction * placeCount + place;
    long mask = 1L << (bit & 63);
    boolean first = (visited[bit >> 6] & mask) == 0;
    visited[bit >> 6] |= mask;
    return first;
  }

  void push(int instruction, int place) {
    if (depth + 2 > stack.length) {
      stack = Arrays.copyOf(stack, stack.length * 2);
    }
    stack[depth++] = instruction;
    stack[depth++] = place;
  }

  boolean hasMore() {
    return depth > 0;
  }

  /// The place on top of the stack.
  int place() {
    return stack[depth - 1];
  }

  /// Takes the top of the stack away.
  ///
  /// @return its instruction
  int pop() {
    depth -= 2;
    return stack[depth];
  }

  void clear() {
    depth = 0;
  }
}
