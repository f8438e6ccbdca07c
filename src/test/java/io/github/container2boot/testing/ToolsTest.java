package io.github.container2boot.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class ToolsTest {
  @Test
  void aMissingToolSkipsTheTestAndIsNamed() {
    assertThatThrownBy(() -> Tools.require("sh", "no-such-tool"))
        .isInstanceOf(TestAbortedException.class)
        .hasMessageContaining("no-such-tool");
  }

  @Test
  void runReturnsWhatTheToolPrinted() {
    assertThat(Tools.run("sh", "-c", "echo out; echo err >&2")).isEqualTo("out\nerr\n");
  }

  @Test
  void aToolThatFailsFailsTheTestWithItsWords() {
    assertThatThrownBy(() -> Tools.run("sh", "-c", "echo broken; exit 3"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("broken");
  }
}
