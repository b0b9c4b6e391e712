package dev.ironic.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Spoils a good request in one way or several; the same for the same seed. Not thread-safe. */
final class Mutations {

  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNodeFactory NODES = JSON.getNodeFactory();

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\u0000",
          "\u202Egnp.exe",
          "\uD83D\uDE00\uD83D\uDC68\u200D\uD83D\uDC69",
          "a\u0301\u0301\u0301",
          "\uFEFF\uFFFE\uFFFF",
          "\u0130\u0131\u017F\u212A",
          "'; DROP TABLE nodes; --",
          "../../../etc/passwd",
          "%s%n%x${jndi:x}{{7*7}}",
          "null",
          "NaN",
          "-",
          "9".repeat(400),
          "2026-02-30T25:61:61Z",
          "11111111-1111-1111-1111-11111111111G",
          "x".repeat(256),
          "y".repeat(5000));

  private static final List<String> BROKEN =
      List.of(
          "{",
          "[",
          "}",
          "{\"a\"}",
          "[1,]",
          "{\"target\":}",
          "nul",
          "0x1",
          "{\"a\":1}}",
          "\"\\uD800\"",
          "{\"\\uDC00\":1}",
          "{\"a\":\"\\u0000\"}",
          "1e999999999",
          "-",
          "{\"a\":1e400}",
          "[\"\\x\"]",
          "\uFEFF{}",
          "{\"a\":1,\"a\":{\"a\":[]}}");

  private static final List<String> SEGMENTS =
      List.of(
          "x",
          "%00",
          "%",
          "%zz",
          "%FF%FE",
          "..%2F..",
          "%2e%2e",
          "a%2Fb",
          ".",
          "*",
          "detail",
          "%F0%9F%98%80",
          "n".repeat(300),
          "%20",
          "+",
          ";a=b",
          "x.json",
          ".json",
          "11111111-1111-1111-1111-111111111111",
          "CUSTOM_%C3%9F",
          "a%0D%0Ab",
          "%25252e");

  private static final List<String> QUERIES =
      List.of(
          "bogus=1",
          "limit=",
          "limit",
          "=",
          "&&&",
          "limit=1&limit=x",
          "limit=%",
          "limit=%FF",
          "%00=%00",
          "fields=",
          "fields=,,,",
          "fields=uuid,bogus",
          "fields=links&detail=true",
          "marker=%00",
          "sort_key=links",
          "sort_key=extra&sort_dir=",
          "sort_dir=up",
          "limit=-0",
          "limit=9223372036854775808",
          "detail=%E2%80%AE",
          "?",
          "#x",
          "a[]=1",
          "fields=" + "uuid,".repeat(500));

  private static final List<String> HEADERS =
      List.of(
          "X-OpenStack-Ironic-API-Version: 1.999",
          "X-OpenStack-Ironic-API-Version: 2.0",
          "X-OpenStack-Ironic-API-Version: x",
          "X-OpenStack-Ironic-API-Version: 1.-1",
          "X-OpenStack-Ironic-API-Version: 1.99999999999999999999",
          "OpenStack-API-Version: baremetal",
          "OpenStack-API-Version: baremetal latest, compute 2.1",
          "OpenStack-API-Version: ,,,",
          "Accept: text/html",
          "Accept: ;;;,",
          "Accept: */*;q=x",
          "Content-Type: application/xml",
          "Content-Type: ;",
          "Content-Encoding: gzip",
          "Authorization: Basic !!!",
          "Authorization: Bearer x",
          "X-Auth-Token: \u00FF",
          "traceparent: 00-x",
          "X-Forwarded-Host: evil",
          "Range: bytes=0-1",
          "If-Match: *",
          "Expect: 100-continue",
          "Expect: a miracle",
          "Connection: close",
          "Content-Length: 0",
          "Content-Length: -1",
          "Host: a:b:c",
          "Host: \u00FF",
          "No colon",
          ": no name",
          "X-Huge: " + "x".repeat(20_000),
          "X-Long: " + "x".repeat(3000),
          "X-Many: " + "\t".repeat(100));

  private final Random random;

  Mutations(Random random) {
    this.random = random;
  }

  private <T> T one(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  RawClient.Request spoil(RawClient.Request good) {
    RawClient.Request request = good;
    int times = 1 + random.nextInt(2);
    for (int i = 0; i < times; i++) {
      request =
          switch (random.nextInt(8)) {
            case 0 -> target(request);
            case 1 -> query(request);
            case 2 -> header(request);
            case 3 -> bytes(request);
            default -> value(request);
          };
    }
    return request;
  }

  private RawClient.Request target(RawClient.Request request) {
    String[] parts = request.target().split("\\?", 2);
    var segments = new ArrayList<>(Arrays.asList(parts[0].split("/", -1)));
    int at = random.nextInt(segments.size());
    switch (random.nextInt(5)) {
      case 0 -> segments.add(at, one(SEGMENTS));
      case 1 -> segments.remove(at);
      case 2 -> segments.addAll(segments.subList(1, segments.size()));
      default -> segments.set(at, one(SEGMENTS));
    }
    String path = String.join("/", segments);
    String rooted = path.startsWith("/") ? path : "/" + path;
    return with(request, rooted + (parts.length > 1 ? "?" + parts[1] : ""), request.body());
  }

  private RawClient.Request query(RawClient.Request request) {
    String sign = request.target().contains("?") ? "&" : "?";
    return with(request, request.target() + sign + one(QUERIES), request.body());
  }

  private RawClient.Request header(RawClient.Request request) {
    var headers = new ArrayList<>(request.headers());
    headers.add(one(HEADERS));
    return new RawClient.Request(request.method(), request.target(), headers, request.body());
  }

  private static RawClient.Request with(RawClient.Request request, String target, byte[] body) {
    return new RawClient.Request(request.method(), target, request.headers(), body);
  }

  /** Spoils the body below the level of JSON. */
  private RawClient.Request bytes(RawClient.Request request) {
    byte[] body = request.body();
    byte[] spoilt =
        switch (random.nextInt(7)) {
          case 0 -> one(BROKEN).getBytes(StandardCharsets.UTF_8);
          case 1 -> Arrays.copyOf(body, random.nextInt(body.length + 1));
          case 2 -> flipped(body);
          case 3 -> ("[".repeat(20 + random.nextInt(2000))).getBytes(StandardCharsets.UTF_8);
          case 4 -> nested(1 + random.nextInt(40)).getBytes(StandardCharsets.UTF_8);
          case 5 ->
              ("[{\"op\":\"add\",\"path\":\""
                      + "/a".repeat(random.nextInt(20_000))
                      + "\",\"value\":1}]")
                  .getBytes(StandardCharsets.UTF_8);
          default ->
              (new String(body, StandardCharsets.UTF_8) + " x").getBytes(StandardCharsets.UTF_8);
        };
    return with(request, request.target(), spoilt);
  }

  private byte[] flipped(byte[] body) {
    byte[] copy = body.clone();
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
    }
    return copy;
  }

  private static String nested(int depth) {
    return "{\"extra\":" + "{\"a\":".repeat(depth) + "1" + "}".repeat(depth) + "}";
  }

  /** Spoils one value somewhere in the body. */
  private RawClient.Request value(RawClient.Request request) {
    if (request.body().length == 0) {
      return random.nextBoolean() ? query(request) : bytes(request);
    }
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (tools.jackson.core.JacksonException e) {
      return request; // spoilt already
    }
    var holders = new ArrayList<JsonNode>();
    collect(body, holders);
    if (holders.isEmpty()) {
      return with(request, request.target(), JSON.writeValueAsBytes(odd()));
    }
    switch (one(holders)) {
      case ObjectNode object -> spoil(object);
      case ArrayNode array -> spoil(array);
      default -> throw new AssertionError("neither object nor array");
    }
    return with(request, request.target(), JSON.writeValueAsBytes(body));
  }

  private static void collect(JsonNode node, List<JsonNode> holders) {
    if (node.isContainer()) {
      holders.add(node);
      node.forEach(child -> collect(child, holders));
    }
  }

  private void spoil(ObjectNode object) {
    var names = new ArrayList<String>(object.propertyNames());
    if (names.isEmpty() || random.nextInt(6) == 0) {
      object.set(one(TEXTS) + "bogus", odd());
    } else if (random.nextInt(6) == 0) {
      object.remove(one(names));
    } else {
      object.set(one(names), odd());
    }
  }

  private void spoil(ArrayNode array) {
    if (array.isEmpty() || random.nextBoolean()) {
      array.add(odd());
    } else {
      array.set(random.nextInt(array.size()), odd());
    }
  }

  private JsonNode odd() {
    return switch (random.nextInt(12)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextInt());
      case 3 -> NODES.numberNode(Long.MIN_VALUE);
      case 4 -> NODES.numberNode(new java.math.BigInteger("9".repeat(60)));
      case 5 -> NODES.numberNode(1.5e300);
      case 6 -> NODES.arrayNode().add(1).add("a").add(NODES.arrayNode());
      case 7 -> NODES.objectNode().set("a", NODES.objectNode().put("b", one(TEXTS)));
      default -> NODES.stringNode(one(TEXTS));
    };
  }
}
