package dev.ironic.driver.tck;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The self-signed certificates of the kit's fake services. Their keys are public, in this jar: they
 * protect nothing.
 */
public enum TestCertificates {
  /** For 127.0.0.1 and localhost. */
  BMC("bmc.p12"),
  /** For an address that nothing here has, as agents behind a NAT have it. */
  AGENT("agent.p12");

  private static final char[] STORE_PASSWORD = "test-only".toCharArray();

  private final String resource;

  TestCertificates(String resource) {
    this.resource = resource;
  }

  /** The certificate in PEM. */
  public String pem() {
    try {
      byte[] der = store().getCertificate("test").getEncoded();
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot read " + resource, e);
    }
  }

  /** What a server needs to show the certificate. */
  public SSLContext serverContext() {
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store(), STORE_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot use " + resource, e);
    }
  }

  private KeyStore store() {
    try (InputStream in = TestCertificates.class.getResourceAsStream(resource)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, STORE_PASSWORD);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot read " + resource, e);
    }
  }
}
