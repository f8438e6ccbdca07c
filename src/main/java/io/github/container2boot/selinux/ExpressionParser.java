package io.github.container2boot.selinux;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.selinux.Expression.Anchor;
import io.github.container2boot.selinux.Expression.Atomic;
import io.github.container2boot.selinux.Expression.Choice;
import io.github.container2boot.selinux.Expression.FixedLength;
import io.github.container2boot.selinux.Expression.LookAhead;
import io.github.container2boot.selinux.Expression.LookBehind;
import io.github.container2boot.selinux.Expression.OneOf;
import io.github.container2boot.selinux.Expression.Repetition;
import io.github.container2boot.selinux.Expression.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads the syntax of pcre2pattern(3) as libselinux uses it: bytes, not UTF-8, and PCRE2_DOTALL.
///
/// What would need more than a regular language (back references, recursion, conditions) or changes
/// the rules half way (`(?x)`, `(?m)`, verbs) is unsupported. No policy that we know has any of it.
final class ExpressionParser {
  /// PCRE2's own bound, PARENS_NEST_LIMIT.
  private static final int MAX_NESTING = 250;

  /// PCRE2's own bound on the numbers in `{…}`.
  private static final int MAX_REPETITIONS = 65535;

  private static final Map<String, ByteSet> NAMED_CLASSES =
      Map.ofEntries(
          Map.entry("alpha", letters()),
          Map.entry("lower", ByteSet.range('a', 'z')),
          Map.entry("upper", ByteSet.range('A', 'Z')),
          Map.entry("alnum", letters().union(ByteSet.DIGITS)),
          Map.entry("ascii", ByteSet.range(0, 0x7f)),
          Map.entry("blank", ByteSet.of(' ').union(ByteSet.of('\t'))),
          Map.entry("cntrl", ByteSet.range(0, 0x1f).union(ByteSet.of(0x7f))),
          Map.entry("digit", ByteSet.DIGITS),
          Map.entry("graph", ByteSet.range('!', '~')),
          Map.entry("print", ByteSet.range(' ', '~')),
          Map.entry("punct", punctuation()),
          Map.entry("space", ByteSet.SPACE),
          Map.entry("word", ByteSet.WORD),
          Map.entry(
              "xdigit",
              ByteSet.DIGITS.union(ByteSet.range('a', 'f')).union(ByteSet.range('A', 'F'))));

  private final String text;
  private int position;
  private int nesting;
  private boolean ignoreCase;
  private boolean dotMatchesLineFeed = true;

  private ExpressionParser(String text) {
    this.text = text;
  }

  /// @throws FormatException if `text` is not an expression, with the offset in it
  static Expression parse(String text) throws FormatException {
    ExpressionParser parser = new ExpressionParser(text);
    Expression expression = parser.choice();
    if (!parser.atEnd()) {
      throw parser.malformed("unmatched )");
    }
    return expression;
  }

  private Expression choice() throws FormatException {
    if (++nesting > MAX_NESTING) {
      throw unsupported("parentheses nested deeper than %d".formatted(MAX_NESTING));
    }
    List<Expression> alternatives = new ArrayList<>();
    do {
      alternatives.add(sequence());
    } while (accept("|"));
    nesting--;
    return alternatives.size() == 1 ? alternatives.getFirst() : new Choice(alternatives);
  }

  private Expression sequence() throws FormatException {
    List<Expression> parts = new ArrayList<>();
    for (skipIdle(); !atEnd() && peek() != '|' && peek() != ')'; skipIdle()) {
      if (accept("\\Q")) {
        quotation(parts);
      } else {
        parts.add(item());
      }
      skipIdle();
      if (!parts.isEmpty()) {
        parts.add(quantified(parts.removeLast()));
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
  }

  private void quotation(List<Expression> parts) {
    while (!atEnd() && !accept("\\E")) {
      parts.add(one(next()));
    }
  }

  /// Passes over comments and what ends a quotation that never began.
  private void skipIdle() throws FormatException {
    boolean idle;
    do {
      idle = accept("\\E") || comment();
    } while (idle);
  }

  private boolean comment() throws FormatException {
    if (!accept("(?#")) {
      return false;
    }
    while (!accept(")")) {
      if (atEnd()) {
        throw malformed("comment without its )");
      }
      position++;
    }
    return true;
  }

  private Expression quantified(Expression item) throws FormatException {
    Bounds bounds = bounds();
    if (bounds == null) {
      return item;
    }
    if (item instanceof Anchor) {
      throw malformed("a quantifier after an anchor");
    }
    Expression result = repetition(item, bounds);
    skipIdle();
    if (bounds() != null) {
      throw malformed("a quantifier after a quantifier");
    }
    return result;
  }

  private Expression repetition(Expression item, Bounds bounds) {
    if (accept("+")) {
      return new Atomic(new Repetition(item, bounds.least, bounds.most, false));
    }
    return new Repetition(item, bounds.least, bounds.most, accept("?"));
  }

  private record Bounds(int least, int most) {}

  /// The quantifier here, without what makes it lazy or possessive. A brace that begins none is
  /// itself.
  private @Nullable Bounds bounds() throws FormatException {
    if (accept("*")) {
      return new Bounds(0, Repetition.UNLIMITED);
    }
    if (accept("+")) {
      return new Bounds(1, Repetition.UNLIMITED);
    }
    if (accept("?")) {
      return new Bounds(0, 1);
    }
    int begin = position;
    if (!accept("{")) {
      return null;
    }
    OptionalInt least = number();
    if (least.isPresent() && accept("}")) {
      return new Bounds(least.getAsInt(), least.getAsInt());
    }
    if (least.isPresent() && accept(",")) {
      OptionalInt most = number();
      if (accept("}")) {
        return ordered(least.getAsInt(), most.orElse(Repetition.UNLIMITED));
      }
    }
    position = begin;
    return null;
  }

  private Bounds ordered(int least, int most) throws FormatException {
    if (most != Repetition.UNLIMITED && most < least) {
      throw malformed("a quantifier's numbers are out of order");
    }
    return new Bounds(least, most);
  }

  private OptionalInt number() throws FormatException {
    int begin = position;
    int value = 0;
    while (!atEnd() && peek() >= '0' && peek() <= '9') {
      value = value * 10 + (next() - '0');
      if (value > MAX_REPETITIONS) {
        throw malformed("a quantifier's number is over %d".formatted(MAX_REPETITIONS));
      }
    }
    return position == begin ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private Expression item() throws FormatException {
    if ("*+?".indexOf(peek()) >= 0) {
      throw malformed("a quantifier with nothing before it");
    }
    char character = next();
    return switch (character) {
      case '^' -> Anchor.BEGIN;
      case '$' -> Anchor.END;
      case '.' -> new OneOf(dotMatchesLineFeed ? ByteSet.ALL : ByteSet.of('\n').complement());
      case '[' -> characterClass();
      case '(' -> group();
      case '\\' -> escape();
      default -> one(character);
    };
  }

  private OneOf one(int value) {
    ByteSet bytes = ByteSet.of(value);
    return new OneOf(ignoreCase ? bytes.ignoringCase() : bytes);
  }

  private Expression group() throws FormatException {
    boolean outerIgnoreCase = ignoreCase;
    boolean outerDot = dotMatchesLineFeed;
    if (accept("*")) {
      throw unsupported("a verb, (*…)");
    }
    if (!accept("?")) {
      return closed(choice(), outerIgnoreCase, outerDot);
    }
    if (accept("=")) {
      return new LookAhead(closed(choice(), outerIgnoreCase, outerDot), false);
    }
    if (accept("!")) {
      return new LookAhead(closed(choice(), outerIgnoreCase, outerDot), true);
    }
    if (accept("<=")) {
      return lookBehind(closed(choice(), outerIgnoreCase, outerDot), false);
    }
    if (accept("<!")) {
      return lookBehind(closed(choice(), outerIgnoreCase, outerDot), true);
    }
    if (accept(">")) {
      return new Atomic(closed(choice(), outerIgnoreCase, outerDot));
    }
    if (accept(":") || accept("|") || name()) {
      return closed(choice(), outerIgnoreCase, outerDot);
    }
    options();
    if (accept(")")) {
      return new Sequence(List.of());
    }
    if (!accept(":")) {
      throw unsupported("a group that begins (?%s".formatted(atEnd() ? "" : peek()));
    }
    return closed(choice(), outerIgnoreCase, outerDot);
  }

  private Expression closed(Expression inner, boolean outerIgnoreCase, boolean outerDot)
      throws FormatException {
    if (!accept(")")) {
      throw malformed("( without its )");
    }
    ignoreCase = outerIgnoreCase;
    dotMatchesLineFeed = outerDot;
    return inner;
  }

  /// `<name>`, `P<name>` or `'name'`.
  private boolean name() throws FormatException {
    char end;
    if (accept("<") || accept("P<")) {
      end = '>';
    } else if (accept("'")) {
      end = '\'';
    } else {
      return false;
    }
    int begin = position;
    while (!atEnd() && ByteSet.WORD.contains(peek())) {
      position++;
    }
    if (position == begin || atEnd() || next() != end) {
      throw malformed("a group's name: expected letters, digits and _, then " + end);
    }
    return true;
  }

  /// The letters of `(?i)` or `(?i:…)`. They hold to the end of the group they stand in.
  private void options() throws FormatException {
    boolean on = true;
    while (!atEnd() && peek() != ')' && peek() != ':') {
      switch (next()) {
        case '-' -> on = false;
        case 'i' -> ignoreCase = on;
        case 's' -> dotMatchesLineFeed = on;
        default -> {
          position--;
          throw unsupported("(?%s".formatted(peek()));
        }
      }
    }
  }

  private LookBehind lookBehind(Expression expected, boolean negative) throws FormatException {
    List<Expression> alternatives =
        expected instanceof Choice choice ? choice.alternatives() : List.of(expected);
    List<FixedLength> fixed = new ArrayList<>();
    for (Expression alternative : alternatives) {
      OptionalInt length = fixedLength(alternative);
      if (length.isEmpty()) {
        throw unsupported("a look behind whose length varies");
      }
      fixed.add(new FixedLength(alternative, length.getAsInt()));
    }
    return new LookBehind(fixed, negative);
  }

  private static OptionalInt fixedLength(Expression expression) {
    return switch (expression) {
      case OneOf _ -> OptionalInt.of(1);
      case Anchor _, LookAhead _, LookBehind _ -> OptionalInt.of(0);
      case Atomic atomic -> fixedLength(atomic.inner());
      case Choice choice -> commonLength(choice.alternatives());
      case Repetition repetition ->
          repetition.least() == repetition.most()
              ? times(fixedLength(repetition.repeated()), repetition.least())
              : OptionalInt.empty();
      case Sequence sequence -> sum(sequence.parts());
    };
  }

  private static OptionalInt commonLength(List<Expression> alternatives) {
    OptionalInt first = fixedLength(alternatives.getFirst());
    return alternatives.stream().allMatch(other -> fixedLength(other).equals(first))
        ? first
        : OptionalInt.empty();
  }

  private static OptionalInt times(OptionalInt length, int count) {
    if (length.isEmpty() || (long) length.getAsInt() * count > MAX_REPETITIONS) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(length.getAsInt() * count);
  }

  private static OptionalInt sum(List<Expression> parts) {
    int total = 0;
    for (Expression part : parts) {
      OptionalInt length = fixedLength(part);
      if (length.isEmpty() || total + length.getAsInt() > MAX_REPETITIONS) {
        return OptionalInt.empty();
      }
      total += length.getAsInt();
    }
    return OptionalInt.of(total);
  }

  private Expression escape() throws FormatException {
    if (atEnd()) {
      throw malformed("\\ at the end");
    }
    char character = next();
    return switch (character) {
      case 'A' -> Anchor.BEGIN;
      case 'Z' -> Anchor.END;
      case 'z' -> Anchor.VERY_END;
      case 'b' -> Anchor.WORD_BOUNDARY;
      case 'B' -> Anchor.INSIDE_OR_OUTSIDE_WORD;
      case 'N' -> new OneOf(ByteSet.of('\n').complement());
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> throw unsupported("a back reference");
      default -> {
        ByteSet set = escapedSet(character);
        yield set == null ? one(escapedByte(character)) : new OneOf(set);
      }
    };
  }

  /// What `\d` and its like stand for, in a class or outside.
  private static @Nullable ByteSet escapedSet(char character) {
    return switch (character) {
      case 'd' -> ByteSet.DIGITS;
      case 'D' -> ByteSet.DIGITS.complement();
      case 'w' -> ByteSet.WORD;
      case 'W' -> ByteSet.WORD.complement();
      case 's' -> ByteSet.SPACE;
      case 'S' -> ByteSet.SPACE.complement();
      case 'h' -> ByteSet.HORIZONTAL_SPACE;
      case 'H' -> ByteSet.HORIZONTAL_SPACE.complement();
      case 'v' -> ByteSet.VERTICAL_SPACE;
      case 'V' -> ByteSet.VERTICAL_SPACE.complement();
      default -> null;
    };
  }

  private int escapedByte(char character) throws FormatException {
    return switch (character) {
      case 'a' -> 0x07;
      case 'e' -> 0x1b;
      case 'f' -> 0x0c;
      case 'n' -> 0x0a;
      case 'r' -> 0x0d;
      case 't' -> 0x09;
      case 'x' -> hexadecimal();
      case '0' -> octal();
      default -> {
        if (ByteSet.WORD.contains(character) && character != '_') {
          position--;
          throw unsupported("\\%s".formatted(character));
        }
        yield character;
      }
    };
  }

  /// `\xhh` with up to two digits, or `\x{h…}`.
  private int hexadecimal() throws FormatException {
    boolean braced = accept("{");
    int begin = position;
    int value = 0;
    while (!atEnd() && Character.digit(peek(), 16) >= 0 && position - begin < 2) {
      value = value * 16 + Character.digit(next(), 16);
    }
    if (braced && (position == begin || !accept("}"))) {
      throw malformed("\\x{…}: expected one or two hexadecimal digits");
    }
    return value;
  }

  /// `\0` and up to two more digits.
  private int octal() {
    int begin = position;
    int value = 0;
    while (!atEnd() && peek() >= '0' && peek() <= '7' && position - begin < 2) {
      value = value * 8 + (next() - '0');
    }
    return value;
  }

  private Expression characterClass() throws FormatException {
    boolean negated = accept("^");
    ByteSet set = ByteSet.NONE;
    boolean first = true;
    while (first || !accept("]")) {
      if (atEnd()) {
        throw malformed("[ without its ]");
      }
      set = set.union(member());
      first = false;
    }
    ByteSet folded = ignoreCase ? set.ignoringCase() : set;
    return new OneOf(negated ? folded.complement() : folded);
  }

  /// One byte, range or named set of a class.
  private ByteSet member() throws FormatException {
    ByteSet named = namedClass();
    if (named != null) {
      return named;
    }
    char character = next();
    int from = character;
    if (character == '\\') {
      if (atEnd()) {
        throw malformed("[ without its ]");
      }
      char escaped = next();
      ByteSet set = escapedSet(escaped);
      if (set != null) {
        return set;
      }
      from = classByte(escaped);
    }
    return range(from);
  }

  private ByteSet range(int from) throws FormatException {
    int begin = position;
    if (!accept("-") || atEnd() || peek() == ']' || startsNamedClass()) {
      position = begin;
      return ByteSet.of(from);
    }
    int to = next();
    if (to == '\\') {
      if (atEnd()) {
        throw malformed("[ without its ]");
      }
      char escaped = next();
      if (escapedSet(escaped) != null) {
        position = begin;
        return ByteSet.of(from);
      }
      to = classByte(escaped);
    }
    if (to < from) {
      throw malformed("a range out of order in a character class");
    }
    return ByteSet.range(from, to);
  }

  private int classByte(char escaped) throws FormatException {
    if (escaped >= '1' && escaped <= '7') {
      position--;
      return octal();
    }
    return escaped == 'b' ? 0x08 : escapedByte(escaped);
  }

  private boolean startsNamedClass() {
    return text.startsWith("[:", position) && text.indexOf(":]", position) > 0;
  }

  /// `[:name:]` or `[:^name:]`.
  private @Nullable ByteSet namedClass() throws FormatException {
    if (text.startsWith("[.", position) || text.startsWith("[=", position)) {
      int end = text.indexOf(text.charAt(position + 1) + "]", position + 2);
      if (end >= 0) {
        throw malformed("collating elements, which PCRE does not have");
      }
    }
    int end = text.startsWith("[:", position) ? text.indexOf(":]", position + 2) : -1;
    if (end < 0 || !isName(text.substring(position + 2, end))) {
      return null;
    }
    String name = text.substring(position + 2, end);
    boolean negated = name.startsWith("^");
    ByteSet set = NAMED_CLASSES.get(negated ? name.substring(1) : name);
    if (set == null) {
      throw malformed("unknown class [:%s:]".formatted(name));
    }
    position = end + 2;
    return negated ? set.complement() : set;
  }

  private static boolean isName(String text) {
    return text.chars().allMatch(character -> character == '^' || letters().contains(character));
  }

  private static ByteSet letters() {
    return ByteSet.range('A', 'Z').union(ByteSet.range('a', 'z'));
  }

  private static ByteSet punctuation() {
    return ByteSet.matching(
        value -> value > ' ' && value < 0x7f && !letters().union(ByteSet.DIGITS).contains(value));
  }

  private boolean atEnd() {
    return position == text.length();
  }

  private char peek() {
    return text.charAt(position);
  }

  private char next() {
    return text.charAt(position++);
  }

  private boolean accept(String expected) {
    if (!text.startsWith(expected, position)) {
      return false;
    }
    position += expected.length();
    return true;
  }

  private FormatException malformed(String problem) {
    return FormatException.malformed(describe(problem));
  }

  private FormatException unsupported(String problem) {
    return FormatException.unsupported(describe(problem));
  }

  /// The text is ASCII, but may hold control characters.
  private String describe(String problem) {
    return "regular expression %s, at its character %d: %s"
        .formatted(ByteString.utf8(text), position, problem);
  }
}
