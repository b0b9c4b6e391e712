package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.driver.InterfaceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Generic SQL on one table, for use inside a transaction or on a connection. Immutable.
 *
 * @param <T> the record
 */
final class Rows<T extends Record> {

  private final Table<T> table;
  private final Dialect dialect;
  private final RowReader<T> mapper;
  private final Conditions conditions;

  Rows(Table<T> table, Dialect dialect) {
    this.table = table;
    this.dialect = dialect;
    mapper = row -> table.map(row, dialect);
    conditions = new Conditions(table, dialect);
  }

  Table<T> table() {
    return table;
  }

  Sql sql(String text, @Nullable Object... arguments) {
    return new Sql(dialect).add(text, arguments);
  }

  /** Stores a row; its number is given by the database. */
  T insert(Session session, T draft, Instant now) {
    var names = new StringBuilder();
    var places = new StringBuilder();
    var values = new ArrayList<@Nullable Object>();
    for (Assignment assignment : assignments(draft, now)) {
      names.append(names.isEmpty() ? "\"" : ", \"").append(assignment.column()).append('"');
      places.append(places.isEmpty() ? "?" : ", ?");
      values.add(assignment.value());
    }
    Sql sql =
        sql("INSERT INTO \"" + table.name() + "\" (" + names + ") VALUES (")
            .add(places.toString(), values.toArray())
            .add(") RETURNING " + table.selection());
    try {
      return sql.list(session, mapper).getFirst();
    } catch (DatabaseException e) {
      throw Violations.translate(table, draft, e);
    }
  }

  /**
   * Changes some components of rows.
   *
   * @param changes new values by component
   * @param row names the row in messages
   * @param where which rows, beginning with WHERE
   * @return the rows as they are then
   */
  List<T> update(
      Session session, Map<String, @Nullable Object> changes, T row, Sql where, Instant now) {
    try {
      return set(session, changes(changes, now), where);
    } catch (DatabaseException e) {
      throw Violations.translate(table, row, e);
    }
  }

  /** What follows SET when components change. */
  Sql changes(Map<String, @Nullable Object> changes, Instant now) {
    Sql sql = sql("");
    String comma = "";
    for (Map.Entry<String, @Nullable Object> change : changes.entrySet()) {
      for (Assignment assignment : assignments(change.getKey(), change.getValue())) {
        sql.add(comma + "\"" + assignment.column() + "\" = ?", assignment.value());
        comma = ", ";
      }
    }
    if (table.has("updatedAt")) {
      sql.add(comma + "\"updated_at\" = ?", Codec.TIME.write(now, dialect));
      comma = ", ";
    }
    if (table.version() != null) {
      sql.add(comma + "\"version\" = ?", table.version());
    }
    return sql;
  }

  /**
   * Changes rows.
   *
   * @param assignments what follows SET
   * @param where which rows, beginning with WHERE
   * @return the rows as they are then
   */
  List<T> set(Session session, Sql assignments, Sql where) {
    return change(assignments, where).add(" RETURNING " + table.selection()).list(session, mapper);
  }

  /** The statement that changes rows. */
  Sql change(Sql assignments, Sql where) {
    return sql("UPDATE \"" + table.name() + "\" SET ").add(assignments).add(where);
  }

  List<T> select(Session session, Sql rest) {
    return sql("SELECT " + table.selection() + " FROM \"" + table.name() + "\"")
        .add(rest)
        .list(session, mapper);
  }

  Optional<T> find(Session session, String component, Object value) {
    return select(session, conditions.where(Query.where(component, value).filters())).stream()
        .findFirst();
  }

  /** Finds a row by UUID or name. */
  Optional<T> findByIdentifier(Session session, String ident) {
    return select(session, sql(" WHERE ").add(identified(ident))).stream().findFirst();
  }

  /** The condition that a row has this UUID or name. */
  Sql identified(String ident) {
    return conditions.identified(ident);
  }

  /** Reads rows of which only some components are wanted; the others may be empty. */
  List<T> select(Session session, Query query, Set<String> wanted) {
    Table.Projection<T> projection = table.projection(wanted);
    return sql("SELECT " + projection.selection() + " FROM \"" + table.name() + "\"")
        .add(tail(query, start(session, query), query.limit()))
        .list(session, row -> projection.map(row, dialect));
  }

  List<T> select(Session session, Query query) {
    return select(session, tail(query, start(session, query), query.limit()));
  }

  /** A row with its place in the order. */
  record Placed<T>(T row, Place place) {}

  /**
   * Where a row stands in an order.
   *
   * @param value of the column sorted by, as the database gave it
   */
  record Place(@Nullable Object value, long id) {}

  /** Reads a page after a place; the first page for null. */
  List<Placed<T>> page(Session session, Query query, @Nullable Place after, int limit) {
    int last = table.selectionWidth();
    return sql("SELECT " + table.selection() + ", ")
        .add(conditions.expression(query.sortKey()) + ", \"" + table.name() + "\".\"id\"")
        .add(" FROM \"" + table.name() + "\"")
        .add(tail(query, after, limit))
        .list(
            session,
            row ->
                new Placed<>(
                    table.map(row, dialect),
                    new Place(row.getObject(last + 1), row.getLong(last + 2))));
  }

  /** The place of the query's marker, or null without one. */
  @Nullable Place start(Session session, Query query) {
    String marker = query.marker();
    if (marker == null) {
      return null;
    }
    Sql sql =
        sql("SELECT " + conditions.expression(query.sortKey()))
            .add(", \"" + table.name() + "\".\"id\" FROM \"" + table.name() + "\" WHERE ")
            .add(identified(marker));
    return sql.list(session, row -> new Place(row.getObject(1), row.getLong(2))).stream()
        .findFirst()
        .orElseThrow(() -> missing(marker));
  }

  long count(Session session, Query query) {
    return sql("SELECT COUNT(*) FROM \"" + table.name() + "\"")
        .add(conditions.where(query.filters()))
        .list(session, row -> row.getLong(1))
        .getFirst();
  }

  /** Deletes rows; returns how many. */
  int delete(Session session, Sql where, String what) {
    try {
      return sql("DELETE FROM \"" + table.name() + "\"").add(where).run(session);
    } catch (DatabaseException e) {
      throw Violations.translateDeletion(what, e);
    }
  }

  IronicException missing(String ident) {
    return new IronicException(table.missing(), table.missingMessage().formatted(ident));
  }

  /** Somebody else has written what is to be changed. */
  IronicException changedMeanwhile(String ident) {
    return new IronicException(
        Fault.CHANGED_MEANWHILE,
        "%s %s was changed by somebody else at the same time; read it again and retry."
            .formatted(table.type().getSimpleName(), ident));
  }

  private Sql tail(Query query, @Nullable Place after, int limit) {
    Sql sql = conditions.where(query.filters());
    if (after != null) {
      sql.add(query.filters().isEmpty() ? " WHERE " : " AND ")
          .add(conditions.after(query, after.value(), after.id()));
    }
    return sql.add(conditions.orderAndLimit(query, limit));
  }

  private record Assignment(String column, @Nullable Object value) {}

  private List<Assignment> assignments(T draft, Instant now) {
    var all = new ArrayList<Assignment>();
    for (Column column : table.columns()) {
      switch (column.component()) {
        case "id" -> {}
        case "createdAt" -> all.addAll(assignments("createdAt", now));
        case "updatedAt" -> all.addAll(assignments("updatedAt", null));
        default ->
            all.addAll(assignments(column.component(), table.value(draft, column.component())));
      }
    }
    if (table.version() != null) {
      all.add(new Assignment("version", table.version()));
    }
    return all;
  }

  private List<Assignment> assignments(String component, @Nullable Object value) {
    return switch (table.column(component)) {
      case Column.Stored stored ->
          List.of(new Assignment(stored.column(), value == null ? null : encode(stored, value)));
      case Column.Joined joined -> List.of();
      case Column.Gathered gathered -> List.of();
      case Column.Elsewhere elsewhere -> List.of();
      case Column.Interfaces interfaces -> {
        Map<?, ?> names = value instanceof Map<?, ?> map ? map : Collections.emptyMap();
        var all = new ArrayList<Assignment>();
        for (InterfaceKind kind : Column.Interfaces.KINDS) {
          Object name = names.get(kind);
          all.add(
              new Assignment(
                  kind.nodeField(),
                  name == null
                      ? null
                      : checked(kind.nodeField(), (String) name, Table.Builder.NAME_LENGTH)));
        }
        yield all;
      }
    };
  }

  private Object encode(Column.Stored stored, Object value) {
    Object encoded = stored.codec().write(value, dialect);
    return encoded instanceof String text && stored.codec() == Codec.TEXT
        ? checked(stored.column(), text, stored.length())
        : encoded;
  }

  /** Both databases refuse the same texts, although SQLite would take them all. */
  private String checked(String column, String text, int length) {
    if (length > 0 && text.codePointCount(0, text.length()) > length) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "The value of %s is %d characters long, but at most %d are allowed: %s..."
              .formatted(
                  column,
                  text.codePointCount(0, text.length()),
                  length,
                  text.substring(0, text.offsetByCodePoints(0, Math.min(length, 32)))));
    }
    if (text.indexOf('\0') >= 0) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "The value of " + column + " holds a NUL character, which cannot be stored");
    }
    return text;
  }
}
