package io.github.container2boot.oci.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a registry wants to see first (RFC 9110, 11.3 and 11.6.1): one of several in a header
/// `WWW-Authenticate`.
///
/// @param scheme in lower case: `bearer`, `basic`
/// @param parameters by names in lower case
record Challenge(String scheme, Map<String, String> parameters) {
  Challenge {
    parameters = Map.copyOf(parameters);
  }

  /// All challenges in these headers, in order. What is no challenge is left out: the next may be
  /// one we understand.
  static List<Challenge> parse(List<String> headers) {
    List<Challenge> challenges = new ArrayList<>();
    headers.forEach(header -> new Scanner(header).scan(challenges));
    return challenges;
  }

  static Optional<Challenge> find(List<Challenge> challenges, String scheme) {
    return challenges.stream().filter(challenge -> challenge.scheme.equals(scheme)).findFirst();
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  /// Commas divide both challenges and their parameters: a word with `=` behind it is a parameter,
  /// any other begins a challenge.
  private static final class Scanner {
    private final String text;
    private int position;

    Scanner(String text) {
      this.text = text;
    }

    void scan(List<Challenge> challenges) {
      Optional<String> scheme = Optional.empty();
      Map<String, String> parameters = new LinkedHashMap<>();
      while (skipSeparators()) {
        String word = word();
        if (word.isEmpty()) {
          position++;
        } else if (takeEquals()) {
          parameters.putIfAbsent(word, value());
        } else {
          scheme.ifPresent(name -> challenges.add(new Challenge(name, parameters)));
          scheme = Optional.of(word);
          parameters.clear();
        }
      }
      scheme.ifPresent(name -> challenges.add(new Challenge(name, parameters)));
    }

    private boolean skipSeparators() {
      while (position < text.length() && isSeparator(text.charAt(position))) {
        position++;
      }
      return position < text.length();
    }

    private static boolean isSeparator(char character) {
      return character == ',' || isSpace(character);
    }

    private static boolean isSpace(char character) {
      return character == ' ' || character == '\t';
    }

    private String word() {
      int start = position;
      while (position < text.length() && isOfToken(text.charAt(position))) {
        position++;
      }
      return text.substring(start, position).toLowerCase(Locale.ROOT);
    }

    private static boolean isOfToken(char character) {
      return character > ' ' && character < 0x7F && "\"(),/:;<=>?@[\\]{}".indexOf(character) < 0;
    }

    private boolean takeEquals() {
      int next = position;
      while (next < text.length() && isSpace(text.charAt(next))) {
        next++;
      }
      if (next == text.length() || text.charAt(next) != '=') {
        return false;
      }
      position = next + 1;
      while (position < text.length() && isSpace(text.charAt(position))) {
        position++;
      }
      return true;
    }

    private String value() {
      return position < text.length() && text.charAt(position) == '"' ? quoted() : unquoted();
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      for (position++; position < text.length(); position++) {
        char character = text.charAt(position);
        if (character == '"') {
          position++;
          break;
        }
        boolean escape = character == '\\' && position + 1 < text.length();
        value.append(escape ? text.charAt(++position) : character);
      }
      return value.toString();
    }

    /// Some servers forget the quotes around an address, so only a separator ends it.
    private String unquoted() {
      int start = position;
      while (position < text.length() && !isSeparator(text.charAt(position))) {
        position++;
      }
      return text.substring(start, position);
    }
  }
}
