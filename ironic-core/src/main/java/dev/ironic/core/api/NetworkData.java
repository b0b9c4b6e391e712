package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The form of a node's static network settings. */
final class NetworkData {

  private NetworkData() {}

  /** Checks a document that may also be empty. */
  static void checkUnlessEmpty(Map<String, @Nullable Object> document) {
    if (!document.isEmpty()) {
      check(document);
    }
  }

  /**
   * Checks a document: links, networks and services, each a list of objects with what makes it
   * usable.
   */
  static void check(Map<String, @Nullable Object> document) {
    for (String part : List.of("links", "networks", "services")) {
      if (!document.containsKey(part)) {
        throw refused("'" + part + "' is a required property");
      }
    }
    document.forEach(
        (part, value) -> {
          if (!Set.of("links", "networks", "services").contains(part)) {
            throw refused("'" + part + "' was unexpected");
          }
          if (!(value instanceof List<?> items)) {
            throw refused(part + " must be a list");
          }
          for (Object item : items) {
            if (!(item instanceof Map)) {
              throw refused(part + " must be a list of objects");
            }
            for (String required : required(part)) {
              if (!(Json.object(item).get(required) instanceof String)) {
                throw refused("'" + required + "' is required in each of the " + part);
              }
            }
          }
        });
  }

  private static List<String> required(String part) {
    return switch (part) {
      case "links" -> List.of("id", "type");
      case "networks" -> List.of("id", "link", "type");
      default -> List.of("address", "type");
    };
  }

  private static IronicException refused(String why) {
    return new IronicException(Fault.INVALID, "Invalid network_data: " + why);
  }
}
