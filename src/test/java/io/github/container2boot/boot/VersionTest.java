package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Tools;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {
  /// The examples of the specification, and what burnt others.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "11,==,11",
        "systemd-123,==,systemd-123",
        "bar-123,<,foo-123",
        "123a,>,123",
        "123.a,>,123",
        "123.a,<,123.b",
        "123a,>,123.a",
        "11α,==,11β",
        "B,<,a",
        "\"\",<,0",
        "0.,>,0",
        "0.0,>,0",
        "0,>,~",
        "\"\",>,~",
        "1_,==,1",
        "_1,==,1",
        "1_,<,1.2",
        "1_2_3,>,1.3.3",
        "1+,==,1",
        "+1,==,1",
        "1+,<,1.2",
        "1+2+3,>,1.3.3",
        "5.14.0-362.el9,>,5.14.0-70.el9",
        "6.9.0,<,6.12.0",
        "007,==,7",
        "99999999999999999999999,>,9999999999999999999999",
        "6.12~rc1,<,6.12",
      })
  void comparesAsTheSpecificationSays(String left, String order, String right) {
    int expected =
        switch (order) {
          case "<" -> -1;
          case ">" -> 1;
          default -> 0;
        };
    assertThat(Integer.signum(new Version(left).compareTo(new Version(right)))).isEqualTo(expected);
    assertThat(Integer.signum(new Version(right).compareTo(new Version(left))))
        .isEqualTo(-expected);
  }

  private static final List<String> CHAIN =
      List.of(
          "122.1",
          "123~rc1-1",
          "123",
          "123-a",
          "123-a.1",
          "123-1",
          "123-1.1",
          "123^post1",
          "123.a-1",
          "123.1-1",
          "123a-1",
          "124-1");

  @Test
  void ordersTheSpecificationsChain() {
    for (int left = 0; left < CHAIN.size(); left++) {
      for (int right = 0; right < CHAIN.size(); right++) {
        assertThat(
                Integer.signum(
                    new Version(CHAIN.get(left)).compareTo(new Version(CHAIN.get(right)))))
            .as("%s, %s", CHAIN.get(left), CHAIN.get(right))
            .isEqualTo(Integer.compare(left, right));
      }
    }
  }

  @Test
  void agreesWithSystemd() {
    Tools.require("systemd-analyze");
    List<String> versions =
        Stream.of("6.1.0-13-amd64", "6.12.117+deb13-amd64", "5.14.0-503.11.1.el9_5.x86_64")
            .toList();
    for (String left : versions) {
      for (String right : versions) {
        String order = Tools.execute("systemd-analyze", "compare-versions", left, right).text();
        int expected = order.contains(" < ") ? -1 : order.contains(" > ") ? 1 : 0;
        assertThat(Integer.signum(new Version(left).compareTo(new Version(right))))
            .as(order)
            .isEqualTo(expected);
      }
    }
  }
}
