package dev.ironic.core.api;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table of operations. Immutable.
 *
 * @param id its name, for example {@code node.list}
 * @param method HTTP method
 * @param path pattern with parameters in braces
 * @param more a second pattern that means the same, or null
 * @param since minor version that first has it
 * @param below status for older versions
 * @param unrouted whether for older versions its path leads nowhere, as if nothing had ever been
 *     there
 * @param isPublic whether it is served without authentication
 * @param policies names of the rules that allow it
 * @param query query parameters by name
 * @param body members of the body; null if there is none
 * @param patches resource that the body is a JSON patch for, or null
 * @param creates resource that the body describes, or null
 * @param status of success
 * @param produces media type of what it answers
 * @param alsoOldest whether the oldest version has it, though those before {@code since} have not
 * @param formFirst whether what is wrong with the form of a request is told before what is too new
 *     for its version
 */
@RecordBuilder
public record Operation(
    String id,
    String method,
    String path,
    @Nullable String more,
    int since,
    int below,
    boolean unrouted,
    boolean isPublic,
    List<String> policies,
    Map<String, Member> query,
    @Nullable Body body,
    @Nullable String patches,
    @Nullable String creates,
    int status,
    String produces,
    boolean alsoOldest,
    boolean formFirst)
    implements OperationBuilder.With {

  /**
   * A query parameter or a member of a body.
   *
   * @param type name of its type
   * @param since minor version that first knows it
   * @param below status for older versions
   * @param required whether it must be there
   * @param oneOf allowed values; empty for any
   * @param minimum least value of a number, or null
   * @param inNext whether a page's link to the next one repeats it where it is true; which filters
   *     are repeated is a fact of the wire
   */
  public record Member(
      String type,
      int since,
      int below,
      boolean required,
      List<String> oneOf,
      @Nullable Integer minimum,
      boolean inNext) {}

  /**
   * A body that is an object.
   *
   * @param members known members by name
   * @param open whether others are taken too
   * @param anything whether it need not be an object
   * @param inQuery whether the members may stand in the query string instead
   */
  public record Body(
      Map<String, Member> members, boolean open, boolean anything, boolean inQuery) {}

  /** Whether the request changes anything. */
  public boolean isWrite() {
    return !method.equals("GET");
  }

  /** Whether it lists everything to some callers and to others what belongs to their project. */
  boolean listsByProject() {
    return policies.size() == 2 && policies.get(1).endsWith(":list");
  }

  /** Whether a version has it. */
  public boolean knownAt(ApiVersion version) {
    return version.atLeast(since) || (alsoOldest && !version.atLeast(2));
  }

  /** Reads the table. */
  public static List<Operation> table() {
    var rows = (List<?>) java.util.Objects.requireNonNull(Json.resource("operations.json"));
    return rows.stream().map(row -> of(Json.object(row))).toList();
  }

  private static Operation of(Map<String, @Nullable Object> row) {
    Object body = row.get("body");
    return new Operation(
        text(row, "id"),
        text(row, "method"),
        text(row, "path"),
        (String) row.get("more"),
        number(row, "since", 1),
        number(row, "below", 404),
        Boolean.TRUE.equals(row.get("unrouted")),
        Boolean.TRUE.equals(row.get("public")),
        texts(row.get("policy")),
        members(row.get("query")),
        body == null ? null : body(Json.object(body)),
        (String) row.get("patches"),
        (String) row.get("creates"),
        number(row, "status", 200),
        row.get("produces") instanceof String type ? type : "application/json",
        Boolean.TRUE.equals(row.get("also_oldest")),
        row.containsKey("patches") || Boolean.TRUE.equals(row.get("form_first")));
  }

  private static Body body(Map<String, @Nullable Object> row) {
    return new Body(
        members(row.get("fields")),
        Boolean.TRUE.equals(row.get("open")),
        Boolean.TRUE.equals(row.get("any")),
        Boolean.TRUE.equals(row.get("query")));
  }

  private static Map<String, Member> members(@Nullable Object rows) {
    var members = new LinkedHashMap<String, Member>();
    Json.object(rows)
        .forEach(
            (name, value) -> {
              Map<String, @Nullable Object> row = Json.object(value);
              members.put(
                  name,
                  new Member(
                      text(row, "type"),
                      number(row, "since", 1),
                      number(row, "below", 406),
                      Boolean.TRUE.equals(row.get("required")),
                      texts(row.get("oneOf")),
                      row.containsKey("minimum") ? number(row, "minimum", 0) : null,
                      Boolean.TRUE.equals(row.get("in_next"))));
            });
    return members;
  }

  private static String text(Map<String, @Nullable Object> row, String name) {
    return String.valueOf(row.get(name));
  }

  private static int number(Map<String, @Nullable Object> row, String name, int otherwise) {
    return row.get(name) instanceof Number number ? number.intValue() : otherwise;
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }
}
