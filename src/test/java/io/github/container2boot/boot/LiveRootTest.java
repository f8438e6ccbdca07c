package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.tree.FileTree;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LiveRootTest {
  private static final Instant NOW = Instant.ofEpochSecond(42);

  @Test
  void addsWhatIsMountedOn() {
    FileTree root =
        new Roots().directory("/proc").link("/run", "var/run").file("/usr/bin/x", "x").build();
    FileTree complete = LiveRoot.withMountPoints(root, NOW);
    assertThat(complete.find("/tmp").orElseThrow().attributes().permissions()).isEqualTo(01777);
    assertThat(complete.find("/dev").orElseThrow().attributes().modified()).isEqualTo(NOW);
    assertThat(complete.find("/proc").orElseThrow().attributes().modified())
        .isEqualTo(Instant.EPOCH);
    assertThat(complete.find("/run")).isEqualTo(root.find("/run"));
    assertThat(complete.find("/usr/bin/x")).isEqualTo(root.find("/usr/bin/x"));
    assertThat(LiveRoot.withMountPoints(complete, NOW)).isSameAs(complete);
  }

  @Test
  void knowsWhatConfusesDracut() throws Exception {
    LiveRoot.require(new Roots().directory("/proc").build());
    assertThatThrownBy(() -> LiveRoot.require(new Roots().directory("/LiveOS").build()))
        .isInstanceOf(BootException.class)
        .hasMessage("/LiveOS is in the root: dracut would take the root for a live medium");
  }
}
