package io.github.container2boot.selinux;

import io.github.container2boot.selinux.Expression.Anchor;
import io.github.container2boot.selinux.Expression.Choice;
import io.github.container2boot.selinux.Expression.OneOf;
import io.github.container2boot.selinux.Expression.Repetition;
import io.github.container2boot.selinux.Expression.Sequence;
import java.util.ArrayList;
import java.util.List;

/// Spares running what cannot fail any more.
///
/// Most specifications end like `/usr/.*` or `/etc/ssl(/.*)?`. Anything may follow the last slash,
/// so that the rest of the path needs no steps.
final class CertainEnd {
  private CertainEnd() {}

  /// An expression that matches the same texts as `expression`, though perhaps less of each.
  static Expression without(Expression expression) {
    if (!(expression instanceof Sequence(List<Expression> parts))
        || parts.size() < 2
        || parts.getLast() != Anchor.END) {
      return expression;
    }
    List<Expression> kept = new ArrayList<>(parts.subList(0, parts.size() - 2));
    Expression last = parts.get(parts.size() - 2);
    if (isAnything(last)) {
      return new Sequence(kept);
    }
    if (last instanceof Repetition(Sequence(List<Expression> optional), int least, int most, _)
        && least == 0
        && most == 1
        && !optional.isEmpty()
        && isAnything(optional.getLast())) {
      Sequence begin = new Sequence(optional.subList(0, optional.size() - 1));
      kept.add(new Choice(List.of(begin, Anchor.END)));
      return new Sequence(kept);
    }
    return expression;
  }

  private static boolean isAnything(Expression expression) {
    return expression instanceof Repetition(OneOf(ByteSet bytes), int least, int most, _)
        && least == 0
        && most == Repetition.UNLIMITED
        && bytes.equals(ByteSet.ALL);
  }
}
