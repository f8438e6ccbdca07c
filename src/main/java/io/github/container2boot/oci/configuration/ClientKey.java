package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/// What a server is shown that asks for a client certificate.
///
/// @param chain the certificate, then those of its issuers
/// @param key the certificate's
record ClientKey(List<X509Certificate> chain, PrivateKey key) {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  static ClientKey read(Path certificate, Path key) throws IOException {
    List<X509Certificate> chain = Pem.certificates(certificate);
    PublicKey counterpart = chain.getFirst().getPublicKey();
    PrivateKey read = privateKey(key, counterpart);
    if (!areAPair(read, counterpart)) {
      throw Pem.malformed(
          key, "it is not the key of the certificate in " + ConfigurationFile.shown(certificate));
    }
    return new ClientKey(List.copyOf(chain), read);
  }

  /// Everything about the key but itself is in the certificate.
  private static PrivateKey privateKey(Path file, PublicKey counterpart) throws IOException {
    try {
      return KeyFactory.getInstance(counterpart.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8(file, counterpart)));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      // Their messages may quote the key.
      throw Pem.malformed(
          file,
          "expected a private key for " + counterpart.getAlgorithm() + ", as its certificate");
    }
  }

  private static byte[] pkcs8(Path file, PublicKey counterpart) throws IOException {
    for (Pem.Block block : Pem.blocks(Pem.require(file))) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return block.bytes();
        }
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
          return wrapped(file, block, counterpart);
        }
        case "ENCRYPTED PRIVATE KEY" -> throw encrypted(file);
        default -> {
          // Parameters of the key, which the certificate has too, or its certificate.
        }
      }
    }
    throw Pem.malformed(file, "expected a private key, -----BEGIN PRIVATE KEY-----");
  }

  /// The older forms hold the key alone (PKCS #1, SEC 1): what PKCS #8 says around it (RFC 5208,
  /// section 5) is a version, the algorithm and its parameters, which the certificate has in the
  /// same form.
  private static byte[] wrapped(Path file, Pem.Block block, PublicKey counterpart)
      throws FormatException {
    if (block.hasHeaders()) {
      throw encrypted(file);
    }
    byte[] key = element(OCTET_STRING, block.bytes());
    return element(SEQUENCE, VERSION_0, algorithm(counterpart.getEncoded()), key);
  }

  private static FormatException encrypted(Path file) {
    return FormatException.unsupported(
        "%s: the key is encrypted; openssl pkey -in %1$s writes it without a password"
            .formatted(ConfigurationFile.shown(file)));
  }

  /// The first element of a SubjectPublicKeyInfo (RFC 5280, section 4.1).
  private static byte[] algorithm(byte[] subjectPublicKeyInfo) {
    int start = 1 + sizeOfLength(subjectPublicKeyInfo, 1);
    int header = 1 + sizeOfLength(subjectPublicKeyInfo, start + 1);
    return Arrays.copyOfRange(
        subjectPublicKeyInfo, start, start + header + length(subjectPublicKeyInfo, start + 1));
  }

  private static int sizeOfLength(byte[] der, int offset) {
    return der[offset] >= 0 ? 1 : 1 + (der[offset] & 0x7f);
  }

  private static int length(byte[] der, int offset) {
    if (der[offset] >= 0) {
      return der[offset];
    }
    int length = 0;
    for (int i = 1; i < sizeOfLength(der, offset); i++) {
      length = (length << 8) | (der[offset + i] & 0xff);
    }
    return length;
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    writeLength(element, content.size());
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }

  /// In as few bytes as will do (X.690, section 10.1).
  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    out.write(0x80 | bytes);
    for (int i = bytes - 1; i >= 0; i--) {
      out.write(length >>> (8 * i));
    }
  }

  private static boolean areAPair(PrivateKey key, PublicKey counterpart) {
    try {
      Signature signature = Signature.getInstance(signatureOf(counterpart));
      signature.initSign(key);
      signature.update(VERSION_0);
      byte[] signed = signature.sign();
      signature.initVerify(counterpart);
      signature.update(VERSION_0);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static String signatureOf(PublicKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }

  @Override
  public String toString() {
    return "the key of " + chain.getFirst().getSubjectX500Principal();
  }
}
