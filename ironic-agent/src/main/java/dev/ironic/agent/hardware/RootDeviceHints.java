package dev.ironic.agent.hardware;

import dev.ironic.agent.json.JsonMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator knows about the disk to deploy to: attribute to expression, all of which must
 * hold. Immutable.
 *
 * <p>Comparison follows the reference to the letter, oddities included: text is compared in lower
 * case and URL-quoted; an absent text attribute is the text "none"; {@code = N} means at least N;
 * alternatives are compared as text and so never meet a number.
 */
public final class RootDeviceHints {

  private static final double GIBIBYTE = 1L << 30;

  private static final Set<String> TEXT_KEYS =
      Set.of(
          "model",
          "wwn",
          "serial",
          "vendor",
          "wwn_with_extension",
          "wwn_vendor_extension",
          "name",
          "hctl",
          "by_path",
          "tran");

  /** Longer operators first, so that none hides another that it begins with. */
  private static final List<String> OPERATORS =
      List.of(
          "<all-in>",
          "<in>",
          "<or>",
          "s==",
          "s!=",
          "s>=",
          "s<=",
          "s>",
          "s<",
          "==",
          "!=",
          ">=",
          "<=",
          ">",
          "<",
          "=");

  private final Map<String, Object> normalised;

  private RootDeviceHints(Map<String, Object> normalised) {
    this.normalised = normalised;
  }

  /**
   * Checks and normalises hints.
   *
   * @throws IllegalArgumentException if a key is unknown, or a value of the wrong kind or empty
   */
  public static RootDeviceHints parse(JsonMap hints) {
    Map<String, Object> normalised = new LinkedHashMap<>();
    hints
        .members()
        .forEach(
            (key, value) -> {
              if (key.equals("size")) {
                normalised.put(key, size(value));
              } else if (key.equals("rotational")) {
                normalised.put(key, rotational(value));
              } else if (TEXT_KEYS.contains(key)) {
                normalised.put(key, text(key, value));
              } else {
                throw new IllegalArgumentException(
                    "'%s' is not a root device hint; known are size, rotational, %s"
                        .formatted(key, TEXT_KEYS.stream().sorted().toList()));
              }
            });
    return new RootDeviceHints(normalised);
  }

  /** The normal form, by key. */
  Map<String, Object> normalised() {
    return normalised;
  }

  /** The first device for which all hints hold. */
  public Optional<BlockDevice> find(List<BlockDevice> devices) {
    return devices.stream().filter(this::matches).findFirst();
  }

  boolean matches(BlockDevice device) {
    return normalised.entrySet().stream()
        .allMatch(hint -> matches(device, hint.getKey(), hint.getValue()));
  }

  private static boolean matches(BlockDevice device, String key, Object wanted) {
    if (wanted instanceof Boolean rotational) {
      return device.rotational() == rotational;
    }
    String expression = (String) wanted;
    if (key.equals("size")) {
      return matchesNumber(device.size() / GIBIBYTE, expression);
    }
    return attribute(device, key).stream().anyMatch(value -> matchesText(quote(value), expression));
  }

  private static List<String> attribute(BlockDevice device, String key) {
    List<@Nullable String> values =
        switch (key) {
          case "model" -> one(device.model());
          case "wwn" -> Arrays.asList(device.wwn(), device.wwnWithExtension());
          case "serial" -> Arrays.asList(device.serial(), device.otherSerial());
          case "vendor" -> one(device.vendor());
          case "wwn_with_extension" -> one(device.wwnWithExtension());
          case "wwn_vendor_extension" -> one(device.wwnVendorExtension());
          case "name" -> one(device.name());
          case "hctl" -> one(device.hctl());
          case "by_path" -> one(device.byPath());
          case "tran" -> one(device.transport());
          default -> throw new IllegalStateException("no attribute for the hint " + key);
        };
    List<String> known = values.stream().filter(Objects::nonNull).toList();
    return known.isEmpty() ? List.of("none") : known;
  }

  private static List<@Nullable String> one(@Nullable String value) {
    return Arrays.asList(value);
  }

  private static boolean matchesText(String value, String expression) {
    String operator = operator(expression);
    String rest = expression.substring(operator.length()).strip();
    return switch (operator) {
      case "s==" -> value.equals(rest);
      case "s!=" -> !value.equals(rest);
      case "s>=" -> value.compareTo(rest) >= 0;
      case "s<=" -> value.compareTo(rest) <= 0;
      case "s>" -> value.compareTo(rest) > 0;
      case "s<" -> value.compareTo(rest) < 0;
      case "<in>" -> value.contains(rest);
      case "<or>" -> alternatives(expression).contains(value);
      case "=", "==", "!=", ">=", "<=", ">", "<" -> {
        try {
          yield matchesNumber(Double.parseDouble(value), expression);
        } catch (NumberFormatException e) {
          yield false; // text is never in any order with numbers
        }
      }
      default -> throw new IllegalStateException("no comparison for " + operator);
    };
  }

  private static boolean matchesNumber(double value, String expression) {
    String operator = operator(expression);
    if (operator.equals("<or>") || operator.equals("<in>") || operator.startsWith("s")) {
      return false; // these compare text, and a size is a number
    }
    double wanted = Double.parseDouble(expression.substring(operator.length()).strip());
    return switch (operator) {
      case "=", ">=" -> value >= wanted;
      case "==" -> value == wanted;
      case "!=" -> value != wanted;
      case "<=" -> value <= wanted;
      case ">" -> value > wanted;
      case "<" -> value < wanted;
      default -> throw new IllegalStateException("no comparison for " + operator);
    };
  }

  private static String size(@Nullable Object value) {
    if (value instanceof Number number && number.longValue() > 0) {
      return "== " + number;
    }
    if (value instanceof String text && !text.isBlank()) {
      String stripped = text.strip();
      String operator = operator(stripped);
      List<String> numbers =
          operator.equals("<or>")
              ? alternatives(stripped)
              : List.of(stripped.substring(operator.length()).strip());
      if (numbers.stream().allMatch(RootDeviceHints::isPositive)) {
        return operator.isEmpty() ? "== " + stripped : stripped;
      }
    }
    throw new IllegalArgumentException(
        "the root device hint size=" + value + " must be a number of GiB above zero");
  }

  private static boolean isPositive(String text) {
    return text.matches("[0-9]{1,9}") && Integer.parseInt(text) > 0;
  }

  private static Boolean rotational(@Nullable Object value) {
    String text = String.valueOf(value).strip().toLowerCase(Locale.ROOT);
    return switch (text) {
      case "true", "1", "yes", "on", "t", "y" -> true;
      case "false", "0", "no", "off", "f", "n" -> false;
      default ->
          throw new IllegalArgumentException(
              "the root device hint rotational=" + value + " must be true or false");
    };
  }

  private static String text(String key, @Nullable Object value) {
    if (!(value instanceof String text) || text.isBlank()) {
      throw new IllegalArgumentException(
          "the root device hint " + key + "=" + value + " must be text and not empty");
    }
    String stripped = text.strip();
    String operator = operator(stripped);
    if (operator.equals("<all-in>")) {
      throw new IllegalArgumentException(
          "the root device hint %s=%s uses <all-in>, which can't be applied to disks"
              .formatted(key, value));
    }
    if (operator.equals("<or>")) {
      List<String> parts = alternatives(stripped).stream().map(RootDeviceHints::quote).toList();
      return "<or> " + String.join(" <or> ", parts);
    }
    String rest = quote(stripped.substring(operator.length()).strip());
    return (operator.isEmpty() ? "s==" : operator) + " " + rest;
  }

  private static String operator(String expression) {
    return OPERATORS.stream().filter(expression::startsWith).findFirst().orElse("");
  }

  private static List<String> alternatives(String expression) {
    List<String> parts = new ArrayList<>();
    for (String part : expression.split("<or>", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  /** Lower case, with everything but letters, digits and {@code _.-~/} as %XX. */
  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder();
    for (byte b : text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~/".indexOf(c) >= 0);
      if (plain) {
        quoted.append(c);
      } else {
        quoted.append(String.format("%%%02X", (int) c));
      }
    }
    return quoted.toString();
  }
}
