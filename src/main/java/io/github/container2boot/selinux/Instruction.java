package io.github.container2boot.selinux;

import java.util.List;

/// One step of a [Program].
///
/// @param number its place in the program
/// @param bytes of ONE_OF
/// @param anchor of ANCHOR
/// @param inner what LOOK_AHEAD, LOOK_BEHIND and ATOMIC run; several for LOOK_BEHIND only
/// @param negative whether LOOK_AHEAD and LOOK_BEHIND hold where `inner` does not match
/// @param next the instruction after this one
/// @param other what SPLIT tries if `next` leads nowhere
record Instruction(
    int number,
    Operation operation,
    ByteSet bytes,
    Expression.Anchor anchor,
    List<Program> inner,
    boolean negative,
    int next,
    int other) {
  enum Operation {
    ONE_OF,
    SPLIT,
    ANCHOR,
    LOOK_AHEAD,
    LOOK_BEHIND,
    ATOMIC,
    MATCH
  }

  static Instruction match(int number) {
    return new Instruction(
        number, Operation.MATCH, ByteSet.NONE, Expression.Anchor.END, List.of(), false, number, 0);
  }

  static Instruction oneOf(int number, ByteSet bytes, int next) {
    return new Instruction(
        number, Operation.ONE_OF, bytes, Expression.Anchor.END, List.of(), false, next, 0);
  }

  static Instruction split(int number, int next, int other) {
    return new Instruction(
        number,
        Operation.SPLIT,
        ByteSet.NONE,
        Expression.Anchor.END,
        List.of(),
        false,
        next,
        other);
  }

  static Instruction anchor(int number, Expression.Anchor anchor, int next) {
    return new Instruction(
        number, Operation.ANCHOR, ByteSet.NONE, anchor, List.of(), false, next, 0);
  }

  static Instruction running(
      int number, Operation operation, List<Program> inner, boolean negative, int next) {
    return new Instruction(
        number, operation, ByteSet.NONE, Expression.Anchor.END, inner, negative, next, 0);
  }
}
