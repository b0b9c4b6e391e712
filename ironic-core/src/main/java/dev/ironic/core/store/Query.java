package dev.ironic.core.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows, in which order, how many. Columns are named by the record's components ({@code
 * provisionState}; a single interface of a node as {@code powerInterface}); a name that the record
 * lacks is an {@link IllegalArgumentException}. Immutable.
 *
 * @param filters all must hold
 * @param sortKey component to sort by (nulls count as smallest); rows with equal values stand in
 *     order of creation, backwards when descending
 * @param descending whether the largest come first
 * @param marker UUID (or other identifier of the resource) after which to begin; null for the start
 * @param limit greatest number of rows; 0 for all
 */
public record Query(
    List<Filter> filters, String sortKey, boolean descending, @Nullable String marker, int limit) {

  /** All rows in order of creation. */
  public static final Query ALL = new Query(List.of(), "id", false, null, 0);

  /** A condition on a row. */
  public sealed interface Filter {

    /** The component has this value; null asks for none. */
    record Equal(String component, @Nullable Object value) implements Filter {}

    /** The component has one of these values. */
    record In(String component, Collection<?> values) implements Filter {}

    /** The component has none of these values (null counts as none of them). */
    record NotIn(String component, Collection<?> values) implements Filter {}

    /** The component is null, or is not. */
    record IsNull(String component, boolean isNull) implements Filter {}

    /** The component is a time before this one. */
    record Before(String component, Instant time) implements Filter {}

    /** The component, a text, has this part, in any case. */
    record Contains(String component, String part) implements Filter {}

    /** One of the components has this value: for owner or lessee. */
    record AnyEqual(List<String> components, Object value) implements Filter {}

    /** At least one of these conditions holds. */
    record Any(List<Filter> filters) implements Filter {}

    /** The row belongs to a node for which all of these conditions hold. */
    record OfNode(List<Filter> filters) implements Filter {}
  }

  /** The same query with one more condition. */
  public Query and(Filter filter) {
    var all = new ArrayList<>(filters);
    all.add(filter);
    return new Query(List.copyOf(all), sortKey, descending, marker, limit);
  }

  /** A query for a value of one component. */
  public static Query where(String component, @Nullable Object value) {
    return ALL.and(new Filter.Equal(component, value));
  }

  /** The same query with another page. */
  public Query page(@Nullable String newMarker, int newLimit) {
    return new Query(filters, sortKey, descending, newMarker, newLimit);
  }

  /** The same query in another order. */
  public Query sorted(String newSortKey, boolean newDescending) {
    return new Query(filters, newSortKey, newDescending, marker, limit);
  }
}
