package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A kind of object on the wire: its fields in one table, and what follows from them. Immutable.
 *
 * @param <T> the record behind it
 */
final class Resource<T extends Record> {

  private final String key;
  private final Map<String, Field<T>> fields = new LinkedHashMap<>();
  private final List<String> listed;
  private final RecordAccess<T> access;

  /** All fields by minor version, put together when it is first asked for. */
  private final Map<Integer, List<Field<T>>> wholes = new ConcurrentHashMap<>();

  /**
   * Puts a table together.
   *
   * @param key name of the collection
   * @param listed fields in lists that do not ask for more
   */
  Resource(String key, RecordAccess<T> access, List<String> listed, List<Field<T>> table) {
    this.key = key;
    this.access = access;
    this.listed = listed;
    for (Field<T> field : table) {
      String component = field.component();
      if (component != null && !access.has(component)) {
        throw new IllegalStateException("No component " + component + " for " + field.name());
      }
      if (component != null
          && field.settable()
          && !field.is(Mark.REQUIRED)
          && field.otherwise() == null
          && access.isPrimitive(component)) {
        throw new IllegalStateException(field.name() + " cannot be null, so it needs a default");
      }
      fields.put(
          field.name(),
          component != null && field.shown() == null
              ? field.shownAs(access.reader(component))
              : field);
    }
  }

  String key() {
    return key;
  }

  Collection<Field<T>> fields() {
    return fields.values();
  }

  Field<T> field(String name) {
    Field<T> field = fields.get(name);
    if (field == null) {
      throw new IllegalArgumentException(key + " have no field " + name);
    }
    return field;
  }

  @Nullable Field<T> find(String name) {
    return fields.get(name);
  }

  /** The fields of these names; a name that no field has is passed over. */
  List<Field<T>> named(Collection<String> names) {
    return names.stream().map(fields::get).filter(Objects::nonNull).toList();
  }

  /** All fields known at a version. */
  List<Field<T>> whole(ApiVersion version) {
    return wholes.computeIfAbsent(
        version.minor(),
        minor -> fields.values().stream().filter(f -> version.atLeast(f.since())).toList());
  }

  /** The fields of a list's items. */
  List<Field<T>> brief(ApiVersion version) {
    var brief =
        new ArrayList<>(
            listed.stream().map(this::field).filter(f -> version.atLeast(f.since())).toList());
    Field<T> links = fields.get("links");
    if (links != null && !brief.contains(links)) {
      brief.add(links);
    }
    return brief;
  }

  /**
   * The components of the record that fields are made of.
   *
   * @param always those that are read in any case
   * @return empty when a field does not tell what it is made of
   */
  static <T extends Record> Set<String> components(List<Field<T>> shown, Set<String> always) {
    var components = new HashSet<>(always);
    for (Field<T> field : shown) {
      String component = field.component();
      if (component != null) {
        components.add(component);
      } else if (field.needs().isEmpty()) {
        return Set.of();
      }
      components.addAll(field.needs());
    }
    return components;
  }

  /**
   * The fields named, and links.
   *
   * @throws IronicException 400 for an unknown name, 406 for one that is too new
   */
  List<Field<T>> chosen(String names, ApiVersion version) {
    var chosen = new LinkedHashSet<Field<T>>();
    for (String name : words(names)) {
      Field<T> field = fields.get(name);
      if (field == null || field.is(Mark.NOT_CHOSEN) || isUnknown(field, version)) {
        throw new IronicException(
            Fault.INVALID, "Field(s) \"" + name + "\" are not valid for " + key);
      }
      version.require(field.since(), "Field " + name);
      if (!name.equals("links")) {
        chosen.add(field);
      }
    }
    Field<T> links = fields.get("links");
    if (links != null) {
      chosen.add(links);
    }
    return List.copyOf(chosen);
  }

  /**
   * Fails when one of the fields named is too new; names that mean nothing are let pass.
   *
   * @throws IronicException 406
   */
  void requireKnown(String names, ApiVersion version) {
    for (String name : words(names)) {
      Field<T> field = fields.get(name);
      if (field != null && !isUnknown(field, version)) {
        version.require(field.since(), "Field " + name);
      }
    }
  }

  private boolean isUnknown(Field<T> field, ApiVersion version) {
    return field.is(Mark.UNKNOWN_BELOW) && !version.atLeast(field.since());
  }

  /** The words of a comma-separated list: trimmed, in lower case, each once. */
  static Set<String> words(String list) {
    var words = new LinkedHashSet<String>();
    for (String word : list.split(",", -1)) {
      String trimmed = word.trim().toLowerCase(Locale.ROOT);
      if (!trimmed.isEmpty()) {
        words.add(trimmed);
      }
    }
    return words;
  }

  /**
   * The component to sort by.
   *
   * @throws IronicException 400, or 406 for a field that is too new
   */
  String sortComponent(String name, ApiVersion version) {
    if (name.equals("id")) {
      return "id";
    }
    Field<T> field = fields.get(name);
    if (field == null) {
      throw unsortable(name);
    }
    version.require(field.since(), "Sorting by " + name);
    String component = sortComponent(field);
    if (component == null) {
      throw unsortable(name);
    }
    return component;
  }

  private @Nullable String sortComponent(Field<T> field) {
    if (field.is(Mark.UNSORTABLE) || field.type() == FieldType.LINKS) {
      return null;
    }
    return field.sortedBy() == null ? field.component() : field.sortedBy();
  }

  /** The fields that lists can be sorted by. */
  List<String> sortable(ApiVersion version) {
    return whole(version).stream()
        .filter(field -> sortComponent(field) != null)
        .map(Field::name)
        .toList();
  }

  private static IronicException unsortable(String name) {
    return new IronicException(
        Fault.INVALID_PARAMETER_VALUE,
        "The sort_key value \"" + name + "\" is an invalid field for sorting");
  }

  /** Writes one object. */
  void write(JsonGenerator out, T row, List<Field<T>> shown, View view) {
    out.writeStartObject();
    for (Field<T> field : shown) {
      out.writeName(field.wire());
      Json.write(out, value(field, row, view));
    }
    out.writeEndObject();
  }

  private @Nullable Object value(Field<T> field, T row, View view) {
    var shown = field.shown();
    if (shown != null) {
      return shown.apply(row, view);
    }
    String component = field.component();
    return component == null ? null : access.read(row, component);
  }

  /** The value of a field that clients may set, in the form they set it in, unmasked. */
  @Nullable Object stored(Field<T> field, T row, View view) {
    String component = field.component();
    return component == null || field.setter() != null
        ? value(field, row, view)
        : access.read(row, component);
  }

  /**
   * Checks the body of a creation.
   *
   * <p>What is wrong with the form is told before what is too new. A null stands for the default
   * where a field cannot be null.
   *
   * @param extra members that are no fields
   * @return the normalised values of what was given
   * @throws IronicException 400, or 406 for a field that is too new
   */
  Map<String, @Nullable Object> acceptCreation(
      Map<String, @Nullable Object> body, ApiVersion version, Set<String> extra) {
    var accepted = new LinkedHashMap<String, @Nullable Object>();
    var given = new ArrayList<Field<T>>();
    body.forEach(
        (name, value) -> {
          Field<T> field = fields.get(name);
          if (extra.contains(name)) {
            accepted.put(name, value);
          } else if (field == null || !field.is(Mark.CREATE) || isUnknown(field, version)) {
            throw new IronicException(
                Fault.INVALID,
                "Additional properties are not allowed ('" + name + "' was unexpected)");
          } else if (value == null && field.is(Mark.REQUIRED)) {
            throw field.refusedNull();
          } else {
            if (value == null
                ? field.is(Mark.NULL_GATED)
                : !(field.is(Mark.DEFAULT_UNGATED) && value.equals(field.otherwise()))) {
              given.add(field);
            }
            if (value != null || field.is(Mark.NULLABLE)) {
              accepted.put(name, field.accept(value));
            }
          }
        });
    for (Field<T> field : fields.values()) {
      if (field.is(Mark.REQUIRED) && !accepted.containsKey(field.name())) {
        throw new IronicException(
            Fault.MISSING_PARAMETER_VALUE, "'" + field.name() + "' is a required property");
      }
    }
    given.forEach(field -> version.require(field.since(), "Field " + field.name()));
    return accepted;
  }

  /** The record with values of fields set. */
  T with(T row, Map<String, @Nullable Object> values) {
    var components = new LinkedHashMap<String, @Nullable Object>();
    T changed = row;
    for (var entry : values.entrySet()) {
      Field<T> field = fields.get(entry.getKey());
      if (field == null) {
        continue;
      }
      Object value = entry.getValue() == null ? field.otherwise() : entry.getValue();
      if (field.setter() != null) {
        changed = field.setter().apply(changed, value);
      } else if (field.component() != null) {
        components.put(field.component(), value);
      }
    }
    return access.with(changed, components);
  }
}
