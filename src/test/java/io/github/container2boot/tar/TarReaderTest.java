package io.github.container2boot.tar;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tar.TarBuilder.Entry;
import io.github.container2boot.tree.ExtendedAttributes;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TarReaderTest {
  private static final byte[] CAPABILITY = {
    1, 0, 0, 2, (byte) 0x80, 0x30, '\n', (byte) 0xff, 0, 0, 0, 0, '=', 0, 0, 0, 0, 0, 0, 0
  };

  @Test
  void readsEveryType() throws IOException {
    byte[] archive =
        new TarBuilder()
            .directory("etc/")
            .directory("usr")
            .add(Entry.file("etc/hostname", "machine").mode(0_4755).owner(1000, 100))
            .symlink("lib", "usr/lib")
            .hardLink("etc/name", "etc/hostname")
            .characterDevice("dev/null", 1, 3)
            .blockDevice("dev/sda", 8, 0)
            .fifo("run/initctl")
            .build();

    List<Archived> entries = Archived.list(archive);

    assertThat(entries)
        .extracting(entry -> entry.entry().type())
        .containsExactly(
            TarEntry.Type.DIRECTORY,
            TarEntry.Type.DIRECTORY,
            TarEntry.Type.FILE,
            TarEntry.Type.SYMBOLIC_LINK,
            TarEntry.Type.HARD_LINK,
            TarEntry.Type.CHARACTER_DEVICE,
            TarEntry.Type.BLOCK_DEVICE,
            TarEntry.Type.FIFO);
    TarEntry file = entries.get(2).entry();
    assertThat(file.attributes().permissions()).isEqualTo(0_4755);
    assertThat(file.attributes().userId()).isEqualTo(1000);
    assertThat(file.attributes().groupId()).isEqualTo(100);
    assertThat(file.attributes().modified()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(file.dataOffsetBytes()).isEqualTo(3 * 512);
    assertThat(entries.get(2).text()).isEqualTo("machine");
    assertThat(entries.get(3).entry().linkTarget()).hasToString("usr/lib");
    assertThat(entries.get(4).entry().linkTarget()).hasToString("etc/hostname");
    assertThat(entries.get(5).entry().deviceMajor()).isEqualTo(1);
    assertThat(entries.get(5).entry().deviceMinor()).isEqualTo(3);
  }

  @Test
  void keepsBinaryAttributesByteByByte() throws IOException {
    byte[] archive =
        new TarBuilder()
            .add(Entry.file("bin/ping", "x").xattr("security.capability", CAPABILITY))
            .build();

    ExtendedAttributes xattrs = Archived.list(archive).getFirst().entry().attributes().xattrs();

    assertThat(xattrs.get(ByteString.utf8("security.capability")))
        .isEqualTo(ByteString.of(CAPABILITY));
  }
}
