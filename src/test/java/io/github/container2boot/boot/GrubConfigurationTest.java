package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrubConfigurationTest {
  private static GrubConfiguration configuration(String title, String appended)
      throws BootException {
    CommandLine line = CommandLine.of(new RootLocation.InFile("C2BOOT")).append(appended);
    return new GrubConfiguration(title, line, 2);
  }

  @Test
  void isThisText() throws Exception {
    assertThat(
            configuration("Debian GNU/Linux 13 (trixie), kernel 6.12", "quiet console=ttyS1,57600")
                .text())
        .isEqualTo(
            """
            # Made by container2boot.
            if serial --unit=1 --speed=57600 --word=8 --parity=no --stop=1; then
              terminal_input console serial
              terminal_output console serial
            fi
            set default=0
            set timeout=2

            # GRUB takes the device it was loaded from for its root; if not, look for it there, then anywhere.
            if [ ! -f /container2boot/vmlinuz ]; then
              regexp --set=1:device '^\\(([^()]+)\\)' "$cmdpath"
              if [ -n "$device" ]; then
                set root="$device"
              fi
            fi
            if [ ! -f /container2boot/vmlinuz ]; then
              search --no-floppy --file --set=root /container2boot/vmlinuz
            fi

            menuentry 'Debian GNU/Linux 13 (trixie), kernel 6.12' --id container2boot {
              echo 'Loading the kernel ...'
              if linux /container2boot/vmlinuz 'root=live:PARTLABEL=C2BOOT' 'rd.live.dir=/container2boot' 'rd.live.image' 'rd.live.overlay.readonly' 'quiet' 'console=ttyS1,57600'; then
                echo 'Loading the initrd ...'
                if initrd /container2boot/initrd.img; then
                  boot
                fi
                echo 'The initrd could not be loaded: this machine may have too little memory for it.'
              else
                echo 'The kernel could not be loaded.'
              fi
              echo 'Nothing is booted. GRUB ends in a minute, or with ESC.'
              sleep --interruptible 60
              exit
            }
            """);
  }

  @Test
  void hasNoSerialTerminalUnasked() throws Exception {
    assertThat(configuration("x", "console=tty0 console=ttyAMA0").text()).doesNotContain("serial");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x' { echo owned; } menuentry 'y",
        "'; reboot; echo '",
        "''''",
        "$(reboot) ${root} $root `reboot`",
        "a } b { c ; d | e & f # g",
        "\"double\" \\\\ back\\slash\\",
        "\\",
        "'\\''",
        "line\nmenuentry 'owned' {\nreboot\n}",
        "tab\tcr\rnul\0bell\7",
        "%s %n {{ }}",
      })
  void keepsATitleOneWord(String title, @TempDir Path directory) throws Exception {
    String text = configuration(title, "quiet").text();
    String entry = text.lines().filter(line -> line.startsWith("menuentry")).findFirst().get();
    assertThat(text.lines().filter(line -> line.contains("menuentry "))).hasSize(1);
    assertThat(words(entry))
        .containsExactly(
            "menuentry", ShellText.withoutControls(title), "--id", "container2boot", "{");
    if (Tools.find("grub-script-check").isPresent()) {
      Path file = Files.writeString(directory.resolve("grub.cfg"), text);
      Tools.run("grub-script-check", file);
    }
  }

  /// Takes a line apart as GRUB's lexer does (grub-core/script/yylex.l), as far as it is used.
  private static List<String> words(String line) {
    List<String> words = new java.util.ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int index = 0; index < line.length(); index++) {
      char character = line.charAt(index);
      if (character == '\'') {
        quoted = !quoted;
      } else if (quoted) {
        word.append(character);
      } else if (character == '\\') {
        word.append(line.charAt(++index));
      } else if (character == ' ') {
        words.add(word.toString());
        word.setLength(0);
      } else {
        assertThat("$\";|&#<>`").doesNotContain(String.valueOf(character));
        word.append(character);
      }
    }
    assertThat(quoted).isFalse();
    words.add(word.toString());
    return words;
  }

  @Test
  void leavesControlCharactersOutOfTheTitle() throws Exception {
    assertThat(configuration("a\nb\u001b[2J\u202ec", "").text())
        .contains("menuentry 'ab[2Jc' --id");
  }

  @Test
  void refusesArgumentsGrubWouldChange() throws Exception {
    CommandLine line = new CommandLine(List.of());
    for (String argument : List.of("a=it's", "path=C:\\dir", "\\x4")) {
      assertThatThrownBy(() -> GrubConfiguration.requireSuitable(line.with(argument)))
          .isInstanceOf(BootException.class)
          .hasMessageContaining("which GRUB would pass on changed");
    }
    GrubConfiguration.requireSuitable(line.with("root=LABEL=a\\x20b"));
    GrubConfiguration.requireSuitable(line.with("dyndbg=file a.c +p"));
  }
}
