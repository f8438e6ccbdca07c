package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrubHandOverTest {
  private static final GrubHandOver TO_DEBIAN = new GrubHandOver("/EFI/debian/grub.cfg");

  @Test
  void isThisText() {
    assertThat(TO_DEBIAN.text())
        .isEqualTo(
            """
            # Made by container2boot. What there is to edit is in the file that this one leads to.
            set container2boot='/EFI/debian/grub.cfg'

            # GRUB takes the device it was loaded from for its root; if not, look for it there.
            if [ ! -f "$container2boot" ]; then
              regexp --set=1:device '^\\(([^()]+)\\)' "$cmdpath"
              if [ -n "$device" ]; then
                set root="$device"
              fi
            fi

            if [ -f "$container2boot" ]; then
              set prefix="($root)"'/EFI/debian'
              source "$container2boot"
            else
              echo "There is no $container2boot on ($root), which says what to boot."
              echo 'Nothing is booted. GRUB ends in a minute, or with ESC.'
              sleep --interruptible 60
              exit
            fi
            """);
  }

  @Test
  void isWhatGrubUnderstands(@TempDir Path directory) throws Exception {
    Tools.require("grub-script-check");
    Path file = Files.write(directory.resolve("grub.cfg"), TO_DEBIAN.toByteArray());
    Tools.run("grub-script-check", file);
  }
}
