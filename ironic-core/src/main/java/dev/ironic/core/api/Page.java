package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.store.Query;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a collection is asked for, and what of its objects.
 *
 * @param limit greatest number of objects
 * @param sortKey name of the field to sort by
 * @param shown fields to write
 */
record Page<T extends Record>(
    Resource<T> resource,
    ApiRequest request,
    int limit,
    @Nullable String marker,
    String sortKey,
    boolean descending,
    List<Field<T>> shown) {

  /** Reads the paging parameters of a request. */
  static <T extends Record> Page<T> of(ApiRequest request, Resource<T> resource, int maxLimit) {
    return of(request, resource, maxLimit, "id");
  }

  /**
   * The page that a request asks for.
   *
   * @param usualSortKey what is sorted by unless the request says otherwise
   */
  static <T extends Record> Page<T> of(
      ApiRequest request, Resource<T> resource, int maxLimit, String usualSortKey) {
    String direction = request.query("sort_dir");
    if (direction != null && !direction.equals("asc") && !direction.equals("desc")) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "Invalid sort direction: " + direction + ". Acceptable values are asc and desc");
    }
    String key = request.query("sort_key");
    String sortKey = key == null || key.isEmpty() ? usualSortKey : key;
    resource.sortComponent(sortKey, request.version());
    return new Page<>(
        resource,
        request,
        limit(request.query("limit"), maxLimit),
        request.query("marker"),
        sortKey,
        "desc".equals(direction),
        shown(request, resource));
  }

  private static int limit(@Nullable String text, int maxLimit) {
    if (text == null) {
      return maxLimit;
    }
    if (!text.matches("\\d{1,100}") || new BigInteger(text).signum() == 0) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE, "Limit must be a positive number, got '" + text + "'");
    }
    return new BigInteger(text).min(BigInteger.valueOf(maxLimit)).intValue();
  }

  /** The fields that a request for a collection asks for. */
  static <T extends Record> List<Field<T>> shown(ApiRequest request, Resource<T> resource) {
    String fields = request.query("fields");
    boolean detail =
        Boolean.TRUE.equals(request.flag("detail"))
            || request.operation().path().endsWith("detail");
    if (fields != null && detail) {
      resource.requireKnown(fields, request.version());
      throw new IronicException(Fault.INVALID, "Can't fetch a subset of fields with 'detail' set");
    }
    if (fields != null) {
      return resource.chosen(fields, request.version());
    }
    return detail ? resource.whole(request.version()) : resource.brief(request.version());
  }

  /** The fields that a request for one object asks for. */
  static <T extends Record> List<Field<T>> shownOfOne(ApiRequest request, Resource<T> resource) {
    String fields = request.query("fields");
    return fields == null
        ? resource.whole(request.version())
        : resource.chosen(fields, request.version());
  }

  /** All rows that the caller may list. */
  Query scope() {
    return narrowed(Query.ALL);
  }

  private Query narrowed(Query filters) {
    return request.permit().narrowed(request.operation(), resource.key(), filters);
  }

  /** The query for these rows. */
  Query query(Query filters) {
    return narrowed(filters)
        .sorted(resource.sortComponent(sortKey, request.version()), descending)
        .page(marker, limit);
  }

  /**
   * Writes the rows.
   *
   * @param id what the next page begins after
   */
  Answer answer(List<T> rows, View view, Function<T, String> id) {
    return Answer.json(
        200,
        out -> {
          out.writeStartObject();
          out.writeName(resource.key());
          out.writeStartArray();
          for (T row : rows) {
            resource.write(out, row, shown, view);
          }
          out.writeEndArray();
          if (!rows.isEmpty() && rows.size() == limit) {
            out.writeName("next");
            out.writeString(next(id.apply(rows.get(rows.size() - 1))));
          }
          out.writeEndObject();
        });
  }

  private String next(String last) {
    var next = new StringBuilder(request.base()).append(address());
    next.append("?sort_key=").append(encoded(sortKey));
    next.append("&sort_dir=").append(descending ? "desc" : "asc");
    request
        .operation()
        .query()
        .forEach(
            (name, member) -> {
              if (member.inNext() && Boolean.TRUE.equals(request.flag(name))) {
                next.append('&').append(name).append("=True");
              }
            });
    if (request.query("detail") != null) {
      next.append("&detail=");
      next.append(Boolean.TRUE.equals(request.flag("detail")) ? "True" : "False");
    }
    String fields = request.query("fields");
    if (fields != null) {
      next.append("&fields=").append(encoded(fields));
    }
    next.append("&limit=").append(limit).append("&marker=").append(encoded(last));
    return next.toString();
  }

  private String address() {
    String address = request.operation().path();
    for (Map.Entry<String, String> parameter : request.path().entrySet()) {
      address = address.replace("{" + parameter.getKey() + "}", encoded(parameter.getValue()));
    }
    return address;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
