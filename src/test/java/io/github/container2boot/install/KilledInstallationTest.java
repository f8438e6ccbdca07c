package io.github.container2boot.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as users run it, killed at any moment.
@Tag("full")
class KilledInstallationTest {
  private static final int KILLS = 50;
  private static final int ROOT_BYTES = 40 << 20;
  private static final TestSystem OLD = TestSystem.debian("old").withRootBytes(ROOT_BYTES);
  private static final TestSystem NEW =
      TestSystem.debian("new").withLoaders("2").withRootBytes(ROOT_BYTES);

  @TempDir private Path directory;

  @Test
  void theTargetAlwaysBoots() throws Exception {
    Path oldSource = OLD.writeTo(directory.resolve("old"));
    Path newSource = NEW.writeTo(directory.resolve("new"));
    Path stick = Files.createDirectory(directory.resolve("stick"));
    Program.run("install", oldSource, stick);
    long begin = System.nanoTime();
    Program.run("install", newSource, stick);
    long whole = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    Random random = new Random(18);
    Path next = oldSource;
    int killed = 0;
    for (int count = 0; count < KILLS; count++) {
      Duration until = Duration.ofMillis(random.nextLong(whole / 4, whole * 5 / 4));
      killed += InterruptedInstallation.run(next, stick, until) ? 1 : 0;
      Set<String> booted = new BootAccount(stick, List.of(OLD, NEW)).versions();
      assertThat(booted).as("after %d kills", killed).isSubsetOf("old", "new");
      next = random.nextBoolean() ? oldSource : newSource;
    }
    assertThat(killed).isGreaterThan(KILLS / 4);
    Program.run("install", newSource, stick);
    assertThat(new BootAccount(stick, List.of(NEW)).versions()).containsExactly("new");
    assertThat(Tools.run("find", stick, "-type", "f").lines()).hasSize(NEW.files().size() + 1);
  }
}
