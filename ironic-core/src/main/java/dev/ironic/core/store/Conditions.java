package dev.ironic.core.store;

import dev.ironic.core.model.UuidForm;
import dev.ironic.core.store.Query.Filter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a {@link Query} on a table into SQL. */
final class Conditions {

  private final Table<?> table;
  private final Dialect dialect;

  Conditions(Table<?> table, Dialect dialect) {
    this.table = table;
    this.dialect = dialect;
  }

  /** The conditions, beginning with WHERE, or nothing. */
  Sql where(List<Filter> filters) {
    var sql = new Sql(dialect);
    String word = " WHERE ";
    for (Filter filter : filters) {
      sql.add(word).add(condition(filter));
      word = " AND ";
    }
    return sql;
  }

  /**
   * The condition that a row has this UUID or name. A name never has the form of a UUID, so that
   * one column is looked at where there are both.
   */
  Sql identified(String ident) {
    List<String> components = table.identifiers();
    if (components.size() > 1 && components.getFirst().equals("uuid")) {
      components =
          UuidForm.fits(ident) ? List.of("uuid") : components.subList(1, components.size());
    }
    var sql = new Sql(dialect);
    String or = "(";
    for (String component : components) {
      sql.add(or + expression(component) + " = ?", ident);
      or = " OR ";
    }
    return sql.add(")");
  }

  /**
   * The condition that a row comes after another one.
   *
   * @param value of the column sorted by, as the database gave it
   */
  Sql after(Query query, @Nullable Object value, long id) {
    String key = expression(query.sortKey());
    String number = quoted("id");
    String beyond = query.descending() ? " < ?" : " > ?";
    var sql = new Sql(dialect).add("(");
    if (query.sortKey().equals("id")) {
      return sql.add(number + beyond, id).add(")");
    }
    if (value == null) {
      sql.add(key + " IS NULL AND " + number + beyond, id);
      if (!query.descending()) {
        sql.add(" OR " + key + " IS NOT NULL");
      }
    } else if (query.descending()) {
      sql.add(key + beyond, value)
          .add(" OR " + key + " = ?", value)
          .add(" AND " + number + beyond, id)
          .add(" OR " + key + " IS NULL");
    } else {
      // As one range, so that an index leads to its beginning however far into the list it is.
      sql.add(key + " >= ?", value)
          .add(" AND (" + key + beyond, value)
          .add(" OR " + number + beyond + ")", id);
    }
    return sql.add(")");
  }

  /** The order and the number of rows. */
  Sql orderAndLimit(Query query, int limit) {
    var sql = new Sql(dialect).add(" ORDER BY ");
    if (!query.sortKey().equals("id")) {
      sql.add(expression(query.sortKey()) + dialect.order(query.descending()) + ", ");
    }
    sql.add(quoted("id") + (query.descending() ? " DESC" : " ASC"));
    return limit > 0 ? sql.add(" LIMIT ?", limit) : sql;
  }

  /** What to sort by, as an expression. */
  String expression(String component) {
    return switch (table.column(component)) {
      case Column.Stored stored -> quoted(stored.column());
      case Column.Joined joined -> joined.sql(table.name());
      case Column.Interfaces interfaces -> throw notComparable(component);
      case Column.Elsewhere elsewhere -> throw notComparable(component);
      case Column.Gathered gathered -> throw notComparable(component);
    };
  }

  private Sql condition(Filter filter) {
    return switch (filter) {
      case Filter.Equal equal -> equal(equal.component(), equal.value());
      case Filter.In in -> in(in.component(), in.values());
      case Filter.NotIn not -> notIn(not.component(), not.values());
      case Filter.IsNull is ->
          new Sql(dialect).add(key(is.component()) + (is.isNull() ? " IS NULL" : " IS NOT NULL"));
      case Filter.Before before ->
          new Sql(dialect)
              .add(stored(before.component()) + " < ?", Codec.TIME.write(before.time(), dialect));
      case Filter.Contains contains -> contains(contains);
      case Filter.AnyEqual any -> anyEqual(any);
      case Filter.Any any -> any(any);
      case Filter.OfNode of -> ofNode(of);
    };
  }

  private Sql equal(String component, @Nullable Object value) {
    if (value == null) {
      return new Sql(dialect).add(key(component) + " IS NULL");
    }
    return switch (table.column(component)) {
      case Column.Stored stored ->
          new Sql(dialect).add(quoted(stored.column()) + " = ?", encode(stored, value));
      case Column.Joined joined ->
          new Sql(dialect)
              .add(
                  key(component)
                      + " = (SELECT j.\"id\" FROM \""
                      + joined.table()
                      + "\" j WHERE j.\"uuid\" = ?)",
                  value);
      case Column.Interfaces interfaces -> throw notComparable(component);
      case Column.Elsewhere elsewhere -> throw notComparable(component);
      case Column.Gathered gathered -> throw notComparable(component);
    };
  }

  private Sql in(String component, Collection<?> values) {
    List<Object> present = encodeAll(component, values);
    var sql = new Sql(dialect).add("(");
    switch (table.column(component)) {
      case Column.Stored stored -> sql.addIn(quoted(stored.column()), present);
      case Column.Joined joined ->
          sql.add(key(component) + " IN (SELECT j.\"id\" FROM \"" + joined.table() + "\" j WHERE ")
              .addIn("j.\"uuid\"", present)
              .add(")");
      case Column.Interfaces interfaces -> throw notComparable(component);
      case Column.Elsewhere elsewhere -> throw notComparable(component);
      case Column.Gathered gathered -> throw notComparable(component);
    }
    if (present.size() < values.size()) {
      sql.add(" OR " + key(component) + " IS NULL");
    }
    return sql.add(")");
  }

  private Sql notIn(String component, Collection<?> values) {
    return new Sql(dialect)
        .add("(" + key(component) + " IS NULL OR NOT ")
        .add(in(component, values))
        .add(")");
  }

  private Sql contains(Filter.Contains contains) {
    String part = contains.part().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    return new Sql(dialect)
        .add(
            "LOWER(" + stored(contains.component()) + ") LIKE LOWER(?) ESCAPE '\\'",
            "%" + part + "%");
  }

  private Sql anyEqual(Filter.AnyEqual any) {
    var sql = new Sql(dialect).add("(");
    String word = "";
    for (String component : any.components()) {
      sql.add(word).add(equal(component, any.value()));
      word = " OR ";
    }
    return sql.add(")");
  }

  private Sql any(Filter.Any any) {
    var sql = new Sql(dialect).add("(1 = 0");
    any.filters().forEach(filter -> sql.add(" OR ").add(condition(filter)));
    return sql.add(")");
  }

  private Sql ofNode(Filter.OfNode of) {
    return new Sql(dialect)
        .add(quoted("node_id") + " IN (SELECT \"nodes\".\"id\" FROM \"nodes\"")
        .add(new Conditions(Tables.NODES, dialect).where(of.filters()))
        .add(")");
  }

  private List<Object> encodeAll(String component, Collection<?> values) {
    Column column = table.column(component);
    var present = new ArrayList<>();
    for (Object value : values) {
      if (value != null) {
        present.add(column instanceof Column.Stored stored ? encode(stored, value) : value);
      }
    }
    return present;
  }

  /** Encodes a value; names of states may be given as texts. */
  private Object encode(Column.Stored stored, Object value) {
    return switch (value) {
      case String text -> text;
      case Integer number -> number.longValue();
      default -> stored.codec().write(value, dialect);
    };
  }

  /** The column that tells whether a value is there. */
  private String key(String component) {
    return switch (table.column(component)) {
      case Column.Stored stored -> quoted(stored.column());
      case Column.Joined joined -> quoted(joined.foreignKey());
      case Column.Interfaces interfaces -> throw notComparable(component);
      case Column.Elsewhere elsewhere -> throw notComparable(component);
      case Column.Gathered gathered -> throw notComparable(component);
    };
  }

  private String stored(String component) {
    if (table.column(component) instanceof Column.Stored stored) {
      return quoted(stored.column());
    }
    throw notComparable(component);
  }

  private String quoted(String column) {
    return "\"" + table.name() + "\".\"" + column + "\"";
  }

  private static IllegalArgumentException notComparable(String component) {
    return new IllegalArgumentException("Rows cannot be compared by '" + component + "'");
  }
}
