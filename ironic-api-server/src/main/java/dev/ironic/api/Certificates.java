package dev.ironic.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.util.CertificateUtils;
import nl.altindag.ssl.util.KeyManagerUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
import org.jspecify.annotations.Nullable;

/** Certificates and keys from PEM files. */
final class Certificates {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]+)-----END");

  private Certificates() {}

  /**
   * A context for clients.
   *
   * @param authorities certificates to trust, or null for those of the JDK
   * @param anything whether any certificate is trusted
   * @return null for the JDK's own context
   */
  static @Nullable SSLContext trust(@Nullable Path authorities, boolean anything) {
    if (!anything && authorities == null) {
      return null;
    }
    return context(
        null,
        anything || authorities == null
            ? TrustManagerUtils.createUnsafeTrustManager()
            : trustManager(authorities));
  }

  static SSLContext context(
      @Nullable X509ExtendedKeyManager keys, @Nullable X509ExtendedTrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys == null ? null : new X509ExtendedKeyManager[] {keys},
          trust == null ? null : new TrustManager[] {trust},
          new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK offers no TLS", e);
    }
  }

  /**
   * Trusts what these certificates signed.
   *
   * @throws IllegalArgumentException for a file that holds no certificate
   */
  static X509ExtendedTrustManager trustManager(Path file) {
    try {
      return TrustManagerUtils.createTrustManager(certificates(file));
    } catch (GenericException e) {
      throw useless(file, "certificates", e);
    }
  }

  /**
   * Proves an identity.
   *
   * @param certificates the certificate, and those that signed it
   * @param key its key
   * @throws IllegalArgumentException for files that hold nothing of use
   */
  static X509ExtendedKeyManager keyManager(Path certificates, Path key) {
    try {
      List<X509Certificate> chain = certificates(certificates);
      // Always the same alias: a handshake may begin with one key manager and end with the next.
      return KeyManagerUtils.createKeyManager(
          "server",
          key(key, chain.getFirst().getPublicKey().getAlgorithm()),
          chain.toArray(X509Certificate[]::new));
    } catch (GenericException | GeneralSecurityException | IOException e) {
      throw useless(certificates, "a certificate that goes with the key in " + key, e);
    }
  }

  private static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> found =
        CertificateUtils.loadCertificate(file).stream().map(X509Certificate.class::cast).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no certificate in PEM form");
    }
    return found;
  }

  private static PrivateKey key(Path file, String algorithm)
      throws GeneralSecurityException, IOException {
    Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!pem.find() || !"PRIVATE KEY".equals(pem.group(1))) {
      throw new IllegalArgumentException(
          file
              + " holds no unencrypted PKCS#8 key (BEGIN PRIVATE KEY); make one by: openssl pkcs8"
              + " -topk8 -nocrypt -in OLD -out NEW");
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(pem.group(2));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (InvalidKeySpecException | IllegalArgumentException e) {
      // the cause may quote the key
      throw new IllegalArgumentException(
          file + " holds a key that can't be read, or none of the certificate's kind " + algorithm);
    }
  }

  private static IllegalArgumentException useless(Path file, String what, Exception cause) {
    return new IllegalArgumentException(file + " does not hold " + what + ": " + cause, cause);
  }
}
