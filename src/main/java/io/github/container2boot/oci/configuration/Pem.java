package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A text of labelled blocks of base64 (RFC 7468), as certificates and keys are kept.
final class Pem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";
  private static final String CERTIFICATE = "CERTIFICATE";

  private Pem() {}

  /// One block.
  ///
  /// @param label what it holds
  /// @param body base64, in lines; the old form has headers before it
  record Block(String label, String body) {
    boolean hasHeaders() {
      return body.contains(":");
    }

    /// @throws IllegalArgumentException if it is no base64
    byte[] bytes() {
      return Base64.getMimeDecoder().decode(body);
    }
  }

  /// The blocks; whatever is between them is a comment.
  static List<Block> blocks(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    List<Block> blocks = new ArrayList<>();
    int begin = text.indexOf(BEGIN);
    while (begin >= 0) {
      int endOfLabel = text.indexOf(DASHES, begin + BEGIN.length());
      if (endOfLabel < 0) {
        break;
      }
      String label = text.substring(begin + BEGIN.length(), endOfLabel);
      int end = text.indexOf("-----END " + label + DASHES, endOfLabel);
      if (end < 0) {
        break;
      }
      blocks.add(new Block(label, text.substring(endOfLabel + DASHES.length(), end)));
      begin = text.indexOf(BEGIN, end);
    }
    return blocks;
  }

  /// The certificates in a file, of which there has to be one.
  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(require(file))) {
      if (block.label.equals(CERTIFICATE)) {
        certificates.add(
            certificate(block)
                .orElseThrow(() -> malformed(file, "a certificate in it is damaged")));
      }
    }
    if (certificates.isEmpty()) {
      throw malformed(file, "expected certificates, -----BEGIN CERTIFICATE-----");
    }
    return certificates;
  }

  /// The certificates in a file, those left out that Java does not understand, as Go does with the
  /// machine's.
  static List<X509Certificate> understoodCertificates(Path file) throws IOException {
    return ConfigurationFile.read(file).map(Pem::blocks).orElse(List.of()).stream()
        .filter(block -> block.label.equals(CERTIFICATE))
        .flatMap(block -> certificate(block).stream())
        .toList();
  }

  private static Optional<X509Certificate> certificate(Block block) {
    try {
      return Optional.of(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(block.bytes())));
    } catch (CertificateException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// The bytes of a file that was named, or that a directory has listed.
  static byte[] require(Path file) throws IOException {
    return ConfigurationFile.read(file)
        .orElseThrow(() -> new IOException(ConfigurationFile.shown(file) + ": no such file"));
  }

  static FormatException malformed(Path file, String problem) {
    return FormatException.malformed(ConfigurationFile.shown(file) + ": " + problem);
  }
}
