package dev.ironic.driver.tck;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the fake BMC accepts: as strict as the published schema. */
final class BmcSchema {

  static final List<String> BOOT_TARGETS =
      List.of("None", "Pxe", "Cd", "Usb", "Hdd", "BiosSetup", "UefiHttp");
  static final List<String> RESET_TYPES =
      List.of(
          "On",
          "ForceOff",
          "GracefulShutdown",
          "GracefulRestart",
          "ForceRestart",
          "Nmi",
          "ForceOn",
          "PushPowerButton",
          "PowerCycle");

  /** What a value has to be. */
  sealed interface Rule {
    record OneOf(List<String> values) implements Rule {}

    record Bool() implements Rule {}

    record Text(boolean nullable) implements Rule {}

    record Nested(Map<String, Rule> properties) implements Rule {}
  }

  static final Map<String, Rule> SYSTEM =
      Map.of(
          "IndicatorLED",
          new Rule.OneOf(List.of("Lit", "Blinking", "Off")),
          "Boot",
          new Rule.Nested(
              Map.of(
                  "BootSourceOverrideTarget",
                  new Rule.OneOf(BOOT_TARGETS),
                  "BootSourceOverrideEnabled",
                  new Rule.OneOf(List.of("Disabled", "Once", "Continuous")),
                  "BootSourceOverrideMode",
                  new Rule.OneOf(List.of("Legacy", "UEFI")),
                  "HttpBootUri",
                  new Rule.Text(true))));
  static final Map<String, Rule> SECURE_BOOT = Map.of("SecureBootEnable", new Rule.Bool());
  static final Map<String, Rule> RESET = Map.of("ResetType", new Rule.OneOf(RESET_TYPES));
  static final Map<String, Rule> RESET_KEYS =
      Map.of(
          "ResetKeysType",
          new Rule.OneOf(List.of("ResetAllKeysToDefault", "DeleteAllKeys", "DeletePK")));
  static final Map<String, Rule> INSERT_MEDIA =
      Map.of(
          "Image", new Rule.Text(false),
          "Inserted", new Rule.Bool(),
          "WriteProtected", new Rule.Bool(),
          "UserName", new Rule.Text(true),
          "Password", new Rule.Text(true),
          "TransferProtocolType",
              new Rule.OneOf(List.of("CIFS", "FTP", "SFTP", "HTTP", "HTTPS", "NFS", "SCP", "TFTP")),
          "TransferMethod", new Rule.OneOf(List.of("Stream", "Upload")));
  static final Map<String, Rule> NOTHING = Map.of();
  static final Map<String, Rule> SESSION =
      Map.of("UserName", new Rule.Text(false), "Password", new Rule.Text(false));

  private BmcSchema() {}

  /** The refusal that a body of a PATCH deserves, if any. */
  static Optional<RedfishAnswer> refusePatch(Map<String, Rule> rules, Map<?, ?> body) {
    if (body.isEmpty()) {
      return Optional.of(
          RedfishAnswer.error(
              400, "EmptyJSON", "The request body contained an empty JSON object."));
    }
    return refuse(rules, body, false);
  }

  /** The refusal that the parameters of an action deserve, if any. */
  static Optional<RedfishAnswer> refuseAction(
      Map<String, Rule> rules, Map<?, ?> body, List<String> required) {
    for (String name : required) {
      if (!body.containsKey(name)) {
        return Optional.of(
            RedfishAnswer.error(
                400,
                "ActionParameterMissing",
                "The action requires the parameter %s to be present in the request body."
                    .formatted(name),
                name));
      }
    }
    return refuse(rules, body, true);
  }

  private static Optional<RedfishAnswer> refuse(
      Map<String, Rule> rules, Map<?, ?> body, boolean action) {
    for (var entry : body.entrySet()) {
      String name = String.valueOf(entry.getKey());
      Rule rule = rules.get(name);
      Optional<RedfishAnswer> refusal =
          rule == null
              ? Optional.of(unknown(name, action))
              : check(name, rule, entry.getValue(), action);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<RedfishAnswer> check(
      String name, Rule rule, Object value, boolean action) {
    return switch (rule) {
      case Rule.OneOf(List<String> values) ->
          values.contains(value) ? Optional.empty() : Optional.of(notInList(name, value, action));
      case Rule.Bool() ->
          value instanceof Boolean ? Optional.empty() : Optional.of(wrongType(name, value, action));
      case Rule.Text(boolean nullable) ->
          value instanceof String || (value == null && nullable)
              ? Optional.empty()
              : Optional.of(wrongType(name, value, action));
      case Rule.Nested(Map<String, Rule> properties) ->
          value instanceof Map<?, ?> map
              ? refuse(properties, map, action)
              : Optional.of(wrongType(name, value, action));
    };
  }

  private static RedfishAnswer unknown(String name, boolean action) {
    return action
        ? RedfishAnswer.error(
            400,
            "ActionParameterUnknown",
            "The action was submitted with the invalid parameter %s.".formatted(name),
            name)
        : RedfishAnswer.error(
            400,
            "PropertyUnknown",
            "The property %s is not in the list of valid properties for the resource."
                .formatted(name),
            name);
  }

  private static RedfishAnswer notInList(String name, Object value, boolean action) {
    return RedfishAnswer.error(
        400,
        action ? "ActionParameterValueNotInList" : "PropertyValueNotInList",
        "The value '%s' for %s is not in the list of acceptable values.".formatted(value, name),
        String.valueOf(value),
        name);
  }

  private static RedfishAnswer wrongType(String name, Object value, boolean action) {
    return RedfishAnswer.error(
        400,
        action ? "ActionParameterValueTypeError" : "PropertyValueTypeError",
        "The value '%s' for %s is of a different type than it can accept.".formatted(value, name),
        String.valueOf(value),
        name);
  }
}
