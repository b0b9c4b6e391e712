package dev.ironic.core.store;

import dev.ironic.core.Fault;
import java.util.List;

/**
 * Values that only one row may have.
 *
 * @param constraint its name in PostgreSQL
 * @param columns its columns, by which SQLite names it
 * @param fault what its violation means
 * @param message with a {@code %s} for the value of each component
 * @param components components whose values the message names
 */
record Unique(
    String constraint, List<String> columns, Fault fault, String message, List<String> components) {

  static Unique of(String constraint, String column, String message, String component) {
    return new Unique(
        constraint, List.of(column), Fault.ALREADY_EXISTS, message, List.of(component));
  }
}
