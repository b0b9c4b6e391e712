package dev.ironic.core.store;

import dev.ironic.driver.InterfaceKind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a component of a record is kept. */
sealed interface Column {

  /** Name of the record's component. */
  String component();

  /**
   * A column of the table.
   *
   * @param column its name
   * @param length most characters of a text; 0 for no bound
   */
  record Stored(String component, String column, Codec codec, int length) implements Column {}

  /** The UUID of a row that this one refers to: read, never written. */
  record Joined(String component, String foreignKey, String table) implements Column {

    /** Finds the UUID, as an expression. */
    String sql(String owner) {
      return "(SELECT j.\"uuid\" FROM \""
          + table
          + "\" j WHERE j.\"id\" = \""
          + owner
          + "\".\""
          + foreignKey
          + "\")";
    }
  }

  /**
   * Names that a table of its own keeps for this one, without commas in them: read with the row,
   * written by the repository.
   */
  record Gathered(String component, String table, String foreignKey, String column)
      implements Column {

    private static final String COMMA = ",";

    /** Finds the names, as an expression. */
    String sql(String owner) {
      return "(SELECT string_agg(g.\"%s\", '%s') FROM \"%s\" g WHERE g.\"%s\" = \"%s\".\"id\")"
          .formatted(column, COMMA, table, foreignKey, owner);
    }

    static List<String> names(@Nullable String found) {
      return found == null ? List.of() : Stream.of(found.split(COMMA, -1)).sorted().toList();
    }
  }

  /** A node's map of interface names, which has a column for each kind. */
  record Interfaces(String component) implements Column {
    static final List<InterfaceKind> KINDS = Arrays.asList(InterfaceKind.values());
  }

  /** A list that has a table of its own; read and written by the repository. */
  record Elsewhere(String component) implements Column {}
}
