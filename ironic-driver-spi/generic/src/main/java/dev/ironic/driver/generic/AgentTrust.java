package dev.ironic.driver.generic;

import dev.ironic.driver.DriverException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.util.CertificateUtils;
import nl.altindag.ssl.util.TrustManagerUtils;

/**
 * Decides by host and port whom to trust, so that one HTTP client can serve all nodes though each
 * agent shows a certificate of its own. An agent whose certificate came with its heartbeat is
 * trusted with exactly that one, whatever name it bears, since agents have no names; everybody else
 * has to show a proper certificate. Thread-safe.
 */
final class AgentTrust extends X509ExtendedTrustManager {

  private static final int REMEMBERED = 10_000;

  /** Whom to trust at one place. */
  sealed interface Policy {
    /** Exactly the certificates in a file. */
    record Pinned(Set<Certificate> certificates) implements Policy {}

    /** Anybody; the operator wants it so. */
    record Anybody() implements Policy {}

    /** Who shows a certificate that these authorities vouch for. */
    record Authorities(X509ExtendedTrustManager manager) implements Policy {}
  }

  private final X509ExtendedTrustManager jvmDefault =
      TrustManagerUtils.createTrustManagerWithJdkTrustedCertificates();
  private final Map<String, Policy> policies = new LinkedHashMap<>(16, 0.75f, true);

  /** Says whom to trust at a place from now on. */
  void expect(String host, int port, Policy policy) {
    synchronized (policies) {
      policies.put(host + ":" + port, policy);
      if (policies.size() > REMEMBERED) {
        policies.remove(policies.keySet().iterator().next());
      }
    }
  }

  /** A context that decides this way. */
  SSLContext context() {
    return SSLFactory.builder().withTrustMaterial(this).build().getSslContext();
  }

  /** The policy for a certificate file that an agent's heartbeat brought. */
  static Policy pinned(Path file) {
    try {
      return new Policy.Pinned(Set.copyOf(certificates(file)));
    } catch (GenericException e) {
      throw DriverException.unreachable(
          "The agent's certificate %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** The policy for {@code true}, {@code false} or a path. */
  Policy configured(String verifyCa) {
    return switch (verifyCa.strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> new Policy.Authorities(jvmDefault);
      case "false", "no", "off", "0" -> new Policy.Anybody();
      default -> {
        try {
          yield new Policy.Authorities(authorities(Path.of(verifyCa.strip())));
        } catch (GenericException e) {
          throw DriverException.invalid(
              "agent_verify_ca %s is neither a boolean nor a readable file: %s"
                  .formatted(verifyCa, e.getMessage()));
        }
      }
    };
  }

  private static X509ExtendedTrustManager authorities(Path file) {
    return TrustManagerUtils.createTrustManager(certificates(file));
  }

  private static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> found =
        CertificateUtils.loadCertificate(file).stream().map(X509Certificate.class::cast).toList();
    if (found.isEmpty()) {
      throw new GenericException("it holds no certificate");
    }
    return found;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    String place = engine.getPeerHost() + ":" + engine.getPeerPort();
    Policy policy;
    synchronized (policies) {
      policy = policies.get(place);
    }
    switch (policy) {
      case Policy.Pinned(Set<Certificate> certificates) -> {
        if (!certificates.contains(chain[0])) {
          throw new CertificateException(
              "%s shows another certificate than the agent announced in its heartbeat"
                  .formatted(place));
        }
      }
      case Policy.Anybody() -> {}
      case Policy.Authorities(X509ExtendedTrustManager manager) ->
          manager.checkServerTrusted(chain, type, engine);
      case null -> throw new CertificateException("Nobody is expected at " + place);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("Only connections of the agent client are decided here");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("Only connections of the agent client are decided here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("There are no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("There are no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("There are no clients here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
