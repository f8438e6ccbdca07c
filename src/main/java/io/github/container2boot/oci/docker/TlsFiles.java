package io.github.container2boot.oci.docker;

import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// The files by which docker and its client know each other: `ca.pem`, `cert.pem` and `key.pem`,
/// each if it is there.
final class TlsFiles {
  private static final int MAX_BYTES = 1 << 20;
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /// `version 0, algorithm rsaEncryption` in DER, as PKCS #8 has it before the key of PKCS #1.
  private static final byte[] RSA_PREFIX = {
    2,
    1,
    0,
    0x30,
    0x0d,
    6,
    9,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    1,
    1,
    1,
    5,
    0
  };

  private TlsFiles() {}

  /// @param verify whether docker must prove who it is
  static SSLContext context(Path directory, boolean verify) throws IOException {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(ownKey(directory), new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust(directory, verify), null);
      return context;
    } catch (GeneralSecurityException problem) {
      FormatException wrong =
          FormatException.unsupported(
              "%s: certificates cannot be used: %s".formatted(directory, problem.getMessage()));
      wrong.initCause(problem);
      throw wrong;
    }
  }

  private static KeyStore ownKey(Path directory) throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    if (Files.exists(certificate) && Files.exists(key)) {
      Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
      store.setKeyEntry("docker", privateKey(key), new char[0], chain);
    }
    return store;
  }

  private static TrustManager[] trust(Path directory, boolean verify)
      throws IOException, GeneralSecurityException {
    if (!verify) {
      return new TrustManager[] {new TrustingAnybody()};
    }
    Path authorities = directory.resolve("ca.pem");
    KeyStore store = null;
    if (Files.exists(authorities)) {
      store = emptyStore();
      for (Certificate certificate : certificates(authorities)) {
        store.setCertificateEntry("ca" + store.size(), certificate);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream stream = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(stream);
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    String text;
    try (InputStream stream = Files.newInputStream(file)) {
      text = new String(stream.readNBytes(MAX_BYTES), java.nio.charset.StandardCharsets.US_ASCII);
    }
    Matcher key = KEY.matcher(text);
    if (!key.find()) {
      throw unsupported(file);
    }
    byte[] encoded = Base64.getMimeDecoder().decode(key.group(2));
    byte[] pkcs8 = key.group(1).startsWith("RSA") ? pkcs8(encoded) : encoded;
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException another) {
        // The next one may fit.
      }
    }
    throw unsupported(file);
  }

  private static FormatException unsupported(Path file) {
    return FormatException.unsupported(
        "%s: expected a private key in PKCS #8, without a password; convert it with openssl pkcs8 -topk8 -nocrypt"
            .formatted(file));
  }

  private static byte[] pkcs8(byte[] pkcs1) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(RSA_PREFIX);
    element(content, 4, pkcs1);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    element(whole, 0x30, content.toByteArray());
    return whole.toByteArray();
  }

  /// A DER element, its length in two bytes: a key has more than 255 and less than 64 Ki.
  private static void element(ByteArrayOutputStream target, int tag, byte[] content) {
    target.write(tag);
    target.write(0x82);
    target.write(content.length >> 8);
    target.write(content.length);
    target.writeBytes(content);
  }

  /// What a context with SkipTLSVerify asks for.
  private static final class TrustingAnybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
