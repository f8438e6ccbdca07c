package io.github.container2boot.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.boot.SecureBoot.Trust;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Chains signed with keys made for the test by openssl and sbsign.
class SecureBootTest {
  @TempDir private Path directory;

  @BeforeEach
  void needsTools() {
    Tools.require("openssl", "sbsign");
  }

  /// `name.key` and `name.crt`, signed by `authority` or by itself.
  private void certificate(String name, Optional<String> authority) {
    String request =
        "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /O=Test/CN=%s -keyout %s.key -out %s.crt"
            .formatted(name, name, name);
    String issued = authority.map(" -CA %1$s.crt -CAkey %1$s.key"::formatted).orElse("");
    Tools.Result result = Tools.execute(directory, "sh", "-c", request + issued);
    assumeTrue(result.exitCode() == 0, () -> "openssl cannot do this: " + result.text());
  }

  private Content signed(byte[] program, String... signers) throws IOException {
    Path file = Files.write(directory.resolve("program"), program);
    for (String signer : signers) {
      Tools.Result result =
          Tools.execute(
              directory,
              "sbsign",
              "--key",
              signer + ".key",
              "--cert",
              signer + ".crt",
              "--output",
              "program",
              "program");
      assertThat(result.exitCode()).as(result.text()).isZero();
    }
    return Content.of(Files.readAllBytes(file));
  }

  private byte[] shim(byte[] authorized) {
    ByteWriter section = ByteWriter.littleEndian(2048);
    section.u32(authorized.length).u32(0).u32(16).u32(16 + authorized.length).bytes(authorized);
    return PeBuilder.of(Architecture.X86_64)
        .section(".text", new byte[512])
        .section(".vendor_cert", section.toByteArray())
        .build();
  }

  private byte[] encoded(String name) {
    Tools.Result result =
        Tools.execute(directory, "openssl", "x509", "-in", name + ".crt", "-outform", "DER");
    return result.output();
  }

  private static byte[] program() {
    return PeBuilder.of(Architecture.X86_64).section(".text", new byte[512]).build();
  }

  private SecureBoot chain(Content shim, Content grub, Content kernel) throws Exception {
    BootLoader loader =
        new BootLoader.ShimAndGrub(
            Architecture.X86_64,
            "test",
            EfiProgram.read(TreePath.of("/shim"), shim, Architecture.X86_64),
            EfiProgram.read(TreePath.of("/grub"), grub, Architecture.X86_64),
            "grubx64.efi",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Version version = new Version("6.12");
    return SecureBoot.of(
        loader,
        new Kernel(
            version,
            TreePath.of("/vmlinuz"),
            List.of("6.12"),
            kernel,
            KernelImage.read(KernelBuilder.of("6.12")),
            new KernelConfiguration(version, Optional.empty(), Set.of())));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void followsTheChain(boolean asList) throws Exception {
    certificate("Firmware", Optional.empty());
    certificate("Distribution", Optional.empty());
    certificate("Signer", Optional.of("Distribution"));
    byte[] authority = encoded("Distribution");
    SecureBoot report =
        chain(
            signed(shim(asList ? signatureList(authority) : authority), "Firmware"),
            signed(program(), "Signer"),
            signed(program(), "Firmware", "Signer"));
    assertThat(report.programs())
        .containsExactly(
            new SecureBoot.Program(TreePath.of("/shim"), List.of("Firmware"), Trust.FIRMWARE),
            new SecureBoot.Program(TreePath.of("/grub"), List.of("Signer"), Trust.SHIM),
            new SecureBoot.Program(
                TreePath.of("/vmlinuz"), List.of("Firmware", "Signer"), Trust.SHIM));
    assertThat(report.isComplete()).isTrue();
  }

  @Test
  void seesWhatBreaksIt() throws Exception {
    certificate("Distribution", Optional.empty());
    certificate("Stranger", Optional.empty());
    SecureBoot report =
        chain(
            signed(shim(encoded("Distribution")), "Stranger"),
            signed(program(), "Stranger"),
            Content.of(program()));
    assertThat(report.programs())
        .extracting(SecureBoot.Program::trust)
        .containsExactly(Trust.FIRMWARE, Trust.UNKNOWN_SIGNER, Trust.UNSIGNED);
    assertThat(report.isComplete()).isFalse();
  }

  @Test
  void takesAKernelWithoutEfiHeaderForUnsigned() throws Exception {
    certificate("Distribution", Optional.empty());
    Content shim = signed(shim(encoded("Distribution")), "Distribution");
    SecureBoot report = chain(shim, signed(program(), "Distribution"), Content.of(new byte[2000]));
    assertThat(report.programs().getLast().trust()).isEqualTo(Trust.UNSIGNED);
  }

  private static byte[] signatureList(byte[] certificate) {
    byte[] type = HexFormat.of().parseHex("a159c0a5e494a74a87b5ab155c2bf072");
    ByteWriter list = ByteWriter.littleEndian(2048).bytes(type);
    list.u32(28 + 16 + certificate.length).u32(0).u32(16 + certificate.length);
    return list.zeros(16).bytes(certificate).toByteArray();
  }

  /// The signers of real programs, as sbverify names them.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/usr/lib/shim/shimx64.efi.signed",
        "/usr/lib/shim/mmx64.efi.signed",
        "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed"
      })
  void agreesWithSbverify(String file) throws Exception {
    Tools.require("sbverify");
    Path path = Path.of(file);
    assumeTrue(Files.exists(path), () -> "needs " + file);
    String listed = Tools.run("sbverify", "--list", path);
    List<Signature> signatures =
        Signature.of(PortableExecutable.read(Content.of(Files.readAllBytes(path))));
    assertThat(signatures).isNotEmpty();
    for (Signature signature : signatures) {
      assertThat(listed).contains("CN=" + signature.signer(), "CN=" + signature.issuer());
    }
    assertThat(listed.lines().filter(line -> line.startsWith("signature ")))
        .hasSize(signatures.size());
  }
}
