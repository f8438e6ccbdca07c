package io.github.container2boot.selinux;

import io.github.container2boot.selinux.Expression.OneOf;
import io.github.container2boot.selinux.Expression.Sequence;
import java.util.List;

/// A text that every match of an expression holds, so that most paths need not run it.
///
/// The beginning is left out where something follows: whoever asks has compared that already.
final class RequiredText {
  private RequiredText() {}

  /// The longest run of single bytes behind the first place that leaves a choice, or nothing.
  static String of(Expression expression) {
    return expression instanceof Sequence sequence ? longestRun(sequence.parts()) : "";
  }

  private static String longestRun(List<Expression> parts) {
    String longest = "";
    StringBuilder run = new StringBuilder();
    boolean behindChoice = false;
    for (Expression part : parts) {
      if (part instanceof OneOf one && one.bytes().size() == 1) {
        run.append((char) one.bytes().least());
        continue;
      }
      longest = behindChoice && run.length() > longest.length() ? run.toString() : longest;
      behindChoice |= !(part instanceof Expression.Anchor);
      run.setLength(0);
    }
    return longest;
  }
}
