package dev.ironic.driver.generic;

import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

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

  private final X509ExtendedTrustManager jvmDefault;
  private final Map<String, Policy> policies = new LinkedHashMap<>(16, 0.75f, true);

  AgentTrust() {
    try {
      this.jvmDefault = manager(null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JVM's own trust store cannot be read", e);
    }
  }

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
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS cannot be set up", e);
    }
  }

  /** The policy for a certificate file that an agent's heartbeat brought. */
  static Policy pinned(Path file) {
    try {
      return new Policy.Pinned(Set.copyOf(read(file)));
    } catch (IOException | CertificateException e) {
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
          yield new Policy.Authorities(manager(read(Path.of(verifyCa.strip()))));
        } catch (IOException | GeneralSecurityException e) {
          throw DriverException.invalid(
              "agent_verify_ca %s is neither a boolean nor a readable file: %s"
                  .formatted(verifyCa, e.getMessage()));
        }
      }
    };
  }

  private static Collection<? extends Certificate> read(Path file)
      throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static X509ExtendedTrustManager manager(
      @Nullable Collection<? extends Certificate> authorities) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (authorities == null) {
      factory.init((KeyStore) null);
    } else {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      try {
        store.load(null, null);
      } catch (IOException e) {
        throw new GeneralSecurityException("An empty key store cannot be made", e);
      }
      int count = 0;
      for (Certificate authority : authorities) {
        store.setCertificateEntry("ca" + count++, authority);
      }
      factory.init(store);
    }
    for (TrustManager candidate : factory.getTrustManagers()) {
      if (candidate instanceof X509ExtendedTrustManager extended) {
        return extended;
      }
    }
    throw new GeneralSecurityException("There is no X.509 trust manager");
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
