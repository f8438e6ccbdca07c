package io.github.container2boot.boot;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether the programs on the medium carry the signatures Secure Boot asks for.
///
/// Which keys a firmware has is not known here: shim is reported with the name of its signer
/// (Microsoft's third-party CA on ordinary machines). GRUB and the kernel are checked against the
/// certificates built into that shim.
///
/// @param programs in the order in which they are started, the kernel last
public record SecureBoot(List<Program> programs) {
  private static final String VENDOR_CERTIFICATES = ".vendor_cert";
  private static final int MAX_VENDOR_CERTIFICATES_BYTES = 1 << 20;

  /// EFI_CERT_X509_GUID a5c059a1-94e4-4aa7-87b5-ab155c2bf072, as its two halves lie in a list.
  private static final long X509_HIGH = 0x4aa794e4a5c059a1L;

  private static final long X509_LOW = 0x72f02b5c15abb587L;

  public SecureBoot {
    programs = List.copyOf(programs);
  }

  /// What stands behind a program.
  public enum Trust {
    /// It carries no signature a firmware could look at.
    UNSIGNED("unsigned"),
    /// The firmware decides: the first program in the chain.
    FIRMWARE("firmware"),
    /// A certificate built into shim vouches for the signer.
    SHIM("shim"),
    /// It is signed, but by nobody this shim knows; only a key enrolled on the machine would help.
    UNKNOWN_SIGNER("unknown signer");

    private final String shownName;

    Trust(String shownName) {
      this.shownName = shownName;
    }

    @Override
    public String toString() {
      return shownName;
    }
  }

  /// One program and its signer.
  ///
  /// @param path where it lies in the root file system
  /// @param signers names in the certificates of its signatures, in their order
  public record Program(TreePath path, List<String> signers, Trust trust) {
    public Program {
      signers = List.copyOf(signers);
    }
  }

  static SecureBoot of(BootLoader loader, Kernel kernel) throws IOException {
    List<X509Certificate> vendor = vendorCertificates(loader);
    List<Program> programs = new ArrayList<>();
    for (EfiProgram program : loader.programs()) {
      boolean first = programs.isEmpty();
      programs.add(
          program(program.path(), program.image(), first ? Optional.empty() : Optional.of(vendor)));
    }
    programs.add(kernelProgram(kernel, vendor));
    return new SecureBoot(programs);
  }

  /// Whether a machine that trusts the first program's signer starts all of it.
  public boolean isComplete() {
    return programs.stream()
        .allMatch(program ->
            switch (program.trust()) {
              case FIRMWARE, SHIM -> true;
              case UNSIGNED, UNKNOWN_SIGNER -> false;
            });
  }

  /// A kernel without an EFI header has nowhere to carry a signature.
  private static Program kernelProgram(Kernel kernel, List<X509Certificate> vendor)
      throws IOException {
    PortableExecutable image;
    try {
      image = PortableExecutable.read(kernel.content());
    } catch (FormatException noEfiHeader) {
      return new Program(kernel.path(), List.of(), Trust.UNSIGNED);
    }
    return program(kernel.path(), image, Optional.of(vendor));
  }

  private static Program program(
      TreePath path, PortableExecutable image, Optional<List<X509Certificate>> authorities)
      throws IOException {
    List<Signature> signatures = Signature.of(image);
    return new Program(
        path,
        signatures.stream().map(Signature::signer).toList(),
        image.isSigned() ? trust(signatures, authorities) : Trust.UNSIGNED);
  }

  private static Trust trust(
      List<Signature> signatures, Optional<List<X509Certificate>> authorities) {
    if (authorities.isEmpty()) {
      return Trust.FIRMWARE;
    }
    boolean known =
        signatures.stream().anyMatch(signature -> signature.isTrustedBy(authorities.get()));
    return known ? Trust.SHIM : Trust.UNKNOWN_SIGNER;
  }

  private static List<X509Certificate> vendorCertificates(BootLoader loader) throws IOException {
    return switch (loader) {
      case BootLoader.ShimAndGrub chain -> vendorCertificates(chain.shim());
      case BootLoader.Grub _, BootLoader.SystemdBoot _ -> List.of();
    };
  }

  /// shim's section `.vendor_cert` (shim's cert.S) begins with the sizes of the lists of authorized
  /// and forbidden certificates and where they lie, 4 bytes each, counted from its own start. The
  /// authorized ones are one DER-encoded certificate or EFI signature lists.
  static List<X509Certificate> vendorCertificates(EfiProgram shim) throws IOException {
    Optional<Content> section = shim.image().section(shim.content(), VENDOR_CERTIFICATES);
    if (section.isEmpty()
        || section.get().sizeBytes() < 16
        || section.get().sizeBytes() > MAX_VENDOR_CERTIFICATES_BYTES) {
      return List.of();
    }
    ByteBuffer bytes = ByteBuffer.wrap(section.get().toByteArray());
    ByteReader header = ByteReader.littleEndian(bytes, 0);
    long sizeBytes = header.u32();
    header.skip(4);
    long offsetBytes = header.u32();
    if (offsetBytes + sizeBytes > bytes.capacity()) {
      return List.of();
    }
    ByteBuffer authorized = bytes.slice((int) offsetBytes, (int) sizeBytes);
    boolean isDer = authorized.remaining() > 0 && authorized.get(0) == 0x30;
    return isDer
        ? Signature.certificatesIn(Content.of(authorized).toByteArray())
        : signatureLists(authorized);
  }

  /// EFI_SIGNATURE_LIST (UEFI 2.11, 32.4.1):
  ///
  /// | offset | bytes | what |
  /// |---|---|---|
  /// | 0 | 16 | type of the signatures, a GUID |
  /// | 16 | 4 | size of the list, this header included |
  /// | 20 | 4 | size of a header before the signatures |
  /// | 24 | 4 | size of each signature: its owner's GUID (16) and its data |
  private static List<X509Certificate> signatureLists(ByteBuffer lists) throws FormatException {
    List<X509Certificate> certificates = new ArrayList<>();
    ByteReader reader = ByteReader.littleEndian(lists, 0);
    while (reader.remaining() >= 28) {
      long high = reader.i64();
      boolean isX509 = reader.i64() == X509_LOW && high == X509_HIGH;
      long listBytes = reader.u32();
      long headerBytes = reader.u32();
      long signatureBytes = reader.u32();
      long rest = listBytes - 28;
      if (rest < 0 || rest > reader.remaining() || headerBytes > rest || signatureBytes < 17) {
        return certificates;
      }
      reader.skip((int) headerBytes);
      rest -= headerBytes;
      for (; rest >= signatureBytes; rest -= signatureBytes) {
        reader.skip(16);
        byte[] data = reader.bytes((int) signatureBytes - 16);
        if (isX509) {
          certificates.addAll(Signature.certificatesIn(data));
        }
      }
      reader.skip((int) rest);
    }
    return certificates;
  }
}
