package dev.ironic.api;

import dev.ironic.driver.DriverConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the server speaks TLS.
 *
 * @param certificates PEM file with the server's certificate and those that signed it
 * @param key PEM file with its key
 * @param clientAuthorities PEM file with who signs clients' certificates, which are then required;
 *     or null
 * @param protocols versions offered
 * @param ciphers cipher suites offered; empty for the JDK's
 */
record TlsOptions(
    Path certificates,
    Path key,
    @Nullable Path clientAuthorities,
    List<String> protocols,
    List<String> ciphers) {

  /**
   * Reads them.
   *
   * @return null when the server speaks plain HTTP
   * @throws IllegalArgumentException for a setting that can't be honoured
   */
  static @Nullable TlsOptions from(DriverConfig config) {
    if (!config.flag("api", "enable_ssl_api", false)) {
      return null;
    }
    String ciphers =
        text(config, "api", "tls_ciphers").or(() -> text(config, "ssl", "ciphers")).orElse("");
    return new TlsOptions(
        file(config, "cert_file"),
        file(config, "key_file"),
        text(config, "ssl", "ca_file").map(Path::of).orElse(null),
        config.text("api", "tls_minimum_version").orElse("1.3").equals("1.2")
            ? List.of("TLSv1.2", "TLSv1.3")
            : List.of("TLSv1.3"),
        ciphers.isEmpty() ? List.of() : List.of(ciphers.split("[:,]", -1)));
  }

  /** In the group api, or where it stood in older files. */
  private static Path file(DriverConfig config, String option) {
    return text(config, "api", option)
        .or(() -> text(config, "ssl", option))
        .map(Path::of)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "[api] enable_ssl_api = true needs [api] " + option + ": name a PEM file"));
  }

  private static Optional<String> text(DriverConfig config, String group, String option) {
    return config.text(group, option).filter(text -> !text.isEmpty());
  }
}
