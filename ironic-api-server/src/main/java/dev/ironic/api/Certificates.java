package dev.ironic.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
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
        null, anything || authorities == null ? new TrustingManager() : trustManager(authorities));
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
      KeyStore store = empty();
      int number = 0;
      for (X509Certificate certificate : certificates(file)) {
        store.setCertificateEntry("ca" + number++, certificate);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return found;
        }
      }
      throw new IllegalStateException("This JDK offers no trust manager");
    } catch (GeneralSecurityException | IOException e) {
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
      KeyStore store = empty();
      store.setKeyEntry(
          "server",
          key(key, chain.getFirst().getPublicKey().getAlgorithm()),
          new char[0],
          chain.toArray(X509Certificate[]::new));
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      for (var manager : factory.getKeyManagers()) {
        if (manager instanceof X509ExtendedKeyManager found) {
          return found;
        }
      }
      throw new IllegalStateException("This JDK offers no key manager");
    } catch (GeneralSecurityException | IOException e) {
      throw useless(certificates, "a certificate that goes with the key in " + key, e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<X509Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    var found = new ArrayList<X509Certificate>();
    var in = new ByteArrayInputStream(Files.readAllBytes(file));
    for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
      found.add((X509Certificate) certificate);
    }
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

  /** Trusts everybody; being an extended manager it also stands in for the check of host names. */
  private static final class TrustingManager extends X509ExtendedTrustManager {

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
