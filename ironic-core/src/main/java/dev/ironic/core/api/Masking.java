package dev.ironic.core.api;

import dev.ironic.core.model.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the wire shows instead of credentials. */
final class Masking {

  /** Stands in the place of a secret. */
  static final String MASK = "******";

  private static final List<String> WORDS =
      List.of(
          "password",
          "adminpass",
          "admin_pass",
          "new_pass",
          "passphrase",
          "secret",
          "token",
          "sys_pswd",
          "configdrive",
          "chappassword",
          "encrypted_key",
          "private_key",
          "fernetkey",
          "sslkey");

  private static final Pattern IN_TEXT =
      Pattern.compile(
          "((?:password|adminpass|admin_pass|passphrase|secret|token)['\"]?\\s*[=:]\\s*['\"]?)"
              + "([^\\s'\",&}]+)",
          Pattern.CASE_INSENSITIVE);

  private Masking() {}

  /** Whether a key names a credential. */
  static boolean isSecret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return WORDS.stream().anyMatch(lower::contains);
  }

  /**
   * Masks a value, to any depth.
   *
   * @param also keys of the top level to be masked besides those that look like secrets, unless
   *     their value is empty
   */
  static @Nullable Object mask(@Nullable Object value, Set<String> also) {
    return switch (value) {
      case JsonText stored when isHarmless(stored.text(), also) -> stored;
      case Map<?, ?> map -> {
        var masked = new LinkedHashMap<String, @Nullable Object>();
        map.forEach(
            (key, member) -> {
              String name = String.valueOf(key);
              if (also.contains(name)) {
                masked.put(name, isEmpty(member) ? member : MASK);
              } else {
                masked.put(name, isSecret(name) ? MASK : mask(member, Set.of()));
              }
            });
        yield masked;
      }
      case List<?> list -> {
        var masked = new ArrayList<@Nullable Object>(list.size());
        list.forEach(item -> masked.add(mask(item, Set.of())));
        yield masked;
      }
      case String text ->
          text.indexOf('=') < 0 && text.indexOf(':') < 0
              ? text
              : IN_TEXT.matcher(text).replaceAll("$1" + MASK);
      case null -> null;
      default -> value;
    };
  }

  /** Without any of the words there is nothing to mask; escapes could hide one. */
  private static boolean isHarmless(String text, Set<String> also) {
    return !isSecret(text) && !text.contains("\\u") && also.stream().noneMatch(text::contains);
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value == null || value.equals("") || value.equals(Map.of());
  }
}
