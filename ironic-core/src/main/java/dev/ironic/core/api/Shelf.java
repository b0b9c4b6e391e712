package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Repository;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A collection whose rows stand by themselves: what listing, showing and changing them have in
 * common.
 *
 * @param resource the table
 * @param rows where they are
 * @param uuid what identifies a row
 * @param address below {@code /v1}
 * @param named whether paths may name a row by its name
 */
record Shelf<T extends Record>(
    Resource<T> resource,
    Repository<T> rows,
    Function<T, String> uuid,
    String address,
    boolean named) {

  /** The row that a path names. */
  T row(String ident) {
    return named ? Lookups.byIdent(rows, ident) : Lookups.byUuid(rows, ident);
  }

  /** Lists the rows that match. */
  Answer list(ApiRequest request, Query filters, int maxLimit) {
    Page<T> page = Page.of(request, resource, maxLimit);
    String marker = page.marker();
    if (marker != null) {
      String at = uuid.apply(row(marker));
      if (rows.count(page.scope().and(new Query.Filter.Equal("uuid", at))) == 0) {
        throw rows.missing(marker);
      }
    }
    List<T> found = rows.list(page.query(filters));
    return page.answer(found, View.plain(request), uuid);
  }

  /** Shows a row, as far as the request asks for. */
  Answer show(ApiRequest request, T row) {
    return document(request, 200, row, Page.shownOfOne(request, resource));
  }

  /**
   * Shows the row that a request names; which fields are asked for is judged before it is looked
   * for.
   */
  Handler shows(Function<ApiRequest, T> row) {
    return request -> {
      List<Field<T>> shown = Page.shownOfOne(request, resource);
      return document(request, 200, row.apply(request), shown);
    };
  }

  /** Shows a row that was changed. */
  Answer changed(ApiRequest request, T row) {
    return document(request, 200, row, resource.whole(request.version()));
  }

  /** Shows a row that was made. */
  Answer created(ApiRequest request, T row) {
    return document(request, 201, row, resource.whole(request.version()))
        .at(request.base() + "/v1/" + address + "/" + uuid.apply(row));
  }

  private Answer document(ApiRequest request, int status, T row, List<Field<T>> shown) {
    View view = View.plain(request);
    return Answer.json(status, out -> resource.write(out, row, shown, view));
  }

  /** The checked members of a new object, with a UUID. */
  Map<String, @Nullable Object> newValues(ApiRequest request, String... extra) {
    Map<String, @Nullable Object> values =
        resource.acceptCreation(
            Bodies.object(Json.read(request.body())), request.version(), Set.of(extra));
    values.putIfAbsent("uuid", java.util.UUID.randomUUID().toString());
    return values;
  }

  /** The new values that a patch gives to a row. */
  Map<String, @Nullable Object> patched(ApiRequest request, JsonPatch patch, T row) {
    return patch.apply(resource, row, View.plain(request));
  }

  /** Checks a logical name. */
  static void checkName(@Nullable Object name, String of) {
    if (name instanceof String text && (!FieldType.isIdent(text) || FieldType.isUuid(text))) {
      throw new IronicException(Fault.INVALID, "Invalid name for " + of + ": '" + text + "'");
    }
  }

  /**
   * Checks a member that is a text or null.
   *
   * @param most the greatest number of characters
   */
  static void checkText(String name, @Nullable Object value, int most) {
    if (value != null && !(value instanceof String text && text.length() <= most)) {
      throw new IronicException(
          Fault.INVALID, "%s must be a text of at most %d characters".formatted(name, most));
    }
  }
}
