package dev.ironic.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Which TLS servers the agent believes. Immutable. */
public final class Trust {

  private final @Nullable SSLSocketFactory sockets;
  private final boolean anyName;

  private Trust(@Nullable SSLSocketFactory sockets, boolean anyName) {
    this.sockets = sockets;
    this.anyName = anyName;
  }

  /** Believes the authorities the JDK comes with. */
  public static Trust system() {
    return new Trust(null, false);
  }

  /** Believes everybody: only what the operator asked for with the "insecure" parameter. */
  public static Trust anybody() {
    return new Trust(factory(new TrustManager[] {new Credulous()}), true);
  }

  /**
   * Believes only the authorities in a PEM file.
   *
   * @throws IOException if the file can't be read or holds no certificate
   */
  public static Trust authorities(Path pemFile) throws IOException {
    try (InputStream in = Files.newInputStream(pemFile)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int count = 0;
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + count++, authority);
      }
      if (count == 0) {
        throw new IOException(pemFile + " holds no certificate");
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      return new Trust(factory(managers.getTrustManagers()), false);
    } catch (GeneralSecurityException e) {
      throw new IOException("the authorities in " + pemFile + " can't be used: " + e, e);
    }
  }

  void applyTo(HttpsURLConnection connection) {
    if (sockets != null) {
      connection.setSSLSocketFactory(sockets);
    }
    if (anyName) {
      connection.setHostnameVerifier((name, session) -> true);
    }
  }

  private static SSLSocketFactory factory(TrustManager[] managers) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS could not be set up: " + e, e);
    }
  }

  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
