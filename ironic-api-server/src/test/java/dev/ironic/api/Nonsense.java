package dev.ironic.api;

import dev.ironic.core.api.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/** Makes requests that are wrong in one way or another; the same for the same seed. */
final class Nonsense {

  private static final JsonMapper JSON = new JsonMapper();

  private static final List<Object> VALUES = values();

  private static final List<String> MALFORMED =
      List.of("{", "[", "nul", "\"", "{\"a\"}", "[1,]", "{\"target\":}", "--", "0x1", "{\"x\":1}}");

  /** Fields of the objects that can be created, with values that would do. */
  private static final Map<String, Map<String, Object>> VALID =
      Map.of(
          "node",
          Map.of(
              "driver",
              "fake-hardware",
              "name",
              "n1",
              "extra",
              Map.of(),
              "properties",
              Map.of(),
              "driver_info",
              Map.of(),
              "resource_class",
              "rc",
              "owner",
              "o",
              "automated_clean",
              true,
              "conductor_group",
              "",
              "power_interface",
              "fake"),
          "port",
          Map.of(
              "address",
              "52:54:00:dd:00:01",
              "node_uuid",
              "11111111-1111-1111-1111-111111111111",
              "local_link_connection",
              Map.of(),
              "pxe_enabled",
              true,
              "physical_network",
              "p",
              "extra",
              Map.of()),
          "portgroup",
          Map.of(
              "node_uuid", "11111111-1111-1111-1111-111111111111",
              "address", "52:54:00:dd:00:02",
              "name", "g",
              "mode", "802.3ad",
              "properties", Map.of(),
              "standalone_ports_supported", true),
          "chassis",
          Map.of("description", "c", "extra", Map.of()));

  private Nonsense() {}

  private static List<Object> values() {
    var values = new ArrayList<Object>();
    Collections.addAll(
        values,
        "",
        " ",
        "x",
        "no such thing",
        "\u0000",
        "\uD83D\uDE00",
        "'; DROP TABLE nodes; --",
        "../../etc/passwd",
        "x".repeat(300),
        "x".repeat(70_000),
        0,
        -1,
        1.5,
        Long.MAX_VALUE,
        true,
        List.of(),
        List.of(1, "a", List.of()),
        Map.of(),
        Map.of("a", Map.of("b", List.of())),
        "11111111-1111-1111-1111-111111111111",
        "2026-13-45T99:99:99",
        "%s%n%x",
        "${jndi:x}");
    values.add(null);
    return Collections.unmodifiableList(values);
  }

  private static <T> T one(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  /** A path segment that names nothing. */
  static String ident(Random random) {
    return one(
        List.of(
            "x",
            "no%20such",
            "11111111-1111-1111-1111-111111111111",
            "%00",
            "..%2F..",
            "a%2Fb",
            "-",
            "%F0%9F%98%80",
            "n".repeat(300),
            "*",
            "detail"),
        random);
  }

  /** A query string: known names with odd values, and unknown names. */
  static String query(Operation operation, Random random) {
    var names = new ArrayList<>(new TreeSet<>(operation.query().keySet()));
    names.add("bogus");
    names.add("limit");
    names.add("fields");
    var parts = new ArrayList<String>();
    int count = random.nextInt(3);
    for (int i = 0; i <= count; i++) {
      String value = String.valueOf(one(VALUES, random));
      // Longer lines are refused by any server before it looks at them.
      String cut = value.length() > 2000 ? value.substring(0, 2000) : value;
      parts.add(one(names, random) + "=" + URLEncoder.encode(cut, StandardCharsets.UTF_8));
    }
    return "?" + String.join("&", parts);
  }

  /** A body that is probably wrong. */
  static byte[] body(Operation operation, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> one(MALFORMED, random).getBytes(StandardCharsets.UTF_8);
      case 1 -> JSON.writeValueAsBytes(one(VALUES, random));
      default -> JSON.writeValueAsBytes(shaped(operation, random));
    };
  }

  private static Object shaped(Operation operation, Random random) {
    if (operation.method().equals("PATCH")) {
      return patch(random);
    }
    String creates = operation.creates();
    var body = new LinkedHashMap<String, Object>();
    if (creates != null && VALID.containsKey(creates)) {
      body.putAll(VALID.get(creates));
    }
    var names = new ArrayList<>(new TreeSet<>(body.keySet()));
    if (operation.body() != null) {
      operation
          .body()
          .members()
          .forEach(
              (name, member) -> {
                names.add(name);
                if (!member.oneOf().isEmpty()) {
                  body.put(name, one(member.oneOf(), random));
                }
              });
    }
    names.add("bogus");
    names.add("uuid");
    body.put(one(names, random), one(VALUES, random));
    return body;
  }

  private static Object patch(Random random) {
    var operations = new ArrayList<Object>();
    int count = random.nextInt(3);
    for (int i = 0; i <= count; i++) {
      var operation = new LinkedHashMap<String, Object>();
      operation.put("op", one(List.of("add", "replace", "remove", "move", "test", ""), random));
      operation.put(
          "path",
          one(
              List.of(
                  "/name",
                  "/extra/a",
                  "/extra/a/b/c",
                  "/driver",
                  "/uuid",
                  "/properties",
                  "/address",
                  "/links",
                  "",
                  "/",
                  "extra",
                  "/bogus",
                  "/instance_uuid",
                  "/provision_state",
                  "/driver_info/-",
                  "/node_uuid",
                  "/chassis_uuid",
                  "/power_interface",
                  "/id",
                  "/maintenance",
                  "/description",
                  "/mode",
                  "/pxe_enabled",
                  "/created_at"),
              random));
      operation.put("value", one(VALUES, random));
      operations.add(random.nextInt(10) == 0 ? one(VALUES, random) : operation);
    }
    return operations;
  }
}
