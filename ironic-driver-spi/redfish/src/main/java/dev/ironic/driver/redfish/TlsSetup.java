package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.util.CertificateUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
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
      return switch (verifyCa) {
        case RedfishDriverInfo.VerifyCa.Default() -> SSLContext.getDefault();
        case RedfishDriverInfo.VerifyCa.Off() ->
            trusting(TrustManagerUtils.createUnsafeTrustManager());
        case RedfishDriverInfo.VerifyCa.Trusted(Path path) -> trusting(authorities(path));
      };
    } catch (GenericException | GeneralSecurityException | IOException e) {
      throw DriverException.invalid(
          "Cannot set up TLS with redfish_verify_ca %s: %s".formatted(verifyCa, e.getMessage()));
    }
  }

  private static SSLContext trusting(X509ExtendedTrustManager trust) {
    return SSLFactory.builder().withTrustMaterial(trust).build().getSslContext();
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

  private static X509ExtendedTrustManager authorities(Path path) throws IOException {
    List<X509Certificate> found =
        CertificateUtils.loadCertificate(files(path).toArray(Path[]::new)).stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (found.isEmpty()) {
      throw new IOException("there is no certificate in " + path);
    }
    return TrustManagerUtils.createTrustManager(found);
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> inside = Files.list(path)) {
      return inside.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
