package dev.ironic.core.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
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

  <R> List<R> list(Session session, RowReader<R> reader) {
    return session.list(text.toString(), arguments, reader);
  }

  /** Runs the statement; returns the number of rows it changed. */
  int run(Session session) {
    return session.run(text.toString(), arguments);
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
