package io.github.container2boot.boot;

import io.github.container2boot.bytes.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// Who signed a program, as its Authenticode signature says.
///
/// The signature itself is not verified: the firmware and shim do that, with keys this program does
/// not know. What is said here is what they will look at.
///
/// @param signer whose certificate it is
/// @param issuer who signed that certificate
/// @param certificate the signer's certificate
public record Signature(String signer, String issuer, X509Certificate certificate) {
  /// All signatures of a program whose certificates can be read.
  public static List<Signature> of(PortableExecutable program) throws IOException {
    List<Signature> signatures = new ArrayList<>();
    for (Content signature : program.certificates()) {
      signer(certificatesIn(signature.toByteArray())).map(Signature::of).ifPresent(signatures::add);
    }
    return signatures;
  }

  private static Signature of(X509Certificate certificate) {
    return new Signature(
        commonName(certificate.getSubjectX500Principal()),
        commonName(certificate.getIssuerX500Principal()),
        certificate);
  }

  /// Whether one of `authorities` signed the signer's certificate, or is it.
  public boolean isTrustedBy(Collection<X509Certificate> authorities) {
    return authorities.stream()
        .anyMatch(authority -> authority.equals(certificate) || signed(authority, certificate));
  }

  /// The certificates in a DER-encoded certificate or PKCS #7 SignedData; none if it is neither.
  static List<X509Certificate> certificatesIn(byte[] encoded) {
    try {
      List<X509Certificate> certificates = new ArrayList<>();
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(encoded))) {
        if (certificate instanceof X509Certificate known) {
          certificates.add(known);
        }
      }
      return certificates;
    } catch (CertificateException | RuntimeException unreadable) {
      // The JDK's parser throws several kinds of RuntimeException at bytes that are not DER.
      return List.of();
    }
  }

  /// The one that issued none of the others.
  private static Optional<X509Certificate> signer(List<X509Certificate> certificates) {
    Set<X500Principal> issuers = new HashSet<>();
    for (X509Certificate certificate : certificates) {
      if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
        issuers.add(certificate.getIssuerX500Principal());
      }
    }
    return certificates.stream()
        .filter(certificate -> !issuers.contains(certificate.getSubjectX500Principal()))
        .findFirst();
  }

  private static boolean signed(X509Certificate authority, X509Certificate certificate) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException | RuntimeException notThisOne) {
      return false;
    }
  }

  private static String commonName(X500Principal principal) {
    try {
      for (Rdn part : new LdapName(principal.getName(X500Principal.RFC2253)).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return ShellText.withoutControls(part.getValue().toString());
        }
      }
    } catch (InvalidNameException unusual) {
      return ShellText.withoutControls(principal.getName());
    }
    return ShellText.withoutControls(principal.getName());
  }
}
