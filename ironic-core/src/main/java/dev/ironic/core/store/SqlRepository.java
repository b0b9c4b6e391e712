package dev.ironic.core.store;

import dev.ironic.core.IronicException;
import dev.ironic.core.model.Changes;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A repository over one table; what is special about a resource overrides a part. */
class SqlRepository<T extends Record> implements Repository<T> {

  private static final int PAGE = 500;

  protected final Database database;
  protected final Clock clock;
  protected final Rows<T> rows;

  SqlRepository(Database database, Clock clock, Table<T> table) {
    this.database = database;
    this.clock = clock;
    rows = new Rows<>(table, database.dialect());
  }

  /** Adds what other tables hold. */
  protected List<T> complete(Session session, List<T> found) {
    return found;
  }

  /** Writes what other tables hold, after the row was stored or changed. */
  protected void writeChildren(Session session, T stored, T wanted) {}

  /** Checks and removes what hangs on a row. */
  protected void beforeDelete(Session session, T row) {}

  protected Instant now() {
    return clock.instant();
  }

  @Override
  public T insert(T draft) {
    return database.write(
        session -> {
          T stored = rows.insert(session, draft, now());
          writeChildren(session, stored, draft);
          return completed(session, stored);
        });
  }

  @Override
  public Optional<T> find(String ident) {
    return first(session -> rows.findByIdentifier(session, ident));
  }

  @Override
  public T get(String ident) {
    return find(ident).orElseThrow(() -> rows.missing(ident));
  }

  @Override
  public IronicException missing(String ident) {
    return rows.missing(ident);
  }

  @Override
  public Optional<T> findById(long id) {
    return first(session -> rows.find(session, "id", id));
  }

  @Override
  public List<T> list(Query query) {
    return database.read(session -> complete(session, rows.select(session, query)));
  }

  @Override
  public List<T> list(Query query, Set<String> components) {
    return database.read(session -> complete(session, rows.select(session, query, components)));
  }

  /** Reads page by page, so that no connection is held while the action runs. */
  @Override
  public void forEach(Query query, Consumer<T> action) {
    Rows.@Nullable Place place = database.read(session -> rows.start(session, query));
    long left = query.limit() > 0 ? query.limit() : Long.MAX_VALUE;
    while (left > 0) {
      Rows.@Nullable Place after = place;
      int size = (int) Math.min(left, PAGE);
      List<Rows.Placed<T>> page = database.read(session -> rows.page(session, query, after, size));
      List<T> found = page.stream().map(Rows.Placed::row).toList();
      database.read(session -> complete(session, found)).forEach(action);
      if (page.size() < size) {
        return;
      }
      left -= size;
      place = page.getLast().place();
    }
  }

  @Override
  public long count(Query query) {
    return database.read(session -> rows.count(session, query));
  }

  @Override
  public T update(T before, T after) {
    return database.write(
        session -> {
          Changes<T> changes = Changes.between(before, after);
          T current = current(session, before);
          if (!changes.fits(current)) {
            throw rows.changedMeanwhile(name(before));
          }
          if (changes.isEmpty() && !countsUnchanged()) {
            return current;
          }
          T stored = write(session, changes.values(), after);
          writeChildren(session, stored, after);
          return completed(session, stored);
        });
  }

  /** Whether an update that changes nothing still moves the time of the last one. */
  protected boolean countsUnchanged() {
    return false;
  }

  /** The row as it is now, which nobody changes before the transaction ends. */
  private T current(Session session, T before) {
    Sql rest = rows.sql(" WHERE \"id\" = ?", id(before));
    if (database.dialect() == Dialect.POSTGRESQL) {
      rest.add(" FOR UPDATE");
    }
    List<T> found = rows.select(session, rest);
    if (found.isEmpty()) {
      throw rows.missing(name(before));
    }
    return completed(session, found.getFirst());
  }

  /** Changes components of a row, found by its number. */
  protected T write(Session session, Map<String, @Nullable Object> changes, T row) {
    long id = id(row);
    List<T> changed = rows.update(session, changes, row, rows.sql(" WHERE \"id\" = ?", id), now());
    if (changed.isEmpty()) {
      throw rows.missing(name(row));
    }
    return changed.getFirst();
  }

  @Override
  public void delete(T row) {
    database.write(
        session -> {
          beforeDelete(session, row);
          Sql where = rows.sql(" WHERE \"id\" = ?", id(row));
          if (rows.delete(session, where, rows.table().type().getSimpleName() + " " + name(row))
              == 0) {
            throw rows.missing(name(row));
          }
          return row;
        });
  }

  protected long id(T row) {
    return (Long) Objects.requireNonNull(rows.table().value(row, "id"));
  }

  /** The row's UUID, or what users call it by. */
  protected String name(T row) {
    return String.valueOf(rows.table().value(row, rows.table().identifiers().getFirst()));
  }

  private T completed(Session session, T row) {
    return complete(session, List.of(row)).getFirst();
  }

  private Optional<T> first(Function<Session, Optional<T>> search) {
    return database.read(session -> search.apply(session).map(found -> completed(session, found)));
  }
}
