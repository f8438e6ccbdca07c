package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.compress.Compression;
import io.github.container2boot.tree.FileTree;
import org.junit.jupiter.api.Test;

class KernelConfigurationTest {
  private static final Version KERNEL = new Version("5.14.0-70.el9");

  private static KernelConfiguration of(String text) throws Exception {
    FileTree root = new Roots().file("/boot/config-" + KERNEL, text).build();
    return KernelConfiguration.of(root, KERNEL);
  }

  @Test
  void saysWhatTheKernelReads() throws Exception {
    KernelConfiguration configuration =
        of(
            """
            CONFIG_SQUASHFS=m
            CONFIG_SQUASHFS_ZLIB=y
            # CONFIG_SQUASHFS_LZ4 is not set
            CONFIG_SQUASHFS_XZ=y
            # CONFIG_SQUASHFS_ZSTD is not set
            CONFIG_BLK_DEV_LOOP=m
            CONFIG_BLK_DEV_LOOP_MIN_COUNT=0
            CONFIG_OVERLAY_FS=m
            """);
    assertThat(configuration.isKnown()).isTrue();
    assertThat(configuration.compressions()).containsExactly(Compression.GZIP, Compression.XZ);
    assertThat(configuration.recommendedCompression()).isEqualTo(Compression.XZ);
    assertThat(configuration.hasErofs()).isFalse();
    configuration.requireLiveRoot();
    configuration.requireCompression(Compression.XZ);
    assertThatThrownBy(() -> configuration.requireCompression(Compression.ZSTD))
        .isInstanceOf(BootException.class)
        .hasMessage(
            "kernel 5.14.0-70.el9 cannot read SquashFS images compressed with zstd: it can read"
                + " gzip, xz");
  }

  @Test
  void supposesWhatTheVersionHadUpstream() throws Exception {
    FileTree root = new Roots().build();
    assertThat(KernelConfiguration.of(root, KERNEL).recommendedCompression())
        .isEqualTo(Compression.ZSTD);
    KernelConfiguration old = KernelConfiguration.of(root, new Version("3.10.0-1160.el7"));
    assertThat(old.isKnown()).isFalse();
    assertThat(old.compressions()).containsExactly(Compression.GZIP, Compression.XZ);
    old.requireLiveRoot();
  }

  @Test
  void isLookedForBesideTheModulesFirst() throws Exception {
    FileTree root =
        new Roots()
            .file("/boot/config-" + KERNEL, "CONFIG_SQUASHFS_LZO=y")
            .file("/usr/lib/modules/" + KERNEL + "/config", "CONFIG_SQUASHFS_ZLIB=y")
            .build();
    assertThat(KernelConfiguration.of(root, KERNEL).compressions())
        .containsExactly(Compression.GZIP);
  }
}
