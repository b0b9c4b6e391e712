package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.api.Operation;
import dev.ironic.core.store.Query;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Nonsense sent to every operation: it is refused with the standard error body, and what is stored
 * stays as it was. What is sent is chosen by a seed that is printed; {@code -Dironic.test.seed}
 * repeats a run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

  private static final long SEED =
      Long.getLong("ironic.test.seed", System.nanoTime() & 0xffff_ffffL);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Map<String, String> NEWEST =
      Map.of("X-OpenStack-Ironic-API-Version", ApiRig.LATEST);

  private final Random random = new Random(SEED);
  private final TreeMap<String, Integer> statuses = new TreeMap<>();
  private ApiRig rig;
  private Wire wire;
  private Stock stock;
  private final java.util.Set<String> notOffered = new java.util.TreeSet<>();

  @BeforeAll
  void start(@TempDir Path folder) {
    System.out.println("BadInputTest: repeat this run with -Dironic.test.seed=" + SEED);
    // What happens by the clock would change rows while they are compared.
    rig = new ApiRig(folder, Map.of("conductor.sync_power_state_interval", "0"));
    wire = rig.connect();
    stock = new Stock();
    for (Operation operation : Operation.table()) {
      String path = stock.path(operation, Map.of("node_ident", "nobody"));
      Reply reply = wire.send(operation.method(), path, NEWEST, null);
      if (reply.status() == 501) {
        assertThat(reply.error()).contains("does not offer " + operation.id());
        notOffered.add(operation.id());
      }
    }
    stock = new Stock();
  }

  @AfterAll
  void stop() {
    System.out.println("BadInputTest: answers by status " + statuses);
    wire.close();
    rig.close();
  }

  /** The objects that requests are aimed at. */
  private final class Stock {
    final String node = rig.manageable();
    final String port = rig.port(node);
    final String portgroup = rig.portgroup(node);
    final String chassis = rig.chassis();

    /** All that is stored of them, and how many there are. */
    List<Object> stored() {
      var store = rig.store();
      var row = store.nodes().get(node);
      return List.of(
          row.with(b -> b.fence(0)), // counts locks, which refused requests may take, too
          store.nodes().traits(List.of(row.id())),
          store.ports().get(port),
          store.portgroups().get(portgroup),
          store.chassis().get(chassis),
          store.nodes().count(Query.ALL),
          store.ports().count(Query.ALL),
          store.portgroups().count(Query.ALL),
          store.chassis().count(Query.ALL));
    }

    String path(Operation operation, Map<String, String> instead) {
      var values = new LinkedHashMap<String, String>();
      values.put("node_ident", node);
      values.put("port_ident", port);
      values.put("portgroup_ident", portgroup);
      values.put("chassis_uuid", chassis);
      values.put("driver_name", "fake-hardware");
      values.put("hostname", ApiRig.HOST);
      values.put("trait", "CUSTOM_X");
      values.put("vif_ident", "vif-1");
      values.put("method", "first_method");
      values.putAll(instead);
      String path = operation.path();
      for (String name : parameters(operation)) {
        path = path.replace("{" + name + "}", values.getOrDefault(name, ApiRig.uuid()));
      }
      return path;
    }
  }

  private static List<String> parameters(Operation operation) {
    return java.util.regex.Pattern.compile("\\{(\\w+)}")
        .matcher(operation.path())
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static boolean takesBody(Operation operation) {
    return operation.body() != null || operation.patches() != null || operation.creates() != null;
  }

  private static boolean isVendors(Operation operation) {
    return operation.id().contains("vendor_passthru");
  }

  /** A body that the operation would take, or nearly. */
  private Object body(Operation operation) {
    if (operation.patches() != null) {
      return List.of(Map.of("op", "add", "path", "/extra/a", "value", 1));
    }
    var body = new LinkedHashMap<String, Object>();
    switch (operation.id()) {
      case "node.create" -> body.put("driver", "fake-hardware");
      case "port.create" -> {
        body.put("node_uuid", stock.node);
        body.put("address", rig.mac());
      }
      case "portgroup.create" -> body.put("node_uuid", stock.node);
      case "node.states.power" -> body.put("target", "power on");
      case "node.states.provision" -> body.put("target", "provide");
      case "node.boot_device.set" -> body.put("boot_device", "pxe");
      case "node.trait.replace" -> body.put("traits", List.of("CUSTOM_Y"));
      case "node.vif.attach" -> body.put("id", "vif-1");
      case "ramdisk.heartbeat" -> body.put("callback_url", "https://192.0.2.1:9999");
      default -> {}
    }
    return body;
  }

  /** Sends a request and judges the answer. */
  private Reply send(
      Operation operation,
      String target,
      Map<String, String> headers,
      byte @Nullable [] body,
      boolean mustBeRefused) {
    List<Object> before = operation.isWrite() ? stock.stored() : List.of();
    Reply reply = wire.send(operation.method(), target, headers, body);
    String what =
        "seed %d: %s %s %s -> %d %s"
            .formatted(
                SEED,
                operation.method(),
                shortened(target),
                body == null ? "" : shortened(new String(body, StandardCharsets.UTF_8)),
                reply.status(),
                shortened(reply.text()));
    statuses.merge(String.valueOf(reply.status()), 1, Integer::sum);
    assertThat(reply.status()).as(what).isLessThan(500);
    if (mustBeRefused) {
      assertThat(reply.status()).as(what).isGreaterThanOrEqualTo(400);
    }
    if (reply.status() >= 400) {
      assertThat(told(reply)).as(what).isNotBlank();
      assertThat(reply.header("content-type")).as(what).isEqualTo("application/json");
      if (operation.isWrite()) {
        assertThat(stock.stored()).as(what).isEqualTo(before);
      }
    } else if (operation.isWrite()) {
      stock = new Stock();
    }
    return reply;
  }

  /** Some of many, by chance. */
  private <T> List<T> some(int howMany, List<T> of) {
    var shuffled = new ArrayList<>(of);
    java.util.Collections.shuffle(shuffled, random);
    return shuffled.subList(0, Math.min(howMany, shuffled.size()));
  }

  /** What is served: the rest answers all alike that it is not offered yet. */
  private List<Operation> served() {
    return Operation.table().stream()
        .filter(operation -> !notOffered.contains(operation.id()))
        .toList();
  }

  private static String told(Reply reply) {
    return reply.json().has("error_message") ? reply.error() : reply.bareError();
  }

  private static String shortened(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "... of " + text.length() : text;
  }

  private static byte[] json(@Nullable Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void bodiesThatAreNoJson() {
    var bodies = new ArrayList<byte[]>();
    for (String text :
        List.of(
            "{",
            "[",
            "}",
            "nul",
            "'x'",
            "{\"a\":}",
            "{\"a\" 1}",
            "{a: 1}",
            "[1,]",
            "{} {}",
            "NaN",
            "{\"extra\": {\"a\": Infinity}}",
            "\"open",
            "01",
            "{\"a\": 1e999999999}",
            "\u0000",
            "{\"extra\": {\"a\": \"\\u0000\"}}",
            "{\"extra\": {\"\\u0000\": 1}}",
            "{\"extra\": {\"a\": \"\\ud800\"}}",
            "{\"extra\": {\"a\": \"\\x\"}}",
            "{\"extra\": {\"a\": \"tab\there\"}}",
            "<xml/>",
            "a=b&c=d")) {
      bodies.add(utf8(text));
    }
    bodies.add(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'});
    bodies.add(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'});
    bodies.add(new byte[] {(byte) 0x1f, (byte) 0x8b, 8, 0, 0, 0});
    bodies.add(utf8("{\"extra\": {\"a\": " + "9".repeat(100_000) + "}}"));
    bodies.add(utf8("{\"extra\": {\"a\": 0." + "9".repeat(100_000) + "e" + "9".repeat(99) + "}}"));
    bodies.add(utf8("{\"a\":".repeat(26) + "1" + "}".repeat(26)));
    bodies.add(utf8("[".repeat(500_000)));
    bodies.add(utf8("{\"extra\": {\"" + "k".repeat(60_000) + "\": 1}, \"x\": 1"));
    for (Operation operation : served()) {
      boolean reads = takesBody(operation) && operation.isWrite();
      for (byte[] body : reads ? bodies : some(3, bodies)) {
        send(operation, stock.path(operation, Map.of()), NEWEST, body, reads);
      }
    }
  }

  @Test
  void bodiesOfAWrongKind() {
    for (Operation operation : served()) {
      if (!takesBody(operation) || isVendors(operation)) {
        continue;
      }
      boolean isPatch = operation.patches() != null;
      for (String text : List.of("null", "true", "7", "\"text\"", isPatch ? "{}" : "[]", "[[]]")) {
        send(operation, stock.path(operation, Map.of()), NEWEST, utf8(text), true);
      }
    }
  }

  @Test
  void bodiesThatAreTooLarge() {
    byte[] large = utf8("{\"extra\": {\"a\": \"" + "x".repeat(1 << 20) + "\"}}");
    Map<String, Operation> one = new LinkedHashMap<>();
    served().stream()
        .filter(Operation::isWrite)
        .filter(o -> !o.id().equals("node.states.provision")) // has a limit of its own
        .forEach(o -> one.put(o.method(), o));
    served().stream()
        .filter(o -> List.of("node.create", "node.update", "port.create").contains(o.id()))
        .forEach(o -> one.put(o.id(), o));
    for (Operation operation : one.values()) {
      Reply reply = send(operation, stock.path(operation, Map.of()), NEWEST, large, true);
      assertThat(reply.status()).isEqualTo(413);
    }
  }

  /** Values of which each field refuses some. */
  private @Nullable Object value() {
    return switch (random.nextInt(22)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt(-5, 5);
      case 3 -> Long.MAX_VALUE - random.nextInt(9);
      case 4 -> new java.math.BigInteger("9".repeat(1 + random.nextInt(60)));
      case 5 -> random.nextDouble() * 1e300;
      case 6 -> "";
      case 7 -> " ";
      case 8 -> "x".repeat(random.nextInt(200, 400));
      case 9 -> "y".repeat(70_000);
      case 10 -> "\u0000";
      case 11 -> "a\ud800b";
      case 12 -> "\ud83d\udca5".repeat(random.nextInt(1, 200));
      case 13 -> "../../etc/passwd";
      case 14 -> "'; DROP TABLE nodes; --";
      case 15 -> ApiRig.uuid();
      case 16 -> List.of();
      case 17 -> Map.of();
      case 18 -> List.of(List.of(), Map.of("a", List.of()));
      case 19 -> Map.of("a", Map.of("b", List.of(1, "x", true)));
      case 20 -> java.util.Arrays.asList(null, "x");
      default -> "true";
    };
  }

  /** As JSON, with half surrogate pairs and NUL as escapes so that they arrive. */
  private static byte[] escaped(@Nullable Object value) {
    return MAPPER
        .writer()
        .with(tools.jackson.core.json.JsonWriteFeature.ESCAPE_NON_ASCII)
        .writeValueAsBytes(value);
  }

  private List<String> fieldsOf(String kind) {
    String target =
        switch (kind) {
          case "node" -> "/v1/nodes/" + stock.node;
          case "port" -> "/v1/ports/" + stock.port;
          case "portgroup" -> "/v1/portgroups/" + stock.portgroup;
          default -> "/v1/chassis/" + stock.chassis;
        };
    return List.copyOf(rig.get(target).expect(200).json().propertyNames());
  }

  @Test
  void membersOfAnyValue() {
    for (Operation operation : served()) {
      var names = new ArrayList<String>();
      if (operation.creates() != null) {
        names.addAll(fieldsOf(operation.creates()));
      }
      if (operation.body() != null) {
        names.addAll(operation.body().members().keySet());
      }
      for (String name : names) {
        for (int i = 0; i < 4; i++) {
          @SuppressWarnings("unchecked")
          var body =
              new LinkedHashMap<String, @Nullable Object>((Map<String, Object>) body(operation));
          body.put(name, value());
          send(operation, stock.path(operation, Map.of()), NEWEST, escaped(body), false);
        }
      }
    }
  }

  @Test
  void membersThatNobodyKnows() {
    for (Operation operation : served()) {
      boolean closed = operation.body() != null && !operation.body().open();
      if (operation.creates() == null && !closed) {
        continue;
      }
      for (String name :
          List.of("nosuch", "", "Driver", "id", "__proto__", "a\u0000b", "ä".repeat(999))) {
        @SuppressWarnings("unchecked")
        var body =
            new LinkedHashMap<String, @Nullable Object>((Map<String, Object>) body(operation));
        body.put(name, 1);
        send(operation, stock.path(operation, Map.of()), NEWEST, escaped(body), true);
      }
    }
  }

  @Test
  void patchesOfAnyKind() {
    List<String> suffixes =
        List.of(
            "",
            "/a",
            "/0",
            "/-",
            "/a/b/c",
            "/~",
            "/~2",
            "/~0",
            "//",
            "/ä",
            "/ ",
            "/" + "k".repeat(3000));
    for (Operation operation : served()) {
      if (operation.patches() == null) {
        continue;
      }
      var roots = new ArrayList<>(fieldsOf(operation.patches()));
      roots.addAll(List.of("nosuch", "id", "", "reservation", "fence"));
      for (int i = 0; i < 250; i++) {
        var change = new LinkedHashMap<String, @Nullable Object>();
        change.put("op", pick(List.of("add", "replace", "remove", "remove", "move", "test", "")));
        change.put("path", "/" + pick(roots) + pick(suffixes));
        if (random.nextInt(8) > 0) {
          change.put("value", value());
        }
        if (random.nextInt(20) == 0) {
          change.put("from", "/extra");
        }
        var patch = new ArrayList<Object>();
        patch.add(Map.of("op", "add", "path", "/extra/first", "value", i));
        patch.add(random.nextInt(30) == 0 ? List.of(change) : change);
        send(operation, stock.path(operation, Map.of()), NEWEST, escaped(patch), false);
      }
    }
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  @Test
  void identifiersThatAreNone() {
    List<String> identifiers =
        List.of(
            "%",
            "%zz",
            "%0",
            "%00",
            "%ff%fe",
            "%c0%80",
            "a%2Fb",
            "a%00b",
            "%20",
            "a%20b",
            "%C3%A4",
            "*",
            "'",
            "%27%20OR%201=1",
            "a;b",
            "a%3Bb",
            "a%5Cb",
            "%2e%2e",
            "..",
            ".",
            "~",
            "x".repeat(256),
            "x".repeat(5000),
            "00000000-0000-0000-0000-00000000000g",
            "{}",
            "%EF%BF%BF");
    for (Operation operation : served()) {
      for (String parameter : parameters(operation)) {
        if (List.of("trait", "vif_ident", "method").contains(parameter)) {
          continue; // not the name of an object, so that some of these are well formed
        }
        for (String identifier : some(10, identifiers)) {
          String path = stock.path(operation, Map.of(parameter, identifier));
          byte[] body = takesBody(operation) ? json(body(operation)) : null;
          send(operation, path, NEWEST, body, true);
        }
      }
    }
  }

  @Test
  void queriesThatAreNone() {
    List<String> values =
        List.of(
            "",
            "%",
            "%zz",
            "%ff",
            "%00",
            "-1",
            "0",
            "1.5",
            "99999999999999999999",
            "nosuch",
            "null",
            "true",
            "%20",
            ",",
            "a,b,,c",
            "x".repeat(3000),
            "%F0%9F%92%A5",
            "'%20OR%201=1",
            "..",
            "[]");
    for (Operation operation : served()) {
      String path = stock.path(operation, Map.of());
      byte[] body = takesBody(operation) ? json(body(operation)) : null;
      for (String name : operation.query().keySet()) {
        for (String value : some(4, values)) {
          boolean undecodable = List.of("%", "%zz", "%ff", "%00").contains(value);
          send(operation, path + "?" + name + "=" + value, NEWEST, body, undecodable);
        }
      }
      if (!isVendors(operation)) {
        boolean reads = operation.body() == null || !operation.body().open();
        for (String unknown : some(3, List.of("nosuch=1", "LIMIT=1", "=1", "%00=1", "%ff", "a%"))) {
          boolean judged = reads || unknown.contains("%");
          send(operation, path + "?" + unknown, NEWEST, body, judged);
        }
      }
    }
  }

  @Test
  void headersThatAreNone() {
    for (Operation operation : served()) {
      String path = stock.path(operation, Map.of());
      byte[] body = takesBody(operation) ? json(body(operation)) : null;
      for (String version : List.of("1.116", "2.0", "x", "1.", "1.1.1")) {
        Reply reply =
            send(operation, path, Map.of("X-OpenStack-Ironic-API-Version", version), body, true);
        assertThat(reply.status()).isEqualTo(406);
      }
      var html = new LinkedHashMap<>(NEWEST);
      html.put("Accept", "text/html");
      assertThat(send(operation, path, html, body, true).status()).isEqualTo(406);
    }
  }
}
