package io.github.container2boot.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.GrubHandOver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  private static Configuration grub() {
    return Configuration.of(TestSystem.debian("1").files().get("EFI/debian/grub.cfg"));
  }

  @Test
  void namesItsFiles() {
    assertThat(grub().files()).containsExactly("initrd.img", "squashfs.img", "vmlinuz");
    assertThat(grub().partitionLabel()).contains("C2BOOT");
  }

  @Test
  void movesAllItNames() {
    Configuration moved = grub().movedTo("0123456789ab");
    assertThat(moved.files())
        .containsExactly(
            "0123456789ab/initrd.img", "0123456789ab/squashfs.img", "0123456789ab/vmlinuz");
    assertThat(moved.text())
        .contains("# Made by container2boot.\n")
        .contains("--id container2boot {")
        .contains("search --no-floppy --file --set=root /container2boot/0123456789ab/vmlinuz\n")
        .contains("'rd.live.dir=/container2boot/0123456789ab' ");
  }

  @Test
  void leadsToAnother() {
    Configuration handOver = new Configuration(new GrubHandOver("/EFI/debian/grub.cfg").text());
    assertThat(handOver.handsOverTo()).contains("EFI/debian/grub.cfg");
    assertThat(handOver.isOfSystem()).isTrue();
    assertThat(handOver.files()).isEmpty();
    assertThat(handOver.movedTo("0123456789ab")).isEqualTo(handOver);
    assertThat(grub().handsOverTo()).isEmpty();
  }

  @Test
  void understandsSystemdBoot() {
    Configuration entry =
        Configuration.of(
            """
            title Debian
            linux /container2boot/vmlinuz
            initrd /container2boot/initrd.img
            options root=live:PARTLABEL=STICK rd.live.dir=/container2boot rd.live.image
            """
                .getBytes(UTF_8));
    assertThat(entry.files()).containsExactly("initrd.img", "squashfs.img", "vmlinuz");
    assertThat(entry.partitionLabel()).contains("STICK");
    assertThat(entry.movedTo("x").files())
        .containsExactly("x/initrd.img", "x/squashfs.img", "x/vmlinuz");
  }

  @Test
  void anotherImageNameCounts() {
    Configuration edited =
        new Configuration("linux /k rd.live.dir=/container2boot rd.live.squashimg=other.img\n");
    assertThat(edited.files()).containsExactly("other.img");
  }

  @Test
  void bytesComeThrough() {
    byte[] bytes = {'#', (byte) 0xff, (byte) 0xc3, 0, '\n'};
    assertThat(Configuration.of(bytes).movedTo("x").bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "linux /container2boots/vmlinuz",
        "linux /container2boot.old/vmlinuz",
        "linux /mnt/container2boot/vmlinuz",
        "# Made by container2boot.",
        "set containers=/EFI/debian/grub.cfg",
        "configfile /EFI/debian/grub.cfg"
      })
  void otherNamesAreNotIts(String text) {
    assertThat(new Configuration(text).isOfSystem()).isFalse();
    assertThat(new Configuration(text).files()).isEmpty();
  }
}
