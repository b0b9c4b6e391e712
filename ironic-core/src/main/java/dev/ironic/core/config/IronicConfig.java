package dev.ironic.core.config;

import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.Secret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The configuration: files, the environment ({@code OS_<GROUP>__<OPTION>}), and the defaults of the
 * known options, with {@code $option} and {@code ${group.option}} replaced. Thread-safe.
 *
 * <p>An option that nobody reads has no effect; {@link #unread} tells which ones were set in vain.
 */
public final class IronicConfig implements DriverConfig {

  private static final Pattern REFERENCE = Pattern.compile("\\$(?:\\$|\\{([\\w.]+)}|(\\w+))");
  private static final int MAX_DEPTH = 20;

  private final OptionTable table;
  private final Map<String, Map<String, List<String>>> values;
  private final List<String> warnings;
  private final Set<String> read = ConcurrentHashMap.newKeySet();

  private IronicConfig(
      OptionTable table, Map<String, Map<String, List<String>>> given, Map<String, String> env) {
    this.table = table;
    this.values = new LinkedHashMap<>();
    this.warnings = new ArrayList<>();
    given.forEach((group, options) -> options.forEach((name, list) -> accept(group, name, list)));
    env.forEach(this::acceptEnvironment);
    values.forEach(
        (group, options) ->
            options.keySet().forEach(name -> table.find(group, name).ifPresent(this::check)));
  }

  /**
   * Reads configuration files; a later one overrides an earlier one.
   *
   * @throws ConfigException when a file cannot be read or a value has the wrong form
   */
  public static IronicConfig load(List<Path> files) {
    var merged = new LinkedHashMap<String, Map<String, List<String>>>();
    for (Path file : files) {
      IniFile.read(file)
          .forEach(
              (group, options) ->
                  merged.computeIfAbsent(group, g -> new LinkedHashMap<>()).putAll(options));
    }
    return new IronicConfig(OptionTable.load(), merged, System.getenv());
  }

  /**
   * A configuration from values: for embedders and tests. The environment is left alone.
   *
   * @param values group to option to value
   */
  public static IronicConfig of(Map<String, Map<String, String>> values) {
    var given = new LinkedHashMap<String, Map<String, List<String>>>();
    values.forEach(
        (group, options) ->
            options.forEach(
                (name, value) ->
                    given
                        .computeIfAbsent(group, g -> new LinkedHashMap<>())
                        .put(name, List.of(value))));
    return new IronicConfig(OptionTable.load(), given, Map.of());
  }

  /** Nothing but the defaults. */
  public static IronicConfig defaults() {
    return of(Map.of());
  }

  /** What is questionable in the files: unknown options and groups, old names. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * The known options that are set but that nobody has read so far, so that they have no effect.
   *
   * @param groups which groups to look at; empty for all
   */
  public List<String> unread(Set<String> groups) {
    var found = new ArrayList<String>();
    values.forEach(
        (group, options) -> {
          if (groups.isEmpty() || groups.contains(group)) {
            options.keySet().stream()
                .filter(name -> table.find(group, name).isPresent())
                .filter(name -> !read.contains(key(group, name)))
                .forEach(name -> found.add("[" + group + "] " + name));
          }
        });
    return found;
  }

  @Override
  public Optional<String> text(String group, String option) {
    return Optional.ofNullable(lookUp(group, option, 0));
  }

  /** The text of an option that has a default or must be set. */
  public String requiredText(String group, String option) {
    return text(group, option)
        .orElseThrow(
            () -> new ConfigException("[" + group + "] " + option + " is not set; it has to be"));
  }

  /** A credential. */
  public Optional<Secret> secret(String group, String option) {
    return text(group, option).map(Secret::of);
  }

  /** A path. */
  public Path path(String group, String option) {
    return Path.of(requiredText(group, option));
  }

  /** The values of an option that may stand several times. */
  public List<String> multi(String group, String option) {
    read.add(key(group, option));
    List<String> set = values.getOrDefault(group, Map.of()).get(option);
    if (set != null) {
      return set.stream().map(value -> substitute(value, group, 0)).toList();
    }
    return text(group, option).map(List::of).orElse(List.of());
  }

  @Override
  public int integer(String group, String option, int otherwise) {
    return text(group, option).map(v -> parseInteger(group, option, v)).orElse(otherwise);
  }

  @Override
  public double number(String group, String option, double otherwise) {
    return text(group, option).map(v -> parseNumber(group, option, v)).orElse(otherwise);
  }

  @Override
  public boolean flag(String group, String option, boolean otherwise) {
    return text(group, option).map(v -> parseFlag(group, option, v)).orElse(otherwise);
  }

  @Override
  public List<String> list(String group, String option, List<String> otherwise) {
    return text(group, option).map(IronicConfig::split).orElse(otherwise);
  }

  @Override
  public List<String> values(String group, String option) {
    List<String> set = values.getOrDefault(group, Map.of()).get(option);
    if (set == null) {
      return text(group, option).stream().toList();
    }
    read.add(key(group, option));
    return set.stream().map(raw -> substitute(raw, group, 0)).toList();
  }

  /** A list of {@code key:value} pairs. */
  public Map<String, String> map(String group, String option) {
    var pairs = new LinkedHashMap<String, String>();
    for (String pair : text(group, option).map(IronicConfig::split).orElse(List.of())) {
      int colon = pair.indexOf(':');
      if (colon < 1) {
        throw invalid(group, option, pair, "pairs like key:value, separated by commas");
      }
      pairs.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
    }
    return pairs;
  }

  /** All values set, secrets masked: for the log at start. */
  @Override
  public String toString() {
    var shown = new TreeMap<String, String>();
    values.forEach(
        (group, options) ->
            options.forEach(
                (name, list) ->
                    shown.put(
                        group + "." + name,
                        secret(group, name, list) ? "******" : String.join(", ", list))));
    return shown.toString();
  }

  private boolean secret(String group, String name, List<String> list) {
    String lower = name.toLowerCase(Locale.ROOT);
    return table.find(group, name).map(KnownOption::secret).orElse(false)
        || lower.contains("password")
        || lower.contains("secret")
        || list.stream().anyMatch(value -> value.matches("(?s).*://[^/@]*:[^/@]*@.*"));
  }

  private void accept(String group, String name, List<String> list) {
    Optional<KnownOption> old = table.findOld(group, name);
    if (table.find(group, name).isEmpty() && old.isPresent()) {
      KnownOption option = old.get();
      warnings.add("[%s] %s is an old name; use %s".formatted(group, name, option.qualifiedName()));
      set(option.group(), option.name(), list);
      return;
    }
    if (table.find(group, name).isEmpty() && table.hasGroup(group)) {
      warnings.add(
          "[%s] %s is not a known option%s"
              .formatted(
                  group,
                  name,
                  table
                      .nearest(group, name)
                      .map(o -> "; did you mean " + o.qualifiedName() + "?")
                      .orElse("")));
    }
    set(group, name, list);
  }

  private void acceptEnvironment(String variable, String value) {
    Matcher matcher = Pattern.compile("OS_([A-Z0-9_]+?)__([A-Z0-9_]+)").matcher(variable);
    if (matcher.matches()) {
      String group = matcher.group(1).toLowerCase(Locale.ROOT);
      set(
          group.equals("default") ? "DEFAULT" : group,
          matcher.group(2).toLowerCase(Locale.ROOT),
          List.of(value));
    }
  }

  private void set(String group, String name, List<String> list) {
    values.computeIfAbsent(group, g -> new LinkedHashMap<>()).put(name, List.copyOf(list));
  }

  private @Nullable String lookUp(String group, String option, int depth) {
    read.add(key(group, option));
    if (depth > MAX_DEPTH) {
      throw new ConfigException(
          "[" + group + "] " + option + " refers to itself by way of other options");
    }
    List<String> set = values.getOrDefault(group, Map.of()).get(option);
    String raw =
        set != null
            ? set.getLast()
            : table
                .find(group, option)
                .map(KnownOption::defaultValue)
                .orElseGet(() -> computed(group, option));
    return raw == null ? null : substitute(raw, group, depth);
  }

  /** Defaults that depend on the machine. */
  private static @Nullable String computed(String group, String option) {
    if (!group.equals("DEFAULT")) {
      return null;
    }
    return switch (option) {
      case "host" -> localHost().map(InetAddress::getHostName).orElse("localhost");
      case "my_ip" -> localHost().map(InetAddress::getHostAddress).orElse("127.0.0.1");
      default -> null;
    };
  }

  private static Optional<InetAddress> localHost() {
    try {
      return Optional.of(InetAddress.getLocalHost());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private String substitute(String raw, String group, int depth) {
    if (raw.indexOf('$') < 0) {
      return raw;
    }
    Matcher matcher = REFERENCE.matcher(raw);
    var result = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      matcher.appendReplacement(
          result, Matcher.quoteReplacement(name == null ? "$" : refer(name, group, depth)));
    }
    return matcher.appendTail(result).toString();
  }

  private String refer(String name, String group, int depth) {
    int dot = name.indexOf('.');
    String found =
        dot > 0
            ? lookUp(name.substring(0, dot), name.substring(dot + 1), depth + 1)
            : lookUp("DEFAULT", name, depth + 1);
    if (found == null && dot < 0) {
      found = lookUp(group, name, depth + 1);
    }
    return found == null ? "" : found;
  }

  /** Checks a value that was set against its row in the table. */
  private void check(KnownOption option) {
    String value = lookUp(option.group(), option.name(), 0);
    read.remove(key(option.group(), option.name()));
    if (value == null || value.isEmpty()) {
      return;
    }
    switch (option.kind()) {
      case "int", "port" -> checkRange(option, parseInteger(option.group(), option.name(), value));
      case "float" -> checkRange(option, parseNumber(option.group(), option.name(), value));
      case "bool" -> parseFlag(option.group(), option.name(), value);
      default -> {
        if (option.kind().equals("str")
            && !option.choices().isEmpty()
            && !option.choices().contains(value)) {
          throw invalid(
              option.group(),
              option.name(),
              value,
              "one of " + String.join(", ", option.choices()));
        }
      }
    }
  }

  private void checkRange(KnownOption option, double value) {
    Double min = option.min();
    Double max = option.max();
    if (min != null && value < min) {
      throw invalid(option.group(), option.name(), "" + value, "at least " + min);
    }
    if (max != null && value > max) {
      throw invalid(option.group(), option.name(), "" + value, "at most " + max);
    }
  }

  private static int parseInteger(String group, String option, String value) {
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      throw invalid(group, option, value, "a whole number");
    }
  }

  private static double parseNumber(String group, String option, String value) {
    try {
      return Double.parseDouble(value.strip());
    } catch (NumberFormatException e) {
      throw invalid(group, option, value, "a number");
    }
  }

  private static boolean parseFlag(String group, String option, String value) {
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw invalid(group, option, value, "true or false");
    };
  }

  private static List<String> split(String value) {
    return Arrays.stream(value.split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static ConfigException invalid(
      String group, String option, String value, String expected) {
    return new ConfigException(
        "[%s] %s has the value '%s'; it must be %s".formatted(group, option, value, expected));
  }

  private static String key(String group, String option) {
    return group + "." + option;
  }
}
