package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BootArgumentsTest {
  private static final Attributes ATTRIBUTES = Attributes.ofRoot(0644, Instant.EPOCH);

  private final FileTreeBuilder esp = new FileTreeBuilder(ATTRIBUTES);

  private void put(String path, byte[] bytes) {
    esp.put(path, new RegularFile(ATTRIBUTES, Content.of(bytes)));
  }

  @Test
  void areThoseOfTheConfigurationThatIsLedTo() throws Exception {
    CommandLine line =
        CommandLine.of(new RootLocation.InFile("C2BOOT")).append("quiet dyndbg=\"file a.c +p\"");
    put("/EFI/BOOT/grub.cfg", new GrubHandOver("/EFI/debian/grub.cfg").toByteArray());
    put("/EFI/debian/grub.cfg", new GrubConfiguration("A system", line, 5).toByteArray());
    assertThat(BootArguments.in(esp.build())).contains(line);
  }

  @Test
  void ofAConfigurationThatIsMissingThereAreNone() throws Exception {
    put("/EFI/BOOT/grub.cfg", new GrubHandOver("/EFI/debian/grub.cfg").toByteArray());
    assertThat(BootArguments.in(esp.build())).isEmpty();
  }
}
