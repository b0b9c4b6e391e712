package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.model.Components;
import dev.ironic.driver.InterfaceKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table and the record that stands for a row: all that generic SQL needs. Immutable.
 *
 * @param <T> the record
 */
final class Table<T extends Record> {

  private final String name;
  private final Class<T> type;
  private final @Nullable String version;
  private final Fault missing;
  private final String missingMessage;
  private final List<String> identifiers;
  private final List<Unique> uniques;
  private final List<Column> columns;
  private final Map<String, Column> byComponent;
  private final Components<T> components;
  private final String selection;
  private final int selectionWidth;
  private final boolean[] all;

  private Table(Builder<T> builder) {
    name = builder.name;
    type = builder.type;
    version = builder.version;
    missing = builder.missing;
    missingMessage = builder.missingMessage;
    identifiers = List.copyOf(builder.identifiers);
    uniques = List.copyOf(builder.uniques);
    columns = List.copyOf(builder.columns);
    byComponent = columns.stream().collect(Collectors.toUnmodifiableMap(Column::component, c -> c));
    components = Components.of(type);
    List<String> wanted = components.names();
    List<String> given = columns.stream().map(Column::component).toList();
    if (!wanted.equals(given)) {
      throw new IllegalStateException(
          "Table " + name + " has the columns " + given + " but the record has " + wanted);
    }
    selection =
        columns.stream()
            .flatMap(column -> expressions(column).stream())
            .collect(Collectors.joining(", "));
    all = new boolean[columns.size()];
    Arrays.fill(all, true);
    selectionWidth = columns.stream().mapToInt(column -> expressions(column).size()).sum();
  }

  static <T extends Record> Builder<T> of(String name, Class<T> type) {
    return new Builder<>(name, type);
  }

  String name() {
    return name;
  }

  Class<T> type() {
    return type;
  }

  /** The version of the stored object, or null for rows without one. */
  @Nullable String version() {
    return version;
  }

  Fault missing() {
    return missing;
  }

  /** Text for a row that cannot be found, with a place for what was looked for. */
  String missingMessage() {
    return missingMessage;
  }

  /** Components by which users name a row: UUID, then name. */
  List<String> identifiers() {
    return identifiers;
  }

  List<Unique> uniques() {
    return uniques;
  }

  List<Column> columns() {
    return columns;
  }

  /** What to select, in the order in which {@link #map} reads. */
  String selection() {
    return selection;
  }

  /** What to select when only some components are wanted. */
  Projection<T> projection(Set<String> wanted) {
    var read = new boolean[columns.size()];
    var expressions = new ArrayList<String>();
    for (int i = 0; i < read.length; i++) {
      read[i] = wanted.contains(columns.get(i).component());
      if (read[i]) {
        expressions.addAll(expressions(columns.get(i)));
      }
    }
    return new Projection<>(this, String.join(", ", expressions), read);
  }

  /**
   * A part of the columns.
   *
   * @param selection what to select, in the order in which rows are read
   * @param read which columns are among them; the components of the others are empty
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Projection<T extends Record>(Table<T> table, String selection, boolean[] read) {

    T map(ResultSet row, Dialect dialect) throws SQLException {
      return table.map(row, dialect, read);
    }
  }

  /** Number of expressions in {@link #selection}. */
  int selectionWidth() {
    return selectionWidth;
  }

  boolean has(String component) {
    return byComponent.containsKey(component);
  }

  /**
   * Finds where a component is kept. A single interface of a node can be asked for too, as {@code
   * powerInterface}.
   *
   * @throws IllegalArgumentException for a name that the record lacks
   */
  Column column(String component) {
    Column column = byComponent.get(component);
    return column != null
        ? column
        : interfaceColumn(component)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        type.getSimpleName() + " has no component '" + component + "'"));
  }

  private Optional<Column> interfaceColumn(String component) {
    if (columns.stream().noneMatch(Column.Interfaces.class::isInstance)) {
      return Optional.empty();
    }
    return Column.Interfaces.KINDS.stream()
        .filter(kind -> component.equals(kind.wireName() + "Interface"))
        .<Column>map(
            kind -> new Column.Stored(component, kind.nodeField(), Codec.TEXT, Builder.NAME_LENGTH))
        .findFirst();
  }

  /** A component's value. */
  @Nullable Object value(T row, String component) {
    return components.read(row, components.position(component));
  }

  /** Makes the record of a row read by {@link #selection}. */
  T map(ResultSet row, Dialect dialect) throws SQLException {
    return map(row, dialect, all);
  }

  private T map(ResultSet row, Dialect dialect, boolean[] read) throws SQLException {
    var arguments = new @Nullable Object[columns.size()];
    int index = 1;
    for (int i = 0; i < arguments.length; i++) {
      Column column = columns.get(i);
      if (!read[i]) {
        arguments[i] = column instanceof Column.Stored stored ? stored.codec().empty() : null;
      } else {
        index = read(row, dialect, column, index, arguments, i);
      }
      if (arguments[i] == null) {
        arguments[i] = ofPrimitive(components.type(i));
      }
    }
    return components.make(arguments);
  }

  /** Reads one component; returns where the next one begins. */
  private static int read(
      ResultSet row, Dialect dialect, Column column, int index, @Nullable Object[] arguments, int i)
      throws SQLException {
    switch (column) {
      case Column.Stored stored -> {
        arguments[i] = stored.codec().read(row, index, dialect);
        return index + 1;
      }
      case Column.Joined joined -> {
        arguments[i] = row.getString(index);
        return index + 1;
      }
      case Column.Gathered gathered -> {
        arguments[i] = Column.Gathered.names(row.getString(index));
        return index + 1;
      }
      case Column.Interfaces interfaces -> {
        arguments[i] = readInterfaces(row, index);
        return index + Column.Interfaces.KINDS.size();
      }
      case Column.Elsewhere elsewhere -> {
        arguments[i] = List.of();
        return index;
      }
    }
  }

  private static Map<InterfaceKind, String> readInterfaces(ResultSet row, int first)
      throws SQLException {
    var names = new EnumMap<InterfaceKind, String>(InterfaceKind.class);
    for (int i = 0; i < Column.Interfaces.KINDS.size(); i++) {
      String implementation = row.getString(first + i);
      if (implementation != null) {
        names.put(Column.Interfaces.KINDS.get(i), implementation);
      }
    }
    return names.isEmpty() ? Map.of() : Collections.unmodifiableMap(names);
  }

  /** Old rows may hold null where a primitive stands now. */
  private static @Nullable Object ofPrimitive(Class<?> component) {
    if (component == boolean.class) {
      return false;
    }
    if (component == long.class) {
      return 0L;
    }
    return component == int.class ? 0 : null;
  }

  /** Most objects are empty; a null, which means the same, is much cheaper to fetch. */
  private String expression(Column.Stored stored) {
    String column = "\"" + name + "\".\"" + stored.column() + "\"";
    return stored.codec() == Codec.JSON_OBJECT ? "NULLIF(" + column + ", '{}')" : column;
  }

  private List<String> expressions(Column column) {
    return switch (column) {
      case Column.Stored stored -> List.of(expression(stored));
      case Column.Joined joined -> List.of(joined.sql(name));
      case Column.Gathered gathered -> List.of(gathered.sql(name));
      case Column.Interfaces interfaces ->
          Column.Interfaces.KINDS.stream()
              .map(kind -> "\"" + name + "\".\"" + kind.nodeField() + "\"")
              .toList();
      case Column.Elsewhere elsewhere -> List.of();
    };
  }

  /** Names the columns in the order of the record's components. */
  static final class Builder<T extends Record> {

    static final int NAME_LENGTH = 255;
    private static final int UUID_LENGTH = 36;

    private final String name;
    private final Class<T> type;
    private final List<Column> columns = new ArrayList<>();
    private final List<Unique> uniques = new ArrayList<>();
    private final List<String> identifiers = new ArrayList<>();
    private @Nullable String version;
    private Fault missing = Fault.NOT_FOUND;
    private String missingMessage = "Row %s could not be found.";

    private Builder(String name, Class<T> type) {
      this.name = name;
      this.type = type;
    }

    Builder<T> version(String newVersion) {
      version = newVersion;
      return this;
    }

    Builder<T> missing(Fault fault, String message) {
      missing = fault;
      missingMessage = message;
      return this;
    }

    Builder<T> identifiedBy(String... components) {
      identifiers.addAll(List.of(components));
      return this;
    }

    Builder<T> unique(Unique unique) {
      uniques.add(unique);
      return this;
    }

    /** The row number. */
    Builder<T> id() {
      return stored("id", Codec.LONG, 0);
    }

    Builder<T> uuid() {
      return stored("uuid", Codec.TEXT, UUID_LENGTH);
    }

    Builder<T> times() {
      return time("createdAt").time("updatedAt");
    }

    Builder<T> time(String component) {
      return stored(component, Codec.TIME, 0);
    }

    /** Names of up to 255 characters. */
    Builder<T> name(String... components) {
      for (String component : components) {
        stored(component, Codec.TEXT, NAME_LENGTH);
      }
      return this;
    }

    Builder<T> text(String component, int length) {
      return stored(component, Codec.TEXT, length);
    }

    /** A text without bound. */
    Builder<T> longText(String component) {
      return stored(component, Codec.TEXT, 0);
    }

    Builder<T> number(String component) {
      return stored(component, Codec.LONG, 0);
    }

    Builder<T> integer(String component) {
      return stored(component, Codec.INTEGER, 0);
    }

    Builder<T> flag(String component) {
      return stored(component, Codec.BOOLEAN, 0);
    }

    Builder<T> json(String... components) {
      for (String component : components) {
        stored(component, Codec.JSON_OBJECT, 0);
      }
      return this;
    }

    Builder<T> list(String component) {
      return stored(component, Codec.JSON_ARRAY, 0);
    }

    Builder<T> stored(String component, Codec codec, int length) {
      return add(new Column.Stored(component, snakeCase(component), codec, length));
    }

    Builder<T> add(Column column) {
      columns.add(column);
      return this;
    }

    Builder<T> joined(String component, String foreignKey, String table) {
      return add(new Column.Joined(component, foreignKey, table));
    }

    Table<T> build() {
      return new Table<>(this);
    }

    private static String snakeCase(String component) {
      return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
  }
}
