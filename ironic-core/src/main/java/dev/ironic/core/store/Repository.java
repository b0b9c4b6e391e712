package dev.ironic.core.store;

import dev.ironic.core.IronicException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Access to the rows of one table. Thread-safe; methods block. Rows that cannot be found are {@link
 * dev.ironic.core.Fault#NOT_FOUND} (nodes: {@code NODE_NOT_FOUND}); values that must be unique and
 * are not are {@code ALREADY_EXISTS}, with the value in the message.
 *
 * @param <T> the record of the table
 */
public interface Repository<T extends Record> {

  /**
   * Stores a new row.
   *
   * @param draft with id 0; the creation time is set here
   * @return the row as stored
   */
  T insert(T draft);

  /** Finds a row by UUID or, where the resource has one, by name (conductors: host name). */
  Optional<T> find(String ident);

  /** Finds a row or fails. */
  T get(String ident);

  /** How {@link #get} fails, for those who may not know of a row that there is. */
  IronicException missing(String ident);

  /** Finds a row by its number. */
  Optional<T> findById(long id);

  /** Reads rows. */
  List<T> list(Query query);

  /**
   * Reads rows of which only some components are needed.
   *
   * @param components names of those; any other may be empty in what is returned
   */
  default List<T> list(Query query, Set<String> components) {
    return list(query);
  }

  /** Reads rows one by one, without holding them all in memory. */
  void forEach(Query query, Consumer<T> action);

  /** Counts rows; order, marker and limit are ignored. */
  long count(Query query);

  /**
   * Writes the components in which the two versions differ.
   *
   * @param before as read
   * @param after as wanted
   * @return the row as stored
   * @throws dev.ironic.core.IronicException CHANGED_MEANWHILE when somebody else has written one of
   *     these components since it was read
   */
  T update(T before, T after);

  /** Removes a row and what belongs to it. */
  void delete(T row);
}
