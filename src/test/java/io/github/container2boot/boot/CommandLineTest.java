package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.boot.CommandLine.SerialConsole;
import io.github.container2boot.bytes.Content;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  private static final CommandLine NONE = new CommandLine(List.of());

  @Test
  void namesARootInAFile() throws Exception {
    assertThat(CommandLine.of(new RootLocation.InFile("C2BOOT")).text())
        .isEqualTo(
            "root=live:PARTLABEL=C2BOOT rd.live.dir=/container2boot rd.live.image"
                + " rd.live.overlay.readonly");
  }

  @Test
  void namesARootInAPartition() throws Exception {
    assertThat(CommandLine.of(new RootLocation.InPartition("C2ROOT")).text())
        .isEqualTo("root=live:PARTLABEL=C2ROOT rd.live.image rd.live.overlay.readonly");
  }

  @Test
  void namesARootOnAServer() throws Exception {
    assertThat(
            CommandLine.of(new RootLocation.OnServer("http://10.0.2.2:8080/squashfs.img")).text())
        .isEqualTo(
            "root=live:http://10.0.2.2:8080/squashfs.img rd.neednet=1 ip=dhcp rd.live.image"
                + " rd.live.overlay.readonly");
  }

  @Test
  void splitsAsTheKernelDoes() throws Exception {
    CommandLine line = NONE.append("  quiet\tdyndbg=\"file a.c +p\" \"b c\"=d x=\"\" ");
    assertThat(line.arguments()).containsExactly("quiet", "dyndbg=file a.c +p", "b c=d", "x=");
    assertThat(line.text()).isEqualTo("quiet \"dyndbg=file a.c +p\" \"b c=d\" x=");
    assertThat(NONE.append(line.text())).isEqualTo(line);
    assertThat(NONE.append("   ")).isEqualTo(NONE);
  }

  @Test
  void refusesWhatCannotBePassed() {
    assertThatThrownBy(() -> NONE.append("a=\"b"))
        .hasMessage("kernel argument \"a=\"b\" has a double quote that is not closed");
    assertThatThrownBy(() -> NONE.with("a\nb"))
        .hasMessage("kernel argument \"ab\" holds a control character");
    assertThatThrownBy(() -> CommandLine.of(new RootLocation.InFile("a\"b")))
        .isInstanceOf(BootException.class);
  }

  @Test
  void knowsSerialConsoles() throws Exception {
    assertThat(NONE.append("console=tty0 console=ttyS1,9600o7 console=ttyS0").serialConsole())
        .contains(new SerialConsole(1, 9600, "odd", 7));
    assertThat(NONE.append("console=ttyS0").serialConsole())
        .contains(new SerialConsole(0, 115200, "no", 8));
    assertThat(NONE.append("console=ttyS0,115200n8r").serialConsole())
        .contains(new SerialConsole(0, 115200, "no", 8));
    assertThat(NONE.append("console=tty0 console=ttyS0;reboot console=ttyS9").serialConsole())
        .isEmpty();
  }

  @Test
  void fitsTheKernel() throws Exception {
    KernelImage kernel = KernelImage.read(KernelBuilder.of("6.12"));
    NONE.append("a".repeat(2047 - 64)).requireFits(kernel);
    assertThatThrownBy(() -> NONE.append("é" + "a".repeat(2047 - 65)).requireFits(kernel))
        .hasMessage("kernel command line too long: expected at most 1983 bytes, found 1984");
    KernelImage small = KernelImage.read(Content.of(KernelBuilder.bzImage("2.6.30", 1, 255)));
    assertThatThrownBy(() -> NONE.append("a".repeat(192)).requireFits(small))
        .isInstanceOf(BootException.class);
  }
}
