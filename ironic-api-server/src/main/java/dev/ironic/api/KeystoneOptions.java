package dev.ironic.api;

import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are checked: the group {@code [keystone_authtoken]}.
 *
 * @param endpoint address of the identity service, without a version or a slash at the end
 * @param challenge address that clients without a token are sent to
 * @param user this service's own user
 * @param password its password
 * @param scope what its own tokens are for
 * @param caFile certificates to trust, or null for the JDK's
 * @param insecure whether any certificate is trusted
 * @param cacheTime how long an answer is used again; zero for never
 * @param serviceRoles roles that make a service's token count
 * @param serviceRolesRequired whether a service's token without them is refused
 * @param connectTimeout longest time to connect
 * @param retries how often a failed call is tried again
 */
record KeystoneOptions(
    String endpoint,
    String challenge,
    Name user,
    Secret password,
    Scope scope,
    @Nullable Path caFile,
    boolean insecure,
    Duration cacheTime,
    Set<String> serviceRoles,
    boolean serviceRolesRequired,
    Duration connectTimeout,
    int retries) {

  /**
   * Something that has an identifier, or a name within a domain.
   *
   * @param id identifier, or null
   * @param name name, or null
   * @param domainId domain's identifier, or null
   * @param domainName domain's name, or null
   */
  record Name(
      @Nullable String id,
      @Nullable String name,
      @Nullable String domainId,
      @Nullable String domainName) {}

  /** What a token is for. */
  sealed interface Scope {

    /** A project. */
    record Project(Name name) implements Scope {}

    /** The whole system. */
    record Everything() implements Scope {}
  }

  private static final String GROUP = "keystone_authtoken";

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException for what is missing or can't be honoured
   */
  static KeystoneOptions from(DriverConfig config) {
    String type = config.text(GROUP, "auth_type").orElse("password");
    if (!type.equals("password") && !type.equals("v3password")) {
      throw new IllegalArgumentException(
          "[keystone_authtoken] auth_type = " + type + " is not offered: set it to password");
    }
    if (config.flag(GROUP, "delay_auth_decision", false)) {
      throw new IllegalArgumentException(
          "[keystone_authtoken] delay_auth_decision = true is not offered: remove it; requests"
              + " without a valid token are refused");
    }
    String url = url("auth_url", required(config, "auth_url"));
    String everything = config.text(GROUP, "system_scope").orElse("");
    return new KeystoneOptions(
        url.replaceAll("/v3$", ""),
        config
            .text(GROUP, "www_authenticate_uri")
            .map(text -> url("www_authenticate_uri", text))
            .orElse(url),
        name(config, "user_id", "username", "user"),
        Secret.of(required(config, "password")),
        everything.equals("all")
            ? new Scope.Everything()
            : new Scope.Project(name(config, "project_id", "project_name", "project")),
        config.text(GROUP, "cafile").filter(text -> !text.isEmpty()).map(Path::of).orElse(null),
        config.flag(GROUP, "insecure", false),
        Duration.ofSeconds(Math.max(0, config.integer(GROUP, "token_cache_time", 300))),
        config.list(GROUP, "service_token_roles", List.of("service")).stream()
            .map(role -> role.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()),
        config.flag(GROUP, "service_token_roles_required", false),
        Duration.ofSeconds(config.integer(GROUP, "http_connect_timeout", 10)),
        config.integer(GROUP, "http_request_max_retries", 3));
  }

  private static Name name(DriverConfig config, String id, String name, String what) {
    @Nullable String byId = config.text(GROUP, id).orElse(null);
    return new Name(
        byId,
        byId == null ? required(config, name) : null,
        config.text(GROUP, what + "_domain_id").orElse(null),
        config.text(GROUP, what + "_domain_name").orElse("Default"));
  }

  private static String required(DriverConfig config, String option) {
    return config
        .text(GROUP, option)
        .filter(text -> !text.isEmpty())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "[keystone_authtoken] "
                        + option
                        + " is missing: auth_strategy = keystone needs it; set it, or choose"
                        + " http_basic or noauth"));
  }

  private static String url(String option, String text) {
    String stripped = text.replaceAll("/+$", "");
    try {
      URI uri = URI.create(stripped);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return stripped;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "[keystone_authtoken] " + option + " = " + text + " is no http or https URL with a host");
  }
}
