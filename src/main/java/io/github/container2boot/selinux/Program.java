package io.github.container2boot.selinux;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.selinux.Expression.Anchor;
import io.github.container2boot.selinux.Expression.Atomic;
import io.github.container2boot.selinux.Expression.Choice;
import io.github.container2boot.selinux.Expression.LookAhead;
import io.github.container2boot.selinux.Expression.LookBehind;
import io.github.container2boot.selinux.Expression.OneOf;
import io.github.container2boot.selinux.Expression.Repetition;
import io.github.container2boot.selinux.Expression.Sequence;
import io.github.container2boot.selinux.Instruction.Operation;
import java.util.ArrayList;
import java.util.List;

/// An [Expression] as instructions that each know their successor.
///
/// Counted repetitions are written out, so that an expression can be much longer as a program;
/// PCRE's own limit on that is 64 KiB.
final class Program {
  /// The place that a step leads to when it fails.
  static final int NO_MATCH = -1;

  private static final int MAX_INSTRUCTIONS = 10_000;

  private final Instruction[] instructions;
  private final int entry;
  private final int lengthBytes;

  private Program(List<Instruction> instructions, int entry, int lengthBytes) {
    this.instructions = instructions.toArray(Instruction[]::new);
    this.entry = entry;
    this.lengthBytes = lengthBytes;
  }

  /// @throws FormatException if the program would be longer than any sensible expression needs
  static Program of(Expression expression) throws FormatException {
    return new Builder().build(expression, NO_MATCH);
  }

  Instruction instruction(int number) {
    return instructions[number];
  }

  int size() {
    return instructions.length;
  }

  int entry() {
    return entry;
  }

  /// How many bytes every match has, where that was asked for.
  int lengthBytes() {
    return lengthBytes;
  }

  /// Writes from the end to the beginning, because successors come first. What is nested counts
  /// against the same limit.
  private static final class Builder {
    private final List<Instruction> instructions = new ArrayList<>();
    private int emissionsLeft = MAX_INSTRUCTIONS;

    Program build(Expression expression, int lengthBytes) throws FormatException {
      instructions.add(Instruction.match(0));
      int entry = emit(expression, 0);
      return new Program(instructions, entry, lengthBytes);
    }

    /// Writes `expression` with `next` after it.
    ///
    /// @return where it begins
    private int emit(Expression expression, int next) throws FormatException {
      if (emissionsLeft-- == 0) {
        throw FormatException.unsupported(
            "regular expression: its repetitions written out need more than %d steps"
                .formatted(MAX_INSTRUCTIONS));
      }
      int number = instructions.size();
      return switch (expression) {
        case OneOf oneOf -> add(Instruction.oneOf(number, oneOf.bytes(), next));
        case Anchor anchor -> add(Instruction.anchor(number, anchor, next));
        case Sequence sequence -> emitSequence(sequence.parts(), next);
        case Choice choice -> emitChoice(choice.alternatives(), next);
        case Repetition repetition -> emitRepetition(repetition, next);
        case LookAhead look ->
            add(
                Instruction.running(
                    number,
                    Operation.LOOK_AHEAD,
                    List.of(inner(look.expected(), NO_MATCH)),
                    look.negative(),
                    next));
        case LookBehind look ->
            add(
                Instruction.running(
                    number, Operation.LOOK_BEHIND, behind(look), look.negative(), next));
        case Atomic atomic ->
            add(
                Instruction.running(
                    number,
                    Operation.ATOMIC,
                    List.of(inner(atomic.inner(), NO_MATCH)),
                    false,
                    next));
      };
    }

    private int add(Instruction instruction) {
      instructions.add(instruction);
      return instruction.number();
    }

    private int emitSequence(List<Expression> parts, int next) throws FormatException {
      int begin = next;
      for (Expression part : parts.reversed()) {
        begin = emit(part, begin);
      }
      return begin;
    }

    private int emitChoice(List<Expression> alternatives, int next) throws FormatException {
      int begin = emit(alternatives.getLast(), next);
      for (Expression alternative : alternatives.subList(0, alternatives.size() - 1).reversed()) {
        int first = emit(alternative, next);
        begin = add(Instruction.split(instructions.size(), first, begin));
      }
      return begin;
    }

    private int emitRepetition(Repetition repetition, int next) throws FormatException {
      int begin = next;
      if (repetition.most() == Repetition.UNLIMITED) {
        begin = emitLoop(repetition, next);
      } else {
        for (int count = repetition.least(); count < repetition.most(); count++) {
          int once = emit(repetition.repeated(), begin);
          begin = addSplit(once, next, repetition.lazy());
        }
      }
      for (int count = 0; count < repetition.least(); count++) {
        begin = emit(repetition.repeated(), begin);
      }
      return begin;
    }

    /// A split whose one way leads through the body and back to it.
    private int emitLoop(Repetition repetition, int next) throws FormatException {
      int number = addSplit(0, next, repetition.lazy());
      int body = emit(repetition.repeated(), number);
      instructions.set(number, splitAt(number, body, next, repetition.lazy()));
      return number;
    }

    private int addSplit(int body, int next, boolean lazy) {
      return add(splitAt(instructions.size(), body, next, lazy));
    }

    private static Instruction splitAt(int number, int body, int next, boolean lazy) {
      return lazy ? Instruction.split(number, next, body) : Instruction.split(number, body, next);
    }

    private Program inner(Expression expression, int lengthBytes) throws FormatException {
      Builder builder = new Builder();
      builder.emissionsLeft = emissionsLeft;
      Program program = builder.build(expression, lengthBytes);
      emissionsLeft = builder.emissionsLeft;
      return program;
    }

    private List<Program> behind(LookBehind look) throws FormatException {
      List<Program> programs = new ArrayList<>();
      for (Expression.FixedLength alternative : look.alternatives()) {
        programs.add(inner(alternative.expected(), alternative.lengthBytes()));
      }
      return programs;
    }
  }
}
