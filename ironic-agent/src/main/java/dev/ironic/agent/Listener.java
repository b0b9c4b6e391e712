package dev.ironic.agent;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.ironic.agent.command.CommandServer;
import dev.ironic.agent.ironic.NodeContext;
import dev.ironic.agent.tls.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** The HTTP or HTTPS server of an agent. Thread-safe. */
final class Listener implements AutoCloseable {

  /** Answers under way get this long when the server closes. */
  private static final int GRACE_SECONDS = 1;

  /** TLS 1.2 suites that go with the certificate's key, under the names operators write. */
  private static final Map<String, String> SUITES =
      Map.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final List<String> TLS_1_3_SUITES =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

  private final HttpServer server;
  private final ExecutorService threads;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Listener(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  static Listener start(
      AgentOptions options,
      NodeContext node,
      @Nullable SelfSignedCertificate certificate,
      CommandServer commands)
      throws IOException {
    InetSocketAddress address =
        options.listenHost() == null
            ? new InetSocketAddress(options.listenPort())
            : new InetSocketAddress(options.listenHost(), options.listenPort());
    HttpServer server;
    try {
      server =
          certificate == null
              ? HttpServer.create(address, 0)
              : secure(HttpsServer.create(address, 0), options, node, certificate);
    } catch (IOException e) {
      throw new IOException(
          "the agent can't listen on %s: %s; change ipa-listen-host or ipa-listen-port"
              .formatted(address, e.getMessage()),
          e);
    }
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    commands.attachTo(server);
    server.start();
    return new Listener(server, threads);
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      server.stop(GRACE_SECONDS);
      threads.shutdownNow();
    }
  }

  private static HttpsServer secure(
      HttpsServer server,
      AgentOptions options,
      NodeContext node,
      SelfSignedCertificate certificate) {
    // What the conductor asks for at lookup wins over the kernel parameters.
    String least = first(node.tlsMinVersion(), options.tls().minVersion());
    boolean old = least != null && least.contains("1.2");
    String[] protocols = old ? new String[] {"TLSv1.3", "TLSv1.2"} : new String[] {"TLSv1.3"};
    String suites = first(node.tlsCipherSuites(), options.tls().cipherSuites());
    String[] chosen = old && suites != null ? suites(suites) : null;
    server.setHttpsConfigurator(
        new HttpsConfigurator(certificate.serverContext()) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
            ssl.setProtocols(protocols);
            if (chosen != null) {
              ssl.setCipherSuites(chosen);
            }
            parameters.setSSLParameters(ssl);
          }
        });
    return server;
  }

  private static String[] suites(String list) {
    List<String> chosen = new ArrayList<>(TLS_1_3_SUITES);
    for (String name : list.split("[:,\\s]+", -1)) {
      String suite = SUITES.get(name.toUpperCase(Locale.ROOT));
      if (suite != null) {
        chosen.add(suite);
      }
    }
    if (chosen.size() == TLS_1_3_SUITES.size()) {
      throw new IllegalArgumentException(
          "none of the TLS cipher suites %s fits the agent's EC key; known are %s"
              .formatted(list, SUITES.keySet()));
    }
    return chosen.toArray(new String[0]);
  }

  private static @Nullable String first(@Nullable String a, @Nullable String b) {
    return a == null || a.isBlank() ? b : a;
  }
}
