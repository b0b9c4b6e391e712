package dev.ironic.core.inspection.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of an operator or an action.
 *
 * @param required those that must be given
 * @param optional those that may be given
 */
record Signature(List<String> required, List<String> optional) {

  /** An argument without effect, which clients are shown and may send back. */
  static final String PLUGIN_DATA = "plugin_data";

  /** The arguments in which replacement fields are filled in; in a loop all of them are. */
  private static final Set<String> FORMATTED =
      Set.of("msg", "value", "values", "url", "address", "subnet");

  /** The signature with these required arguments. */
  static Signature of(String... required) {
    return new Signature(List.of(required), List.of());
  }

  /** The same with optional arguments. */
  Signature or(String... more) {
    return new Signature(required, List.of(more));
  }

  /** Whether replacement fields in an argument are filled in outside of loops, too. */
  static boolean isFormatted(String argument) {
    return FORMATTED.contains(argument);
  }

  /**
   * The arguments by name.
   *
   * @param what whose they are, for the message
   * @param given by name, or a list in the order of the signature
   * @throws dev.ironic.core.IronicException when one is missing or unknown
   */
  Map<String, @Nullable Object> named(String what, @Nullable Object given) {
    List<String> all = all();
    var named = new LinkedHashMap<String, @Nullable Object>();
    switch (given) {
      case Map<?, ?> map -> map.forEach((name, value) -> named.put(String.valueOf(name), value));
      case List<?> list -> {
        if (list.size() > all.size()) {
          throw RuleError.of(
              "%s takes at most %d arguments, not %d", what, all.size(), list.size());
        }
        for (int i = 0; i < list.size(); i++) {
          named.put(all.get(i), list.get(i));
        }
      }
      case null, default -> throw RuleError.of("args of %s must be an object or a list", what);
    }
    var missing = new LinkedHashSet<>(required);
    missing.removeAll(named.keySet());
    if (!missing.isEmpty()) {
      throw RuleError.of("%s lacks the argument %s", what, String.join(", ", missing));
    }
    var unknown = new LinkedHashSet<>(named.keySet());
    all.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw RuleError.of(
          "%s has no argument %s; it takes %s",
          what, String.join(", ", unknown), String.join(", ", all));
    }
    return named;
  }

  boolean knows(String argument) {
    return required.contains(argument) || optional.contains(argument);
  }

  private List<String> all() {
    var all = new ArrayList<>(required);
    all.addAll(optional);
    return all;
  }

  @Override
  public String toString() {
    return Arrays.toString(all().toArray());
  }
}
