package dev.ironic.api;

import dev.ironic.driver.DriverConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of the HTTP server.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 for any
 * @param publicEndpoint what links begin with, or null to take it from each request
 * @param trustForwarded whether headers of a proxy tell the address that clients use
 * @param maxDepth nesting limit of bodies
 * @param maxBody size limit of bodies in bytes
 * @param maxProvisionBody size limit of provisioning requests in bytes
 * @param maxInspectionBody size limit of inspection data in bytes
 * @param authStrategy {@code keystone}, {@code http_basic} or {@code noauth}
 * @param basicAuthFile file with users and their password hashes
 * @param tls how to speak TLS, or null for plain HTTP
 */
record ServerOptions(
    String host,
    int port,
    @Nullable String publicEndpoint,
    boolean trustForwarded,
    int maxDepth,
    long maxBody,
    long maxProvisionBody,
    long maxInspectionBody,
    String authStrategy,
    String basicAuthFile,
    @Nullable TlsOptions tls) {

  private static final Logger LOG = LoggerFactory.getLogger(ServerOptions.class);
  private static final long KIB = 1024;

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException for a setting that this server can't honour
   */
  static ServerOptions from(DriverConfig config) {
    if (config.text("api", "unix_socket").isPresent()) {
      throw new IllegalArgumentException(
          "[api] unix_socket is not offered: remove it and set host_ip and port");
    }
    String strategy = config.text("DEFAULT", "auth_strategy").orElse("keystone");
    return new ServerOptions(
        host(config, strategy),
        config.integer("api", "port", 6385),
        endpoint(config.text("api", "public_endpoint")),
        config.flag("oslo_middleware", "enable_proxy_headers_parsing", false),
        config.integer("api", "max_json_body_depth", 25),
        config.integer("api", "max_json_body_size", 1024) * KIB,
        config.integer("api", "max_json_body_size_provision", 65536) * KIB,
        config.integer("api", "max_json_body_size_inspection", 16384) * KIB,
        strategy,
        config.text("DEFAULT", "http_basic_auth_user_file").orElse("/etc/ironic/htpasswd"),
        TlsOptions.from(config));
  }

  /**
   * Where to listen. A server that asks nobody for a password serves its own machine only, unless
   * told in so many words.
   */
  private static String host(DriverConfig config, String strategy) {
    String host = config.text("api", "host_ip").orElse("0.0.0.0");
    if (!strategy.equals("noauth")
        || config.flag("api", "noauth_anywhere", false)
        || isLoopback(host)) {
      return host;
    }
    if (host.equals("0.0.0.0") || host.equals("::")) {
      LOG.warn(
          "auth_strategy = noauth: listening on 127.0.0.1 only. [api] noauth_anywhere = true opens"
              + " this service to everybody who reaches {}",
          host);
      return "127.0.0.1";
    }
    throw new IllegalArgumentException(
        "[api] host_ip = "
            + host
            + " with auth_strategy = noauth lets everybody who reaches that address do everything:"
            + " set auth_strategy to keystone or http_basic, host_ip to 127.0.0.1, or [api]"
            + " noauth_anywhere = true");
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static @Nullable String endpoint(Optional<String> text) {
    return text.map(url -> url.replaceAll("/+$", "")).filter(url -> !url.isEmpty()).orElse(null);
  }

  /** The size limit for a path. */
  long limit(String path) {
    String plain = path.endsWith(".json") ? path.substring(0, path.length() - 5) : path;
    if (plain.endsWith("/states/provision")) {
      return maxProvisionBody;
    }
    return plain.endsWith("/continue_inspection") ? maxInspectionBody : maxBody;
  }
}
