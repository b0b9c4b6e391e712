package dev.ironic.core.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation answers. Immutable.
 *
 * @param summary what the operation does, in a few words
 * @param form how the body is made
 * @param of name of the resource, document or type in the body; empty where the form has none
 * @param only the fields shown, where not all are
 * @param key the member that holds a list
 * @param paged whether a list has pages
 * @param async whether the answer may also be an empty 202
 * @param location whether the answer tells where to go on
 * @param errors the statuses of refusals
 * @param oldest document for the oldest version where that has another one, or null
 */
record Shape(
    String summary,
    Form form,
    String of,
    List<String> only,
    String key,
    boolean paged,
    boolean async,
    boolean location,
    List<Integer> errors,
    @Nullable String oldest) {

  /** How a body is made. */
  enum Form {
    /** No body. */
    EMPTY,
    /** An object. */
    ONE,
    /** An object with a list of objects. */
    LIST,
    /** An object with one member that holds an object and has its name. */
    KEYED,
    /** An object whose members are all alike. */
    MAP,
    /** Anything. */
    ANY
  }

  private static final Map<String, Form> FORMS =
      Map.of("one", Form.ONE, "list", Form.LIST, "keyed", Form.KEYED, "map", Form.MAP);

  /**
   * A member of a document that is no resource.
   *
   * @param type name of its type
   * @param of name of the document or resource that the objects in it are, or null
   * @param only the fields of those objects, where not all are
   */
  record Member(
      String type,
      int since,
      boolean nullable,
      boolean optional,
      List<String> oneOf,
      @Nullable String of,
      List<String> only) {

    private static Member of(Map<String, @Nullable Object> row) {
      return new Member(
          String.valueOf(row.get("type")),
          row.get("since") instanceof Number since ? since.intValue() : 1,
          Boolean.TRUE.equals(row.get("null")),
          Boolean.TRUE.equals(row.get("optional")),
          texts(row.get("oneOf")),
          (String) row.get("of"),
          texts(row.get("only")));
    }
  }

  /**
   * The shapes of all operations.
   *
   * @param documents members of each document
   * @param operations shapes by the operation's name
   */
  record Table(Map<String, Map<String, Member>> documents, Map<String, Shape> operations) {

    /** The shape of an operation. */
    Shape of(Operation operation) {
      Shape shape = operations.get(operation.id());
      if (shape == null) {
        throw new IllegalStateException("answers.json has no row for " + operation.id());
      }
      return shape;
    }

    /** The members of a document. */
    Map<String, Member> document(String name) {
      Map<String, Member> members = documents.get(name);
      if (members == null) {
        throw new IllegalStateException("answers.json has no document " + name);
      }
      return members;
    }
  }

  /** Reads the table. */
  static Table table() {
    Map<String, @Nullable Object> all = Json.object(Json.resource("answers.json"));
    var documents = new LinkedHashMap<String, Map<String, Member>>();
    Json.object(all.get("documents"))
        .forEach(
            (name, rows) -> {
              var members = new LinkedHashMap<String, Member>();
              Json.object(rows)
                  .forEach((member, row) -> members.put(member, Member.of(Json.object(row))));
              documents.put(name, members);
            });
    var operations = new LinkedHashMap<String, Shape>();
    Json.object(all.get("operations"))
        .forEach((id, row) -> operations.put(id, shape(Json.object(row))));
    return new Table(documents, operations);
  }

  private static Shape shape(Map<String, @Nullable Object> row) {
    Form form = Boolean.TRUE.equals(row.get("any")) ? Form.ANY : Form.EMPTY;
    String of = "";
    for (var entry : FORMS.entrySet()) {
      if (row.get(entry.getKey()) instanceof String name) {
        form = entry.getValue();
        of = name;
      }
    }
    String key = row.get("key") instanceof String text ? text : "";
    return new Shape(
        String.valueOf(row.get("summary")),
        form,
        of,
        texts(row.get("only")),
        key,
        Boolean.TRUE.equals(row.get("paged")),
        Boolean.TRUE.equals(row.get("async")),
        Boolean.TRUE.equals(row.get("location")),
        row.get("errors") instanceof List<?> list
            ? list.stream().map(status -> ((Number) status).intValue()).toList()
            : List.of(),
        (String) row.get("oldest"));
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }
}
