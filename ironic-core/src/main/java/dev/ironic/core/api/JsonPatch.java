package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A list of changes to an object. Immutable. */
final class JsonPatch {

  private static final int QUOTED = 200;

  /** One part of a path. A pattern for whole paths would recurse as deeply as they are long. */
  private static final Pattern PART = Pattern.compile("[\\w-]*+", Pattern.UNICODE_CHARACTER_CLASS);

  private record Change(String op, List<String> path, boolean hasValue, @Nullable Object value) {
    String root() {
      return path.get(0);
    }

    @Override
    public String toString() {
      return shortened(op + " /" + String.join("/", path));
    }
  }

  private final List<Change> changes;
  private final ApiVersion version;

  private JsonPatch(List<Change> changes, ApiVersion version) {
    this.changes = changes;
    this.version = version;
  }

  /**
   * Reads a patch and judges its form; what it may touch depends on the resource.
   *
   * @throws IronicException 400, or a parameter's own status where that is too new
   */
  static JsonPatch read(ApiRequest request) {
    if (!(Json.read(request.body()) instanceof List<?> rows)) {
      throw refused("Schema error for patch: it must be a list of operations");
    }
    var changes = new ArrayList<Change>();
    for (Object row : rows) {
      changes.add(change(row, request.version()));
    }
    Bodies.requireKnownParameters(request);
    return new JsonPatch(changes, request.version());
  }

  /**
   * Judges which fields it touches, for which the object itself need not be known.
   *
   * @param extraRoots roots allowed besides the patchable fields
   * @return the patch itself
   * @throws IronicException 400 for what no patch may touch, 406 for what is too new
   */
  JsonPatch permitted(Resource<?> resource, String... extraRoots) {
    var allowed = new TreeSet<>(List.of(extraRoots));
    resource.fields().stream()
        .filter(f -> f.is(Mark.PATCH))
        .filter(f -> !f.is(Mark.UNKNOWN_BELOW) || version.atLeast(f.since()))
        .forEach(f -> allowed.add(f.name()));
    for (Change change : changes) {
      if (!allowed.contains(change.root())) {
        throw refused(
            "Cannot patch /"
                + shortened(String.join("/", change.path()))
                + ". Only the following can be updated: "
                + String.join(", ", allowed));
      }
    }
    for (Change change : changes) {
      Field<?> field = resource.find(change.root());
      if (field != null && setsTooNew(field, change)) {
        version.require(field.since(), "Field " + field.name());
      }
    }
    return this;
  }

  /** Giving a value to a whole field is judged by the version; what else, its marks tell. */
  private static boolean setsTooNew(Field<?> field, Change change) {
    if (field.is(Mark.PATCH_UNGATED)) {
      return false;
    }
    if (change.op().equals("remove")) {
      return field.is(Mark.REMOVAL_GATED);
    }
    return change.path().size() == 1 || field.is(Mark.PARTS_GATED);
  }

  private static Change change(@Nullable Object row, ApiVersion version) {
    if (!(row instanceof Map)) {
      throw refused("Schema error for patch: each operation must be an object");
    }
    Map<String, @Nullable Object> members = Json.object(row);
    for (String name : members.keySet()) {
      if (!Set.of("op", "path", "value").contains(name)) {
        throw refused("Schema error for patch: '" + name + "' was unexpected");
      }
    }
    if (!(members.get("op") instanceof String op)
        || !Set.of("add", "replace", "remove").contains(op)) {
      throw refused(
          "Schema error for patch: '" + members.get("op") + "' is not one of add, replace, remove");
    }
    boolean escapes = version.atLeast(98);
    if (!(members.get("path") instanceof String path) || !isPath(path, escapes)) {
      throw refused(
          "Schema error for patch: '%s' is not a usable path"
              .formatted(shortened(String.valueOf(members.get("path")))));
    }
    var parts = new ArrayList<String>();
    for (String part : path.substring(1).split("/", -1)) {
      parts.add(escapes ? part.replace("~1", "/").replace("~0", "~") : part);
    }
    return new Change(op, List.copyOf(parts), members.containsKey("value"), members.get("value"));
  }

  private static boolean isPath(String path, boolean escapes) {
    return path.startsWith("/")
        && Arrays.stream(path.substring(1).split("/", -1))
            .allMatch(
                part -> {
                  String plain = escapes ? part.replace("~0", "").replace("~1", "") : part;
                  return !part.isEmpty() && PART.matcher(plain).matches();
                });
  }

  /**
   * Fails when a change brings a list or a fraction.
   *
   * @return the patch itself
   */
  JsonPatch withoutLists() {
    for (Change change : changes) {
      if (change.value() instanceof List || change.value() instanceof Double) {
        throw refused(
            "Schema error for patch: '" + change + "' must not bring a list or a fraction");
      }
    }
    return this;
  }

  /** The root fields touched. */
  Set<String> roots() {
    var roots = new LinkedHashSet<String>();
    changes.forEach(change -> roots.add(change.root()));
    return roots;
  }

  /** Whether all it does is to remove a root field. */
  boolean onlyRemoves(String root) {
    return !changes.isEmpty()
        && changes.stream()
            .allMatch(c -> c.op().equals("remove") && c.path().equals(List.of(root)));
  }

  /** Whether a root field is removed or set to null. */
  boolean unsets(String root) {
    return changes.stream()
        .anyMatch(
            c -> c.path().equals(List.of(root)) && (c.op().equals("remove") || c.value() == null));
  }

  /** The last value given to a whole root field, or null. */
  @Nullable Object valueOf(String root) {
    Object value = null;
    for (Change change : changes) {
      if (change.path().equals(List.of(root))) {
        value = change.value();
      }
    }
    return value;
  }

  /**
   * Applies all changes.
   *
   * <p>A null stands for the default where a field cannot be null.
   *
   * @return new value of each touched field, checked; fields that were removed hold their default
   * @throws IronicException 400
   */
  <T extends Record> Map<String, @Nullable Object> apply(Resource<T> resource, T row, View view) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    for (String root : roots()) {
      Field<T> field = resource.find(root);
      if (field != null) {
        document.put(root, copy(resource.stored(field, row, view)));
      }
    }
    for (Change change : changes) {
      if (resource.find(change.root()) != null) {
        apply(document, change);
      }
    }
    var values = new LinkedHashMap<String, @Nullable Object>();
    for (String root : roots()) {
      Field<T> field = resource.find(root);
      if (field == null || (field.is(Mark.KEPT) && !document.containsKey(root))) {
        continue;
      }
      if (document.get(root) != null || (field.is(Mark.NULLABLE) && document.containsKey(root))) {
        values.put(root, field.accept(document.get(root)));
      } else if (field.is(Mark.REQUIRED)) {
        throw refused("Schema error for patch: '" + root + "' is a required property");
      } else {
        values.put(root, field.otherwise());
      }
    }
    return values;
  }

  private static void apply(Map<String, @Nullable Object> document, Change change) {
    boolean remove = change.op().equals("remove");
    if (!remove && !change.hasValue()) {
      throw failed(change, "the operation has no member 'value'");
    }
    Object parent = document;
    for (String part : change.path().subList(0, change.path().size() - 1)) {
      parent = step(parent, part, change);
    }
    String last = change.path().get(change.path().size() - 1);
    switch (parent) {
      case Map<?, ?> map -> {
        @SuppressWarnings("unchecked")
        var members = (Map<String, @Nullable Object>) map;
        if (!change.op().equals("add") && !members.containsKey(last)) {
          throw failed(change, "there is no '" + last + "'");
        }
        if (remove) {
          members.remove(last);
        } else {
          members.put(last, copy(change.value()));
        }
      }
      case List<?> list -> {
        @SuppressWarnings("unchecked")
        var items = (List<@Nullable Object>) list;
        int end = change.op().equals("add") ? items.size() : items.size() - 1;
        int i = last.equals("-") && change.op().equals("add") ? items.size() : index(last);
        if (i < 0 || i > end) {
          throw failed(change, "there is no item " + last);
        }
        switch (change.op()) {
          case "add" -> items.add(i, copy(change.value()));
          case "remove" -> items.remove(i);
          default -> items.set(i, copy(change.value()));
        }
      }
      case null, default -> throw failed(change, "'" + last + "' lies in something without parts");
    }
  }

  private static Object step(Object parent, String part, Change change) {
    Object next =
        switch (parent) {
          case Map<?, ?> map -> map.get(part);
          case List<?> list -> {
            int i = index(part);
            yield i >= 0 && i < list.size() ? list.get(i) : null;
          }
          default -> null;
        };
    if (next == null) {
      throw failed(change, "there is no '" + part + "'");
    }
    return next;
  }

  private static int index(String text) {
    return text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
  }

  /** A copy that may be changed. */
  private static @Nullable Object copy(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, member) -> copy.put(Objects.toString(key), copy(member)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>(list.size());
        list.forEach(item -> copy.add(copy(item)));
        yield copy;
      }
      case null -> null;
      default -> value;
    };
  }

  private static IronicException failed(Change change, String why) {
    return refused("Couldn't apply patch '" + change + "'. Reason: " + why);
  }

  /** What a client sent is not sent back at any length. */
  private static String shortened(String text) {
    return text.length() > QUOTED ? text.substring(0, QUOTED) + "..." : text;
  }

  private static IronicException refused(String why) {
    return new IronicException(Fault.PATCH_ERROR, why);
  }
}
