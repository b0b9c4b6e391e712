package dev.ironic.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The bare metal API's doors for ramdisks, on a real socket. */
final class FakeIronic implements AutoCloseable {

  static final String NODE = "1be26c0b-03f2-4d2e-ae87-c02d7f33c123";
  static final String TOKEN = "0123456789abcdef0123456789abcdef-tok";

  final List<JsonMap> heartbeats = new CopyOnWriteArrayList<>();
  final List<String> lookups = new CopyOnWriteArrayList<>();
  final List<String> versions = new CopyOnWriteArrayList<>();
  final Map<String, Object> node = new ConcurrentHashMap<>(Map.of("uuid", NODE));
  final Map<String, Object> config =
      new ConcurrentHashMap<>(
          Map.of(
              "heartbeat_timeout",
              300,
              "agent_token",
              TOKEN,
              "agent_token_required",
              true,
              "agent_md5_checksum_enable",
              false,
              "permitted_image_formats",
              List.of("raw", "gpt", "qcow2")));

  /** How many lookups are still refused with 404. */
  final AtomicInteger unknownLookups = new AtomicInteger();

  volatile String maxVersion = "1.115";

  private final HttpServer server;

  FakeIronic() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String version =
          String.valueOf(exchange.getRequestHeaders().getFirst("X-OpenStack-Ironic-API-Version"));
      if (path.equals("/")) {
        answer(exchange, 200, Map.of("default_version", Map.of("version", maxVersion)));
      } else if (path.equals("/v1/lookup")) {
        lookups.add(exchange.getRequestURI().getQuery());
        versions.add("lookup " + version);
        if (unknownLookups.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          answer(exchange, 404, Map.of("error_message", "{\"faultstring\": \"no such node\"}"));
        } else {
          answer(exchange, 200, Map.of("node", node, "config", config));
        }
      } else if (path.equals("/v1/heartbeat/" + NODE)) {
        versions.add("heartbeat " + version);
        heartbeats.add(Json.readMap(exchange.getRequestBody().readAllBytes()));
        exchange.sendResponseHeaders(202, -1);
      } else {
        answer(exchange, 404, Map.of());
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = Json.write(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
