package dev.ironic.agent.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key and a certificate for it, signed by itself, naming the address under which the agent is
 * called. Immutable.
 */
public final class SelfSignedCertificate {

  private static final Duration VALIDITY = Duration.ofDays(30);
  private static final Map<String, String> CURVES =
      Map.of("p256", "secp256r1", "p384", "secp384r1", "p521", "secp521r1");

  private final KeyPair keys;
  private final X509Certificate certificate;

  private SelfSignedCertificate(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * Makes a fresh one.
   *
   * @param curve p256, p384 or p521
   * @param commonName the host's name
   * @param address an IP address, or a host name when the agent is reached by name
   * @param now the time it is made
   * @param skew how far the validity begins before that, for callers whose clock is behind
   * @throws IllegalArgumentException if the curve is another
   */
  public static SelfSignedCertificate create(
      String curve,
      String commonName,
      String address,
      Instant now,
      Duration skew,
      SecureRandom random) {
    String curveName = CURVES.get(curve);
    if (curveName == null) {
      throw new IllegalArgumentException(
          "'" + curve + "' is not a curve for the certificate; use p256, p384 or p521");
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curveName), random);
      KeyPair keys = generator.generateKeyPair();
      Instant from = now.minus(skew);
      byte[] signed =
          Der.sequence(
              Der.explicit(0, Der.integer(BigInteger.TWO)), // X.509 version 3
              Der.integer(new BigInteger(127, random).add(BigInteger.ONE)),
              Der.ECDSA_WITH_SHA512,
              Der.name(commonName),
              Der.sequence(Der.time(from), Der.time(from.plus(VALIDITY))),
              Der.name(commonName),
              keys.getPublic().getEncoded(),
              Der.explicit(3, Der.sequence(alternativeName(address))));
      Signature signature = Signature.getInstance("SHA512withECDSA");
      signature.initSign(keys.getPrivate(), random);
      signature.update(signed);
      byte[] document =
          Der.sequence(signed, Der.ECDSA_WITH_SHA512, Der.bitString(signature.sign()));
      Certificate parsed =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(document));
      return new SelfSignedCertificate(keys, (X509Certificate) parsed);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the certificate could not be made: " + e, e);
    }
  }

  private static byte[] alternativeName(String address) throws IOException {
    boolean literal = address.contains(":") || address.matches("[0-9.]+");
    byte[] name =
        literal
            ? Der.tagged(0x87, InetAddress.getByName(address).getAddress())
            : Der.tagged(0x82, address.getBytes(StandardCharsets.US_ASCII));
    return Der.sequence(
        Der.SUBJECT_ALTERNATIVE_NAME, Der.TRUE, Der.octetString(Der.sequence(name)));
  }

  /** The certificate itself. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The certificate as PEM text, for those who shall trust it. */
  public String pem() {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate could not be encoded", e);
    }
  }

  /** A TLS context that serves with this certificate. */
  public SSLContext serverContext() {
    try {
      char[] password = new char[0]; // the store never leaves the memory
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, password);
      store.setKeyEntry("agent", keys.getPrivate(), password, new Certificate[] {certificate});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("TLS could not be set up: " + e, e);
    }
  }
}
