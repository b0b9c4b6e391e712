package dev.ironic.driver.ipmi;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a BMC, as a node's {@code driver_info} tells.
 *
 * @param address its host
 * @param port its port; empty for the protocol's
 * @param username empty for none
 * @param password empty text where there is none
 * @param kgKey a second key, in hexadecimal digits
 * @param privilege the level to ask for
 * @param protocol {@code lanplus} or {@code lan}
 * @param cipherSuite its number; empty to leave it to the program
 * @param bridging options that lead to a BMC behind the BMC, in the order of the command line
 * @param forceBootDevice whether the boot device is set again before each start
 * @param disableBootTimeout whether the BMC is kept from forgetting the boot device; empty for the
 *     configured choice
 */
record IpmiDriverInfo(
    String address,
    Optional<String> port,
    Optional<String> username,
    Secret password,
    Optional<Secret> kgKey,
    String privilege,
    String protocol,
    Optional<String> cipherSuite,
    Map<String, String> bridging,
    boolean forceBootDevice,
    Optional<Boolean> disableBootTimeout) {

  private static final List<String> PRIVILEGES =
      List.of("ADMINISTRATOR", "CALLBACK", "OPERATOR", "USER");
  private static final String NOT_FOR_BRIDGING = "no";

  static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry("ipmi_address", "The BMC's IP address or host name. Required."),
          Map.entry("ipmi_username", "The BMC's user; by default the nameless one. Optional."),
          Map.entry("ipmi_password", "The BMC user's password. Optional."),
          Map.entry("ipmi_port", "The BMC's RMCP port; default 623. Optional."),
          Map.entry("ipmi_hex_kg_key", "The Kg key of IPMI 2.0, in hexadecimal digits. Optional."),
          Map.entry(
              "ipmi_priv_level",
              "The privilege level: ADMINISTRATOR (default), CALLBACK, OPERATOR or USER."
                  + " Optional."),
          Map.entry("ipmi_protocol_version", "2.0 (default) or 1.5. Optional."),
          Map.entry(
              "ipmi_cipher_suite",
              "The number of the cipher suite, 17 or 3; by default what ipmitool chooses."
                  + " Optional."),
          Map.entry(
              "ipmi_bridging",
              "How a BMC behind the BMC is reached: single, dual or no (default). Optional."),
          Map.entry("ipmi_local_address", "The local address for bridging. Optional."),
          Map.entry("ipmi_transit_channel", "The transit channel. Required for dual bridging."),
          Map.entry("ipmi_transit_address", "The transit address. Required for dual bridging."),
          Map.entry("ipmi_target_channel", "The target's channel. Required for bridging."),
          Map.entry("ipmi_target_address", "The target's address. Required for bridging."),
          Map.entry(
              "ipmi_force_boot_device",
              "Whether the boot device is set again before each start, for BMCs that forget it;"
                  + " default false. Optional."),
          Map.entry(
              "ipmi_disable_boot_timeout",
              "Whether the BMC is kept from forgetting the boot device after a minute; by default"
                  + " [ipmi]disable_boot_timeout. Optional."));

  /**
   * Reads and checks the settings.
   *
   * @throws DriverException when one is missing or wrong
   */
  static IpmiDriverInfo parse(Map<String, @Nullable Object> info) {
    String address =
        text(info, "ipmi_address")
            .orElseThrow(
                () ->
                    DriverException.missing(
                        "Missing the following IPMI credentials in node's driver_info:"
                            + " ['ipmi_address']."));
    port(info, "ipmi_terminal_port");
    String privilege = text(info, "ipmi_priv_level").orElse("ADMINISTRATOR");
    if (!PRIVILEGES.contains(privilege)) {
      throw DriverException.invalid(
          "Invalid privilege level value:%s, the valid value can be one of %s"
              .formatted(privilege, String.join(", ", PRIVILEGES)));
    }
    String version = text(info, "ipmi_protocol_version").orElse("2.0");
    String protocol =
        switch (version) {
          case "2.0" -> "lanplus";
          case "1.5" -> "lan";
          default ->
              throw DriverException.invalid(
                  "Invalid IPMI protocol version value %s, the valid value can be one of 2.0, 1.5"
                      .formatted(version));
        };
    return new IpmiDriverInfo(
        address,
        port(info, "ipmi_port"),
        text(info, "ipmi_username"),
        Secret.of(text(info, "ipmi_password").orElse("")),
        kgKey(info),
        privilege,
        protocol,
        cipherSuite(info, version),
        bridging(info),
        flag(info, "ipmi_force_boot_device").orElse(false),
        flag(info, "ipmi_disable_boot_timeout"));
  }

  /** The name that errors and the governor of commands know it by. */
  String where() {
    return port.map(number -> address + " port " + number).orElse(address);
  }

  private static Optional<String> text(Map<String, @Nullable Object> info, String key) {
    Optional<String> text =
        Optional.ofNullable(info.get(key)).map(Object::toString).filter(value -> !value.isEmpty());
    if (text.isPresent() && text.get().chars().anyMatch(Character::isISOControl)) {
      throw DriverException.invalid(key + " in driver_info holds a control character; remove it");
    }
    return text;
  }

  private static Optional<String> port(Map<String, @Nullable Object> info, String key) {
    Optional<String> text = text(info, key);
    if (text.isPresent()
        && !(text.get().matches("[0-9]{1,5}")
            && Integer.parseInt(text.get()) >= 1
            && Integer.parseInt(text.get()) <= 65535)) {
      throw DriverException.invalid("%s \"%s\" is not a valid port.".formatted(key, text.get()));
    }
    return text;
  }

  private static Optional<Secret> kgKey(Map<String, @Nullable Object> info) {
    Optional<String> key = text(info, "ipmi_hex_kg_key");
    if (key.isPresent()) {
      if (key.get().length() % 2 != 0) {
        throw DriverException.invalid("Number of ipmi_hex_kg_key characters is not even");
      }
      if (!key.get().matches("[0-9A-Fa-f]+")) {
        throw DriverException.invalid("ipmi_hex_kg_key holds others than hexadecimal digits");
      }
    }
    return key.map(Secret::of);
  }

  private static Optional<String> cipherSuite(Map<String, @Nullable Object> info, String version) {
    Optional<String> suite = text(info, "ipmi_cipher_suite");
    if (suite.isPresent()) {
      if (!suite.get().matches("[0-9]{1,3}")) {
        throw DriverException.invalid(
            "Invalid cipher suite %s, expected a number".formatted(suite.get()));
      }
      if (version.equals("1.5")) {
        throw DriverException.invalid("Cipher suites cannot be used with IPMI 1.5");
      }
    }
    return suite;
  }

  private static Map<String, String> bridging(Map<String, @Nullable Object> info) {
    String kind = text(info, "ipmi_bridging").orElse(NOT_FOR_BRIDGING);
    var required = new LinkedHashMap<String, String>();
    switch (kind) {
      case NOT_FOR_BRIDGING -> {
        return Map.of();
      }
      case "single", "dual" -> {
        required.put("ipmi_target_channel", "-b");
        required.put("ipmi_target_address", "-t");
        if (kind.equals("dual")) {
          required.put("ipmi_transit_channel", "-B");
          required.put("ipmi_transit_address", "-T");
        }
      }
      default ->
          throw DriverException.invalid(
              "Invalid value for ipmi_bridging: %s, the valid value can be one of: ['single', 'dual', 'no']"
                  .formatted(kind));
    }
    var missing = new ArrayList<String>();
    for (String key : required.keySet()) {
      if (text(info, key).isEmpty()) {
        missing.add("'" + key + "'");
      }
    }
    if (!missing.isEmpty()) {
      throw DriverException.missing("[%s] not provided".formatted(String.join(", ", missing)));
    }
    var arguments = new LinkedHashMap<String, String>();
    text(info, "ipmi_local_address").ifPresent(value -> arguments.put("-m", value));
    for (String key :
        List.of(
            "ipmi_transit_channel",
            "ipmi_transit_address",
            "ipmi_target_channel",
            "ipmi_target_address")) {
      String option = required.get(key);
      if (option != null) {
        text(info, key).ifPresent(value -> arguments.put(option, value));
      }
    }
    return arguments;
  }

  private static Optional<Boolean> flag(Map<String, @Nullable Object> info, String key) {
    return text(info, key)
        .map(
            value ->
                switch (value.toLowerCase(Locale.ROOT)) {
                  case "true", "1", "yes", "on" -> true;
                  case "false", "0", "no", "off" -> false;
                  default ->
                      throw DriverException.invalid(
                          "%s in driver_info is '%s'; it must be true or false"
                              .formatted(key, value));
                });
  }
}
