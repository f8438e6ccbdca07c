package io.github.container2boot.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
  @ParameterizedTest
  @CsvSource({
    "'\u001b[0;1;39mWelcome\u001b[0m', Welcome",
    "'\u001b[2J\u001b[01;01H\u001b[=3hBdsDxe', BdsDxe",
    "'a\u001b]0;title\u0007b', ab",
    "'a\u001b]0;title\u001b\\b', ab",
    "'a\u001b(Bb', ab",
    "'a\u001b[1\u001b[2mb', ab",
    "'a\u001b\u001b[mb', ab",
    "'log\u001b[min: ', login: ",
    "'a\rb\u0000\u0008c', abc"
  })
  void escapeSequencesAreNoText(String shown, String expected) {
    assertThat(plain(shown)).isEqualTo(expected.strip());
  }

  private static String plain(String... pieces) {
    PlainText plain = new PlainText();
    StringBuilder text = new StringBuilder();
    for (String piece : pieces) {
      plain.append(piece, text);
    }
    return text.toString().strip();
  }

  @Test
  void howItIsCutMakesNoDifference() {
    String shown = "\u001b[0;1;31mdebian\u001b]2;x\u001b\\\u001b(B login\u001b[0m:\r\n";
    for (int cut = 0; cut <= shown.length(); cut++) {
      assertThat(plain(shown.substring(0, cut), shown.substring(cut))).isEqualTo("debian login:");
    }
  }
}
