package dev.ironic.api;

import dev.ironic.core.api.ApiVersion;
import dev.ironic.core.api.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the operation for a method and a path. Immutable. */
final class Router {

  /** Writing through these, or showing one object below its parent, is malformed. */
  private static final List<String> NESTED =
      List.of(
          "v1/nodes/{x}/ports",
          "v1/nodes/{x}/portgroups",
          "v1/nodes/{x}/volume/connectors",
          "v1/nodes/{x}/volume/targets",
          "v1/chassis/{x}/nodes",
          "v1/portgroups/{x}/ports");

  /** Collections whose objects, but not they themselves, can be changed. */
  private static final List<String> COLLECTIONS =
      List.of(
          "v1/nodes",
          "v1/ports",
          "v1/portgroups",
          "v1/chassis",
          "v1/volume/connectors",
          "v1/volume/targets");

  /** Places with the methods that cannot be used just there. */
  private static final Map<String, String> MISPLACED =
      Map.of("v1/nodes/{x}/vifs", "DELETE", "v1/nodes/{x}/vifs/{y}", "POST");

  /** Places below which no method leads anywhere. */
  private static final List<String> CLOSED =
      List.of(
          "v1/nodes/{x}/firmware",
          "v1/nodes/{x}/children",
          "v1/nodes/{x}/maintenance",
          "v1/nodes/{x}/management",
          "v1/lookup");

  /** Places that are incomplete by themselves, with the method of what is below. */
  private static final Map<String, String> INCOMPLETE = Map.of("v1/heartbeat", "POST");

  /** Where a request leads. */
  sealed interface Match {

    /** To an operation. */
    record Found(Operation operation, Map<String, String> parameters) implements Match {}

    /** To a place that has other methods. */
    record WrongMethod(List<String> allowed) implements Match {}

    /** Below an object that has no such part. */
    record NoSuchPart(Operation show, Map<String, String> parameters, String part)
        implements Match {}

    /** To a place that can't be used like that. */
    record Malformed() implements Match {}

    /** Nowhere. */
    record Nothing() implements Match {}
  }

  private static final class Place {
    final Map<String, Place> literals = new HashMap<>();
    final Map<String, Place> parameters = new HashMap<>();
    final Map<String, Operation> operations = new HashMap<>();
    final TreeSet<String> malformed = new TreeSet<>();
    final TreeSet<String> below = new TreeSet<>();
    boolean closed;
  }

  private final Place root = new Place();

  Router(List<Operation> operations) {
    for (Operation operation : operations) {
      place(operation.path()).operations.put(operation.method(), operation);
      if (operation.more() != null) {
        place(operation.more()).operations.put(operation.method(), operation);
      }
    }
    for (String path : NESTED) {
      place(path).malformed.add("POST");
      place(path + "/{y}").malformed.addAll(List.of("GET", "PATCH", "DELETE"));
    }
    MISPLACED.forEach((path, method) -> place(path).malformed.add(method));
    INCOMPLETE.forEach((path, method) -> place(path).below.add(method));
    for (String path : CLOSED) {
      place(path + "/{y}").closed = true;
    }
    for (String path : COLLECTIONS) {
      place(path).malformed.addAll(List.of("PATCH", "DELETE"));
    }
  }

  private Place place(String path) {
    Place place = root;
    for (String part : path.split("/", -1)) {
      if (part.startsWith("{")) {
        place = place.parameters.computeIfAbsent(part, p -> new Place());
      } else if (!part.isEmpty()) {
        place = place.literals.computeIfAbsent(part, p -> new Place());
      }
    }
    return place;
  }

  /**
   * Finds the place for decoded path segments.
   *
   * @param version the version negotiated, for which some places do not exist
   */
  Match match(String method, List<String> segments, ApiVersion version) {
    var places = new ArrayList<Map.Entry<Place, Map<String, String>>>();
    collect(root, segments, 0, Map.of(), places);
    if (places.isEmpty()) {
      return method.equals("GET") ? part(segments, version) : new Match.Nothing();
    }
    var allowed = new TreeSet<String>();
    boolean malformed = false;
    boolean closed = false;
    boolean missing = false;
    var known = new ArrayList<Operation>();
    var newer = new ArrayList<Operation>();
    for (var entry : places) {
      Place place = entry.getKey();
      Operation operation = place.operations.get(method);
      if (operation != null && isRouted(operation, version)) {
        return new Match.Found(operation, entry.getValue());
      }
      closed |= place.closed || (operation != null && operation.below() == 405);
      missing |= operation != null && operation.below() == 404;
      malformed |= place.malformed.contains(method);
      place
          .operations
          .values()
          .forEach(each -> (isRouted(each, version) ? known : newer).add(each));
      if (!place.below.contains(method)) {
        allowed.addAll(place.below);
      }
    }
    known.forEach(each -> allowed.add(each.method()));
    missing |= known.isEmpty() && !newer.isEmpty();
    if (malformed && !missing) {
      return new Match.Malformed();
    }
    return closed || (!allowed.isEmpty() && !missing)
        ? new Match.WrongMethod(List.copyOf(allowed))
        : new Match.Nothing();
  }

  private static boolean isRouted(Operation operation, ApiVersion version) {
    return !operation.unrouted() || operation.knownAt(version);
  }

  /** What lies below an object that can be shown is a part of it, known or not. */
  private Match part(List<String> segments, ApiVersion version) {
    if (segments.size() > 2
        && match("GET", segments.subList(0, segments.size() - 1), version)
            instanceof Match.Found(Operation show, Map<String, String> parameters)
        && show.id().endsWith(".show")
        && parameters.size() == 1) {
      return new Match.NoSuchPart(show, parameters, segments.getLast());
    }
    return new Match.Nothing();
  }

  /** All places that fit, those with more literal parts first. */
  private static void collect(
      @Nullable Place place,
      List<String> segments,
      int at,
      Map<String, String> parameters,
      List<Map.Entry<Place, Map<String, String>>> found) {
    if (place == null) {
      return;
    }
    if (at == segments.size()) {
      found.add(Map.entry(place, parameters));
      return;
    }
    collect(place.literals.get(segments.get(at)), segments, at + 1, parameters, found);
    place.parameters.forEach(
        (name, next) -> {
          var more = new HashMap<>(parameters);
          more.put(name.substring(1, name.length() - 1), segments.get(at));
          collect(next, segments, at + 1, more, found);
        });
  }
}
