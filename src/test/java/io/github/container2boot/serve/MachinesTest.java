package io.github.container2boot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who boots how far, with a clock of the test's own.
class MachinesTest {
  @TempDir Path temporary;
  private final List<MachineProgress> boots = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-01T12:00:00Z");
  private final Machines machines = new Machines(() -> now, boots::add);
  private ServedSystem system;

  @BeforeEach
  void open() throws Exception {
    system =
        ServedMachine.open("deb", ServedMachine.image(temporary), temporary.resolve("scratch"));
  }

  @AfterEach
  void close() throws Exception {
    system.close();
  }

  @Test
  void whoAsksNoMoreHasStopped() throws Exception {
    machines.reached(address(1), system, Stage.LOADER);
    machines.reached(address(1), system, Stage.KERNEL);
    now = now.plus(Machines.SILENCE).minus(Duration.ofSeconds(1));
    machines.sweep();
    assertThat(boots).isEmpty();
    now = now.plus(Duration.ofSeconds(2));
    machines.sweep();
    machines.sweep();
    assertThat(boots).extracting(MachineProgress::stage).containsExactly(Stage.KERNEL);
    assertThat(machines.count("deb", false)).isEqualTo(1);
  }

  /// A slow one may still come: then its end is told too, and counted as what it was.
  @Test
  void whoGetsAllInTheEndHasBooted() throws Exception {
    machines.reached(address(1), system, Stage.ROOT);
    machines.fetched(address(1), system.rootBytes() - 1);
    machines.fetchedLast(address(1));
    assertThat(boots).isEmpty();
    machines.fetched(address(1), 1);
    machines.fetchedLast(address(1));
    machines.fetchedLast(address(1));
    assertThat(boots).extracting(MachineProgress::isComplete).containsExactly(true);
  }

  @Test
  void whoStartsAgainIsTwoBoots() throws Exception {
    machines.reached(address(1), system, Stage.ROOT);
    machines.reached(address(1), system, Stage.LOADER);
    assertThat(boots).extracting(MachineProgress::stage).containsExactly(Stage.ROOT);
    assertThat(machines.lately()).extracting(MachineProgress::stage).containsExactly(Stage.LOADER);
  }

  /// A flood of addresses costs no memory.
  @Test
  void onlySoManyAreRemembered() throws Exception {
    for (int number = 0; number < Machines.MOST + 10; number++) {
      now = now.plusMillis(1);
      machines.reached(address(number), system, Stage.MENU);
    }
    assertThat(machines.lately()).hasSize(Machines.MOST);
    assertThat(machines.lately().getFirst().address()).isEqualTo(address(Machines.MOST + 9));
    assertThat(boots).hasSize(10);
  }

  @Test
  void aMachineIsCalledByWhatItSays() throws Exception {
    machines.reached(address(1), system, Stage.MENU);
    assertThat(machines.lately().getFirst().who()).isEqualTo("10.0.0.1");
    machines.known(address(1), HardwareAddress.parse("52-54-00-AB-CD-EF").orElseThrow());
    assertThat(machines.lately().getFirst().who()).isEqualTo("10.0.0.1 (52:54:00:ab:cd:ef)");
  }

  private static InetAddress address(int number) throws Exception {
    return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
  }
}
