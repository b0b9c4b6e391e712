package dev.ironic.core.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** A statement that grows together with its arguments. Not thread-safe. */
final class Sql {

  private final Dialect dialect;
  private final StringBuilder text = new StringBuilder();
  private final List<@Nullable Object> arguments = new ArrayList<>();

  Sql(Dialect dialect) {
    this.dialect = dialect;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Adds text, with the values of its question marks. */
  Sql add(String part, @Nullable Object... values) {
    text.append(part);
    for (Object value : values) {
      arguments.add(value);
    }
    return this;
  }

  /** Adds another statement's text and arguments. */
  Sql add(Sql other) {
    text.append(other.text);
    arguments.addAll(other.arguments);
    return this;
  }

  /** Adds a condition that an expression is among values, however many there are. */
  Sql addIn(String expression, Collection<?> values) {
    if (values.isEmpty()) {
      return add("1 = 0");
    }
    return switch (dialect) {
      case SQLITE -> add(expression + " IN (SELECT value FROM json_each(?))", Json.write(values));
      case POSTGRESQL -> add(expression + " = ANY(?)", array(values));
    };
  }

  <R> List<R> list(Handle handle, RowMapper<R> mapper) {
    try (var query = handle.createQuery(text.toString())) {
      bind(query);
      return query.map(mapper).list();
    }
  }

  /** Runs the statement; returns the number of rows it changed. */
  int run(Handle handle) {
    try (var update = handle.createUpdate(text.toString())) {
      bind(update);
      return update.execute();
    }
  }

  private void bind(SqlStatement<?> statement) {
    for (int i = 0; i < arguments.size(); i++) {
      Object value = arguments.get(i);
      statement.bind(i, (position, prepared, context) -> prepared.setObject(position, value));
    }
  }

  private static Object array(Collection<?> values) {
    Stream<?> stream = values.stream();
    return values.stream().allMatch(Long.class::isInstance)
        ? stream.toArray(Long[]::new)
        : stream.map(String::valueOf).toArray(String[]::new);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
