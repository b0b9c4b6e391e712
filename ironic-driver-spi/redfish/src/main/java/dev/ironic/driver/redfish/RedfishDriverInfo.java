package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a node's BMC, as its {@code driver_info} and the configuration say.
 *
 * @param address scheme, host and port, without a path
 * @param rootPrefix the path of the service root
 * @param systemId the path of the system, or null to take the only one
 * @param username or null
 * @param password or null
 * @param verifyCa how the BMC's certificate is checked
 * @param authType {@code auto}, {@code session} or {@code basic}
 * @param tlsMinimumVersion such as {@code 1.2}, or null
 */
record RedfishDriverInfo(
    String address,
    String rootPrefix,
    @Nullable String systemId,
    @Nullable String username,
    @Nullable Secret password,
    VerifyCa verifyCa,
    String authType,
    @Nullable String tlsMinimumVersion) {

  static final String DEFAULT_ROOT = "/redfish/v1/";

  /** What is understood, for the operator. */
  static final Map<String, String> PROPERTIES =
      Map.of(
          "redfish_address",
          "The URL of the Redfish service; https:// is assumed where the scheme is missing, and a"
              + " path becomes that of the service root. Required.",
          "redfish_system_id",
          "The path of the system, such as /redfish/v1/Systems/1. Required only if the service"
              + " manages more than one.",
          "redfish_username",
          "The user to log in as. Optional.",
          "redfish_password",
          "The user's password. Optional.",
          "redfish_verify_ca",
          "true to check the service's certificate, false not to, or the path of a file or folder"
              + " with certificates to trust. Optional; default true.",
          "redfish_auth_type",
          "How to log in: basic, session or auto. Optional; default [redfish]auth_type.",
          "redfish_tls_minimum_version",
          "The lowest TLS version to accept: 1.1, 1.2 or 1.3. Optional.");

  private static final Pattern AUTHORITY = Pattern.compile("(\\[[^]]*]|[^:]*)(?::(\\d*))?");
  private static final Set<String> YES = Set.of("true", "t", "yes", "y", "on", "1");
  private static final Set<String> NO = Set.of("false", "f", "no", "n", "off", "0");
  private static final List<String> AUTH_TYPES = List.of("basic", "session", "auto");
  private static final List<String> TLS_VERSIONS = List.of("1.1", "1.2", "1.3");

  /** How a certificate is checked. */
  sealed interface VerifyCa {
    /** With the authorities that the JVM trusts. */
    record Default() implements VerifyCa {}

    /** Not at all. */
    record Off() implements VerifyCa {}

    /** With the certificates in a file or folder. */
    record Trusted(Path path) implements VerifyCa {}
  }

  /**
   * Reads the settings, without network access.
   *
   * @throws DriverException naming what is missing or wrong
   */
  static RedfishDriverInfo parse(Map<String, @Nullable Object> driverInfo, RedfishOptions options) {
    Object given = driverInfo.get("redfish_address");
    if (given == null || given.equals("")) {
      throw DriverException.missing(
          "Missing redfish_address in driver_info: the URL of the Redfish service");
    }
    if (!(given instanceof String address)) {
      throw DriverException.invalid(
          "Invalid redfish_address in driver_info: '%s' is not a text".formatted(given));
    }
    Endpoint endpoint = endpoint(address);
    return new RedfishDriverInfo(
        endpoint.address(),
        endpoint.path(),
        systemId(driverInfo.get("redfish_system_id")),
        text(driverInfo, "redfish_username"),
        secret(text(driverInfo, "redfish_password")),
        verifyCa(driverInfo.get("redfish_verify_ca"), options.verifyCa()),
        choice(driverInfo, "redfish_auth_type", AUTH_TYPES, options.authType()),
        tlsVersion(driverInfo, options.tlsMinimumVersion()));
  }

  private static @Nullable Secret secret(@Nullable String text) {
    return text == null ? null : Secret.of(text);
  }

  private record Endpoint(String address, String path) {}

  private static Endpoint endpoint(String address) {
    String text = address.strip();
    String scheme = "https";
    int at = text.indexOf("://");
    if (at > 0) {
      scheme = text.substring(0, at).toLowerCase(Locale.ROOT);
      text = text.substring(at + 3);
    }
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw wrongAddress(address, "the scheme must be http or https");
    }
    int slash = text.indexOf('/');
    String authority = slash < 0 ? text : text.substring(0, slash);
    String path = slash < 0 ? "" : text.substring(slash);
    if (authority.chars().filter(c -> c == ':').count() > 1 && !authority.startsWith("[")) {
      authority = "[" + authority + "]";
    }
    Matcher matcher = AUTHORITY.matcher(authority);
    if (!matcher.matches() || matcher.group(1).isEmpty()) {
      throw wrongAddress(address, "it names no host");
    }
    URI uri;
    try {
      uri = URI.create(scheme + "://" + authority);
    } catch (IllegalArgumentException e) {
      throw wrongAddress(address, "it is not a URL");
    }
    if (uri.getHost() == null || uri.getUserInfo() != null) {
      throw wrongAddress(address, "it must be scheme://host[:port][/path] without credentials");
    }
    return new Endpoint(uri.toString(), path.isEmpty() || path.equals("/") ? DEFAULT_ROOT : path);
  }

  private static DriverException wrongAddress(String address, String why) {
    return DriverException.invalid(
        "Invalid redfish_address '%s' in driver_info: %s"
            .formatted(address.replaceAll("//[^/@]*@", "//******@"), why));
  }

  private static @Nullable String systemId(@Nullable Object given) {
    if (given == null || given.equals("")) {
      return null;
    }
    if (!(given instanceof String text)) {
      throw DriverException.invalid(
          "Invalid redfish_system_id in driver_info: '%s' is not a text".formatted(given));
    }
    var quoted = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      if ((c < 128 && Character.isLetterOrDigit(c)) || "/_.-~".indexOf(c) >= 0) {
        quoted.append(c);
      } else {
        quoted.append('%').append("%02X".formatted((int) c));
      }
    }
    return quoted.toString();
  }

  private static VerifyCa verifyCa(@Nullable Object given, @Nullable String configured) {
    Object value = given == null ? true : given;
    if (value instanceof String text && YES.contains(text.strip().toLowerCase(Locale.ROOT))) {
      value = true;
    }
    if (value.equals(true)) {
      if (configured == null) {
        return new VerifyCa.Default();
      }
      value = configured;
    }
    return switch (value) {
      case Boolean flag -> flag ? new VerifyCa.Default() : new VerifyCa.Off();
      case String text -> {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (YES.contains(lower)) {
          yield new VerifyCa.Default();
        }
        if (NO.contains(lower)) {
          yield new VerifyCa.Off();
        }
        Path path = Path.of(text);
        if (!Files.exists(path)) {
          throw DriverException.invalid(
              "Invalid redfish_verify_ca '%s': neither a boolean nor an existing file or folder"
                  .formatted(text));
        }
        yield new VerifyCa.Trusted(path);
      }
      default ->
          throw DriverException.invalid(
              "Invalid redfish_verify_ca '%s' in driver_info: it must be true, false or a path"
                  .formatted(value));
    };
  }

  private static @Nullable String text(Map<String, @Nullable Object> driverInfo, String key) {
    Object value = driverInfo.get(key);
    return value == null || value.equals("") ? null : value.toString();
  }

  private static String choice(
      Map<String, @Nullable Object> driverInfo,
      String key,
      List<String> choices,
      String otherwise) {
    String given = text(driverInfo, key);
    if (given == null) {
      return otherwise;
    }
    if (!choices.contains(given)) {
      throw DriverException.invalid(
          "Invalid %s '%s' in driver_info: it must be one of %s".formatted(key, given, choices));
    }
    return given;
  }

  private static @Nullable String tlsVersion(
      Map<String, @Nullable Object> driverInfo, @Nullable String configured) {
    if (text(driverInfo, "redfish_tls_ciphers") != null) {
      throw DriverException.invalid(
          "redfish_tls_ciphers in driver_info is not supported; use redfish_tls_minimum_version");
    }
    if (text(driverInfo, "redfish_tls_minimum_version") == null) {
      return configured;
    }
    return choice(driverInfo, "redfish_tls_minimum_version", TLS_VERSIONS, "");
  }
}
