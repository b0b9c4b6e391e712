package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is set up towards BMCs that are checked alike.
 *
 * @param verifyCa how certificates are checked
 * @param minimumVersion such as {@code 1.2}, or null for what the JVM allows
 */
record TlsSetup(RedfishDriverInfo.VerifyCa verifyCa, @Nullable String minimumVersion) {

  private static final List<String> VERSIONS = List.of("1.1", "1.2", "1.3");

  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null,
          switch (verifyCa) {
            case RedfishDriverInfo.VerifyCa.Default() -> null;
            case RedfishDriverInfo.VerifyCa.Off() -> new TrustManager[] {new TrustAll()};
            case RedfishDriverInfo.VerifyCa.Trusted(Path path) -> trusting(path);
          },
          null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw DriverException.invalid(
          "Cannot set up TLS with redfish_verify_ca %s: %s".formatted(verifyCa, e.getMessage()));
    }
  }

  SSLParameters parameters() {
    var parameters = new SSLParameters();
    if (minimumVersion != null) {
      parameters.setProtocols(
          VERSIONS.subList(VERSIONS.indexOf(minimumVersion), VERSIONS.size()).stream()
              .map(version -> "TLSv" + version)
              .toArray(String[]::new));
    }
    return parameters;
  }

  private static TrustManager[] trusting(Path path) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (Path file : files(path)) {
      for (Certificate certificate : certificates(file)) {
        store.setCertificateEntry("ca" + count++, certificate);
      }
    }
    if (count == 0) {
      throw new IOException("there is no certificate in " + path);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> inside = Files.list(path)) {
      return inside.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
  }

  /** Trusts any certificate for any name, as the operator asked. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
