package dev.ironic.core.inspection.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a condition can ask of its arguments. */
@SuppressWarnings("ImmutableEnumChecker") // The behaviours have no state.
enum Operator {
  EQ("eq", comparison(), args -> chain(args, (a, b) -> normal(a).equals(normal(b)))),
  LT("lt", comparison(), args -> chain(args, ordered(order -> order < 0))),
  GT("gt", comparison(), args -> chain(args, ordered(order -> order > 0))),
  IS_EMPTY("is-empty", Signature.of("value"), Operator::isEmpty),
  IN_NET(
      "in-net",
      Signature.of("address", "subnet"),
      args -> Subnet.of(text(args, "subnet")).holds(text(args, "address"))),
  MATCHES(
      "matches",
      Signature.of("value", "regex"),
      args -> RulePattern.of(text(args, "regex")).matches(text(args, "value"))),
  CONTAINS(
      "contains",
      Signature.of("value", "regex"),
      args -> RulePattern.of(text(args, "regex")).isIn(text(args, "value"))),
  ONE_OF("one-of", Signature.of("value").or("values"), Operator::isOneOf),
  IS_NONE("is-none", Signature.of("value"), args -> text(args, "value").equals("None")),
  IS_TRUE("is-true", Signature.of("value"), args -> isTrue(args.get("value"))),
  IS_FALSE("is-false", Signature.of("value"), args -> isFalse(args.get("value")));

  private final String wireName;
  private final Signature signature;
  private final Predicate<Map<String, @Nullable Object>> holds;

  Operator(String wireName, Signature signature, Predicate<Map<String, @Nullable Object>> holds) {
    this.wireName = wireName;
    this.signature = signature;
    this.holds = holds;
  }

  static Optional<Operator> ofWireName(String name) {
    for (Operator operator : values()) {
      if (operator.wireName.equals(name)) {
        return Optional.of(operator);
      }
    }
    return Optional.empty();
  }

  String wireName() {
    return wireName;
  }

  Signature signature() {
    return signature;
  }

  /** Whether the arguments, which are named and filled in, are as asked. */
  boolean holds(Map<String, @Nullable Object> args) {
    return holds.test(args);
  }

  private static Signature comparison() {
    return Signature.of("values").or("force_strings");
  }

  /** Whether each value stands to its successor as wanted; fewer than two always do. */
  private static boolean chain(
      Map<String, @Nullable Object> args, BiPredicate<@Nullable Object, @Nullable Object> wanted) {
    List<?> values = list(args, "values");
    Object wish = args.get("force_strings");
    boolean texts = wish != null && Attributes.truth("force_strings", wish);
    for (int i = 0; i + 1 < values.size(); i++) {
      Object one = values.get(i);
      Object next = values.get(i + 1);
      if (texts ? !wanted.test(PythonText.of(one), PythonText.of(next)) : !wanted.test(one, next)) {
        return false;
      }
    }
    return true;
  }

  private static BiPredicate<@Nullable Object, @Nullable Object> ordered(IntPredicate wanted) {
    return (one, other) -> {
      if (one instanceof String a && other instanceof String b) {
        return wanted.test(a.compareTo(b));
      }
      if (one instanceof Number a && other instanceof Number b) {
        return wanted.test(decimal(a).compareTo(decimal(b)));
      }
      throw RuleError.of(
          "%s and %s can't be put in order; compare numbers, texts, or use force_strings",
          PythonText.shown(one), PythonText.shown(other));
    };
  }

  private static boolean isEmpty(Map<String, @Nullable Object> args) {
    return List.of("", "None", "[]", "{}").contains(text(args, "value"));
  }

  private static boolean isOneOf(Map<String, @Nullable Object> args) {
    Object value = normal(args.get("value"));
    return args.containsKey("values")
        && list(args, "values").stream().anyMatch(one -> normal(one).equals(value));
  }

  private static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Number number -> decimal(number).signum() != 0;
      case String text -> List.of("yes", "true").contains(text.toLowerCase(Locale.ROOT));
      case null, default -> false;
    };
  }

  private static boolean isFalse(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case Boolean flag -> !flag;
      case Number number -> decimal(number).signum() == 0;
      case String text -> List.of("no", "false").contains(text.toLowerCase(Locale.ROOT));
      default -> false;
    };
  }

  private static List<?> list(Map<String, @Nullable Object> args, String name) {
    if (args.get(name) instanceof List<?> list) {
      return list;
    }
    throw RuleError.of("%s must be a list, not %s", name, PythonText.shown(args.get(name)));
  }

  private static String text(Map<String, @Nullable Object> args, String name) {
    return PythonText.of(args.get(name));
  }

  private static BigDecimal decimal(Number number) {
    return new BigDecimal(number.toString());
  }

  /** Values in a form in which equal ones are equal, however a number is kept. */
  private static Object normal(@Nullable Object value) {
    return switch (value) {
      case null -> Optional.empty();
      case Number number -> decimal(number).stripTrailingZeros();
      case List<?> list -> {
        var copy = new ArrayList<Object>();
        list.forEach(item -> copy.add(normal(item)));
        yield copy;
      }
      case Map<?, ?> map -> {
        var copy = new HashMap<Object, Object>();
        map.forEach((key, member) -> copy.put(Objects.requireNonNull(key), normal(member)));
        yield copy;
      }
      default -> value;
    };
  }
}
