package dev.ironic.api;

import dev.ironic.driver.DriverConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
 * @param authStrategy {@code noauth} or {@code http_basic}
 * @param basicAuthFile file with users and their password hashes
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
    String basicAuthFile) {

  private static final long KIB = 1024;

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException for a setting that this server can't honour
   */
  static ServerOptions from(DriverConfig config) {
    if (config.flag("api", "enable_ssl_api", false)) {
      throw new IllegalArgumentException(
          "[api] enable_ssl_api = true is not offered: put a TLS proxy in front of this server and"
              + " set enable_ssl_api = false");
    }
    if (config.text("api", "unix_socket").isPresent()) {
      throw new IllegalArgumentException(
          "[api] unix_socket is not offered: remove it and set host_ip and port");
    }
    return new ServerOptions(
        config.text("api", "host_ip").orElse("0.0.0.0"),
        config.integer("api", "port", 6385),
        endpoint(config.text("api", "public_endpoint")),
        config.flag("oslo_middleware", "enable_proxy_headers_parsing", false),
        config.integer("api", "max_json_body_depth", 25),
        config.integer("api", "max_json_body_size", 1024) * KIB,
        config.integer("api", "max_json_body_size_provision", 65536) * KIB,
        config.integer("api", "max_json_body_size_inspection", 16384) * KIB,
        config.text("DEFAULT", "auth_strategy").orElse("keystone"),
        config.text("DEFAULT", "http_basic_auth_user_file").orElse("/etc/ironic/htpasswd"));
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
