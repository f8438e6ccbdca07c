package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PortableExecutableTest {
  @Test
  void readsHeaders() throws Exception {
    Content file =
        PeBuilder.of(Architecture.AARCH64)
            .section(".text", new byte[] {1, 2, 3})
            .section("mods", new byte[] {4, 5})
            .certificate(new byte[] {6, 7, 8})
            .certificate(new byte[] {9})
            .content();
    PortableExecutable image = PortableExecutable.read(file);
    assertThat(image.architecture()).contains(Architecture.AARCH64);
    assertThat(image.isSigned()).isTrue();
    assertThat(image.section(file, "mods").orElseThrow().toByteArray()).containsExactly(4, 5);
    assertThat(image.section(file, ".data")).isEmpty();
    assertThat(image.certificates()).hasSize(2);
    assertThat(image.certificates().getLast().toByteArray()).containsExactly(9);
  }

  /// The first bytes of a real file: Debian's fbx64.efi.
  @Test
  void readsALiteral() throws Exception {
    ByteBuffer file = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, HexFormat.of().parseHex("4d5a9000"));
    file.put(0x3c, HexFormat.of().parseHex("80000000"));
    file.put(0x80, HexFormat.of().parseHex("50450000" + "6486" + "0100" + "00000000"));
    file.put(0x8c, HexFormat.of().parseHex("00020000" + "00000000" + "f000" + "2e02" + "0b02"));
    file.put(0x188, HexFormat.of().parseHex("2f34000000000000"));
    file.put(0x188 + 16, HexFormat.of().parseHex("1000000000030000"));
    file.put(0x204, ".vendor_cert\0".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    PortableExecutable image = PortableExecutable.read(Content.of(file.array()));
    assertThat(image.architecture()).contains(Architecture.X86_64);
    assertThat(image.sections())
        .containsExactly(new PortableExecutable.Section(".vendor_cert", 0x300, 16));
    assertThat(image.isSigned()).isFalse();
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> PortableExecutable.read(Content.of(new byte[100])))
        .isInstanceOf(FormatException.class)
        .hasMessage("not a PE file: expected MZ (at byte 0)");
    byte[] file = PeBuilder.of(Architecture.X86_64).certificate(new byte[40]).build();
    assertThatThrownBy(
            () -> PortableExecutable.read(Content.of(Arrays.copyOf(file, file.length - 8))))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("PE certificate table of 48 bytes");
  }

  @Test
  void survivesCorruption() {
    byte[] whole =
        PeBuilder.of(Architecture.X86_64)
            .grubPrefix("/EFI/debian")
            .certificate(new byte[64])
            .build();
    Random random = new Random(20);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = Arrays.copyOf(whole, random.nextInt(8) == 0 ? random.nextInt(700) : 700);
      for (int change = random.nextInt(6); change >= 0 && bytes.length > 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      read(bytes);
    }
  }

  /// Everything that is done to a program; only a FormatException may come out.
  static void read(byte[] bytes) {
    Content file = Content.of(bytes);
    try {
      PortableExecutable image = PortableExecutable.read(file);
      assertThat(Signature.of(image)).isNotNull();
      EfiProgram program =
          new EfiProgram(io.github.container2boot.tree.TreePath.of("/x"), file, image);
      assertThat(GrubImage.prefix(program)).isNotNull();
      assertThat(SecureBoot.vendorCertificates(program)).isNotNull();
    } catch (FormatException expected) {
      assertThat(expected).hasMessageNotContaining("\n");
    } catch (IOException other) {
      throw new AssertionError(other);
    }
  }
}
