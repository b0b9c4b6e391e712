package dev.ironic.driver.internal;

import dev.ironic.driver.DriverException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a RAID configuration may say, for all implementations alike. */
public final class LogicalDisks {

  private static final List<String> LEVELS =
      List.of("JBOD", "0", "1", "2", "5", "6", "1+0", "5+0", "6+0");

  /** What a value has to be. */
  private sealed interface Rule {
    record OneOf(List<String> values) implements Rule {}

    record Bool() implements Rule {}

    record Text() implements Rule {}

    record Count() implements Rule {}

    record SizeOrMax() implements Rule {}

    record Disks() implements Rule {}
  }

  private record Property(boolean required, Rule rule, String description) {}

  private static final Map<String, Property> PROPERTIES = properties();

  private LogicalDisks() {}

  /** The properties of a logical disk and what they mean. */
  public static Map<String, String> descriptions() {
    var texts = new LinkedHashMap<String, String>();
    PROPERTIES.forEach(
        (name, property) ->
            texts.put(
                name,
                property.description() + (property.required() ? " Required." : " Optional.")));
    return texts;
  }

  /**
   * Checks a configuration.
   *
   * @throws DriverException naming the first thing that is wrong
   */
  public static void validate(Map<String, @Nullable Object> raidConfig) {
    Object disks = raidConfig.get("logical_disks");
    if (disks == null) {
      throw invalid("'logical_disks' is a required property");
    }
    onlyKnown(raidConfig.keySet(), Set.of("logical_disks"));
    if (!(disks instanceof List<?> list)) {
      throw invalid("logical_disks is not a list");
    }
    if (list.isEmpty()) {
      throw invalid("[] should be non-empty");
    }
    int roots = 0;
    for (Object disk : list) {
      if (!(disk instanceof Map<?, ?> map)) {
        throw invalid("'" + disk + "' is not of type 'object'");
      }
      validateDisk(map);
      if (Boolean.TRUE.equals(map.get("is_root_volume"))) {
        roots++;
      }
    }
    if (roots > 1) {
      throw DriverException.invalid(
          "Raid config cannot have more than one root volume, but %d are marked with"
                  .formatted(roots)
              + " is_root_volume");
    }
  }

  private static void validateDisk(Map<?, ?> disk) {
    for (String required : List.of("raid_level", "size_gb")) {
      if (!disk.containsKey(required)) {
        throw invalid("'" + required + "' is a required property");
      }
    }
    onlyKnown(disk.keySet(), PROPERTIES.keySet());
    disk.forEach((name, value) -> check(String.valueOf(name), value));
  }

  private static void onlyKnown(Set<?> given, Set<String> known) {
    for (Object name : given) {
      if (!known.contains(name)) {
        throw invalid(
            "'%s' is not a known property; known are %s".formatted(name, new TreeSet<>(known)));
      }
    }
  }

  private static void check(String name, @Nullable Object value) {
    Property property = PROPERTIES.get(name);
    if (property == null) {
      throw new IllegalStateException("no rule for " + name);
    }
    switch (property.rule()) {
      case Rule.OneOf(List<String> values) -> {
        if (!values.contains(value)) {
          throw invalid(
              "%s is not one of ['%s']".formatted(shown(value), String.join("', '", values)));
        }
      }
      case Rule.Bool() -> require(value instanceof Boolean, value, "boolean");
      case Rule.Text() -> require(value instanceof String, value, "string");
      case Rule.Count() -> require(positive(value), value, "positive integer");
      case Rule.SizeOrMax() ->
          require("MAX".equals(value) || positive(value), value, "positive integer or 'MAX'");
      case Rule.Disks() ->
          require(
              value instanceof List<?> list
                  && (list.stream().allMatch(String.class::isInstance)
                      || list.stream().allMatch(Map.class::isInstance)),
              value,
              "list of disk names or of hints");
    }
  }

  private static void require(boolean holds, @Nullable Object value, String what) {
    if (!holds) {
      throw invalid("%s is not of type '%s'".formatted(shown(value), what));
    }
  }

  private static boolean positive(@Nullable Object value) {
    return switch (value) {
      case Integer number -> number > 0;
      case Long number -> number > 0;
      case String text -> Pattern.matches("0*[1-9][0-9]*", text);
      case null, default -> false;
    };
  }

  private static String shown(@Nullable Object value) {
    return value instanceof String ? "'" + value + "'" : String.valueOf(value);
  }

  private static DriverException invalid(String what) {
    return DriverException.invalid("RAID config validation error: " + what);
  }

  private static Map<String, Property> properties() {
    var all = new LinkedHashMap<String, Property>();
    all.put(
        "raid_level",
        new Property(
            true,
            new Rule.OneOf(LEVELS),
            "The RAID level: one of " + String.join(", ", LEVELS) + "."));
    all.put(
        "size_gb",
        new Property(
            true,
            new Rule.SizeOrMax(),
            "The size in GiB, a whole number, or 'MAX' for all the space that is left."));
    all.put(
        "volume_name",
        new Property(false, new Rule.Text(), "The volume's name; made up where not given."));
    all.put(
        "is_root_volume",
        new Property(
            false,
            new Rule.Bool(),
            "Whether the instance is deployed onto this disk; default false."));
    all.put(
        "share_physical_disks",
        new Property(
            false,
            new Rule.Bool(),
            "Whether other logical disks may use the same physical disks; default false."));
    all.put(
        "disk_type",
        new Property(
            false,
            new Rule.OneOf(List.of("hdd", "ssd")),
            "The kind of physical disk to use, 'hdd' or 'ssd'; any where not given."));
    all.put(
        "interface_type",
        new Property(
            false,
            new Rule.OneOf(List.of("sata", "scsi", "sas")),
            "The interface of the physical disks, 'sata', 'scsi' or 'sas'; any where not given."));
    all.put(
        "number_of_physical_disks",
        new Property(
            false,
            new Rule.Count(),
            "How many physical disks to use; as few as the level needs where not given."));
    all.put(
        "controller",
        new Property(
            false, new Rule.Text(), "The RAID controller to use; a suitable one where not given."));
    all.put(
        "physical_disks",
        new Property(
            false,
            new Rule.Disks(),
            "The physical disks to use, by name or hint; suitable ones where not given."));
    return all;
  }
}
