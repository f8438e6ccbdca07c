package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.boot.KernelImage.Format;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelImageTest {
  private static KernelImage read(byte[] bytes) throws IOException {
    return KernelImage.read(Content.of(bytes));
  }

  @Test
  void readsABzImage() throws Exception {
    assertThat(read(KernelBuilder.bzImage("6.12.1+deb13-amd64 (builder@host) #1 SMP")))
        .isEqualTo(
            new KernelImage(
                Format.BZIMAGE,
                Architecture.X86_64,
                Optional.of(new Version("6.12.1+deb13-amd64")),
                true,
                2047));
  }

  @Test
  void readsImagesOfOtherProcessors() throws Exception {
    for (Architecture architecture :
        new Architecture[] {Architecture.AARCH64, Architecture.RISCV64}) {
      assertThat(read(KernelBuilder.image(architecture)))
          .extracting(KernelImage::format, KernelImage::architecture, KernelImage::efiStub)
          .containsExactly(Format.IMAGE, architecture, true);
      assertThat(read(KernelBuilder.gzipImage(architecture)))
          .extracting(KernelImage::format, KernelImage::architecture)
          .containsExactly(Format.GZIP_IMAGE, architecture);
      assertThat(read(KernelBuilder.zboot(architecture)))
          .extracting(KernelImage::format, KernelImage::architecture)
          .containsExactly(Format.EFI_ZBOOT, architecture);
    }
  }

  @Test
  void doesNotTakeAVersionThatNamesNoFile() throws Exception {
    assertThat(read(KernelBuilder.bzImage("../../etc x")).version()).isEmpty();
    assertThat(read(KernelBuilder.bzImage("6.1/../../x y")).version()).isEmpty();
    assertThat(read(KernelBuilder.bzImage("")).version()).isEmpty();
  }

  @Test
  void refusesWhatDoesNotBootByUefi() {
    assertThatThrownBy(() -> read(KernelBuilder.bzImage("6.1", 0, 2047)))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("a 32-bit x86 kernel");
    for (byte[] other : new byte[][] {{}, {0x7f, 'E', 'L', 'F'}, "#!/bin/sh\n".getBytes()}) {
      assertThatThrownBy(() -> read(other))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith("not a Linux kernel for UEFI");
    }
    assertThatThrownBy(() -> read(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0}))
        .isInstanceOf(FormatException.class);
  }

  @Test
  void survivesCorruption() {
    Random random = new Random(7);
    for (int round = 0; round < 3000; round++) {
      byte[] whole =
          switch (random.nextInt(3)) {
            case 0 -> KernelBuilder.bzImage("6.12");
            case 1 -> KernelBuilder.gzipImage(Architecture.AARCH64);
            default -> KernelBuilder.zboot(Architecture.AARCH64);
          };
      byte[] bytes =
          Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(800) : whole.length);
      for (int change = random.nextInt(8); change >= 0 && bytes.length > 0; change--) {
        bytes[random.nextInt(Math.min(bytes.length, 0x260))] = (byte) random.nextInt();
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
