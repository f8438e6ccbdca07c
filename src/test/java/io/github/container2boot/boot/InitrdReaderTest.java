package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.boot.Initrd.Generator;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitrdReaderTest {
  private static Initrd read(byte[] bytes) throws IOException {
    return InitrdReader.read(TreePath.of("/boot/initrd"), Content.of(bytes));
  }

  @Test
  void readsDracuts() throws Exception {
    for (byte[] bytes :
        List.of(
            InitrdBuilder.dracut("106-6").plain(),
            InitrdBuilder.dracut("106-6").gzip(),
            InitrdBuilder.dracut("106-6").withEarlyArchive().gzip(),
            InitrdBuilder.dracut("106-6").withEarlyArchive().zstd())) {
      Initrd initrd = read(bytes);
      assertThat(initrd.generator()).isEqualTo(Generator.DRACUT);
      assertThat(initrd.generatorVersion()).contains(new Version("106-6"));
      assertThat(initrd.canBootLive()).isTrue();
      assertThat(initrd.canBootFromNetwork()).isTrue();
      initrd.requirePartition();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "xz,--check=crc32",
    "lzma,-9",
    "zstd,-q",
    "gzip,-9",
    "lz4,-l",
    "lz4,-9",
    "lzop,-1",
    "bzip2,-9"
  })
  void readsWhatTheKernelDecompresses(String tool, String option, @TempDir Path directory)
      throws Exception {
    Tools.require(tool);
    Path plain = Files.write(directory.resolve("plain"), InitrdBuilder.dracut("059").plain());
    Path packed = directory.resolve("packed");
    Tools.run("sh", "-c", "%s %s -c < %s > %s".formatted(tool, option, plain, packed));
    Initrd initrd = read(Files.readAllBytes(packed));
    assertThat(initrd.canBootLive()).isTrue();
    assertThat(initrd.generatorVersion()).contains(new Version("059"));
  }

  @Test
  void readsDracutOfRhel() throws Exception {
    Initrd initrd =
        read(
            new InitrdBuilder()
                .file("usr/lib/dracut/dracut-049-233.git20240115.el8", "dracut-049")
                .file("usr/lib/dracut/modules.txt", "dmsquash-live\n")
                .gzip());
    assertThat(initrd.canBootLive()).isTrue();
    assertThat(initrd.canBootFromNetwork()).isFalse();
    assertThatThrownBy(initrd::requirePartition)
        .isInstanceOf(BootException.class)
        .hasMessage(
            "/boot/initrd cannot boot a root partition: expected dracut 052 or later, found"
                + " 049-233.git20240115.el8");
  }

  @Test
  void takesTheVersionFromWhereverDracutPutIt() throws Exception {
    for (String release :
        List.of(
            "DRACUT_VERSION=\"057-44.el9\"\nVERSION=\"9.3\"\n",
            "ID=almalinux\nVERSION_ID=\"9.3\"\nVERSION=\"9.3 (Shamrock) dracut-057-44.el9\"\n",
            "ID=dracut\nVERSION_ID=\"057-44.el9\"\n")) {
      Initrd initrd =
          read(
              new InitrdBuilder()
                  .file("./lib/dracut/modules.txt", "dmsquash-live")
                  .file("usr/lib/initrd-release", release)
                  .plain());
      assertThat(initrd.generatorVersion()).contains(new Version("057-44.el9"));
      assertThat(initrd.canBootLive()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "conf/initramfs.conf,INITRAMFS_TOOLS",
    "scripts/live,LIVE_BOOT",
    "buildconfig,MKINITCPIO",
    "init_functions,MKINITCPIO",
    "sbin/nlplug-findfs,MKINITFS",
    "init,UNKNOWN",
  })
  void knowsOtherGenerators(String name, Generator generator) throws Exception {
    Initrd initrd = read(new InitrdBuilder().file(name, "").file("zzz", "").zstd());
    assertThat(initrd.generator()).isEqualTo(generator);
    assertThat(initrd.canBootLive()).isFalse();
    assertThatThrownBy(() -> initrd.requireLiveRoot(Distribution.DEBIAN))
        .isInstanceOf(BootException.class)
        .hasMessage(
            "/boot/initrd cannot boot a live root: expected an initrd made by dracut with"
                + " dmsquash-live, found one made by "
                + generator);
  }

  /// What follows the module list is not read, be it ever so large or broken.
  @Test
  void stopsAsSoonAsItKnows() throws Exception {
    byte[] head = InitrdBuilder.dracut("106").plain();
    int trailer = new String(head, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("TRAILER");
    byte[] cut = Arrays.copyOf(head, trailer - 110);
    long[] read = {0};
    Content large =
        new Content() {
          @Override
          public long sizeBytes() {
            return 1L << 40;
          }

          @Override
          public void read(long offsetBytes, ByteBuffer target) {
            read[0] += target.remaining();
            while (target.hasRemaining()) {
              target.put(offsetBytes < cut.length ? cut[(int) offsetBytes] : 1);
              offsetBytes++;
            }
          }

          @Override
          public void transferTo(long offsetBytes, long countBytes, Sink sink) {
            throw new AssertionError("asked for the whole");
          }
        };
    assertThat(InitrdReader.read(TreePath.of("/initrd"), large).canBootLive()).isTrue();
    assertThat(read[0]).isLessThan(1 << 20);
  }

  @Test
  void saysWhatItIsNot() {
    assertThatThrownBy(() -> read("#!/bin/sh\nexit 0\n".getBytes()))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("not an initrd: expected a cpio archive, plain or compressed");
  }

  @Test
  void survivesCorruption() {
    byte[][] wholes = {
      InitrdBuilder.dracut("106").withEarlyArchive().plain(),
      InitrdBuilder.dracut("106").withEarlyArchive().gzip(),
      InitrdBuilder.dracut("106").zstd()
    };
    Random random = new Random(3);
    for (int round = 0; round < 500; round++) {
      byte[] whole = wholes[random.nextInt(wholes.length)];
      byte[] bytes =
          Arrays.copyOf(
              whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
      for (int change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(read(bytes)).isNotNull();
      } catch (FormatException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      } catch (IOException other) {
        throw new AssertionError(other);
      }
    }
  }
}
