package dev.ironic.agent.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import dev.ironic.agent.json.MalformedJsonException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the commands and their results over HTTP. Handlers run on whatever executor the server was
 * given; they may block for as long as a caller waits for a command.
 */
public final class CommandServer {

  private static final Logger log = LoggerFactory.getLogger(CommandServer.class);

  // Far above any command: a config drive of 64 MiB in base64 is the largest thing sent.
  private static final int MAX_BODY = 128 << 20;

  private final CommandExecutor executor;
  private final Supplier<@Nullable String> token;
  private final String version;
  private final double startedAt;

  private record Answer(int status, @Nullable Object body, @Nullable String location) {
    static Answer ok(Object body) {
      return new Answer(200, body, null);
    }
  }

  /** A refusal with its HTTP status. */
  private static final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    HttpError(int status, String text) {
      super(text);
      this.status = status;
    }
  }

  /**
   * Creates it.
   *
   * @param executor what runs the commands
   * @param token the token callers must show; while null nobody gets in
   * @param version the agent's version, shown by status
   * @param startedAt seconds since the epoch
   */
  public CommandServer(
      CommandExecutor executor,
      Supplier<@Nullable String> token,
      String version,
      double startedAt) {
    this.executor = executor;
    this.token = token;
    this.version = version;
    this.startedAt = startedAt;
  }

  /** Registers its paths with a server. */
  public void attachTo(HttpServer server) {
    server.createContext("/", this::handle);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.body == null ? new byte[0] : Json.write(answer.body);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      if (answer.location != null) {
        exchange.getResponseHeaders().set("Location", answer.location);
      }
      exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Answer answer(HttpExchange exchange) {
    try {
      return route(exchange);
    } catch (HttpError e) {
      return fault(e.status, String.valueOf(e.getMessage()));
    } catch (AgentException e) {
      return fault(e.kind().code(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fault(503, "The agent is stopping.");
    } catch (IOException | RuntimeException e) {
      log.error("request failed", e);
      return fault(500, "Unexpected error: " + e);
    }
  }

  private static Answer fault(int status, String text) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("faultcode", status < 500 ? "Client" : "Server");
    body.put("faultstring", text);
    return new Answer(status, body, null);
  }

  private Answer route(HttpExchange exchange) throws IOException, InterruptedException {
    String path = exchange.getRequestURI().getPath();
    return switch (path) {
      case "/" -> {
        only(exchange, "GET");
        yield Answer.ok(root(exchange));
      }
      case "/v1", "/v1/commands" -> {
        String query = exchange.getRequestURI().getRawQuery();
        yield new Answer(308, null, path + "/" + (query == null ? "" : "?" + query));
      }
      case "/v1/" -> {
        only(exchange, "GET");
        yield Answer.ok(versionOne(exchange));
      }
      case "/v1/status", "/status" -> {
        only(exchange, "GET");
        yield Answer.ok(Map.of("started_at", startedAt, "version", version));
      }
      case "/v1/commands/", "/commands/" ->
          switch (exchange.getRequestMethod()) {
            case "GET" -> list(exchange);
            case "POST" -> start(exchange);
            default -> throw wrongVerb(exchange);
          };
      default -> {
        String id = commandId(path);
        if (id == null) {
          throw new HttpError(404, "404 Not Found: nothing is served at " + path);
        }
        only(exchange, "GET");
        yield show(exchange, id);
      }
    };
  }

  private static @Nullable String commandId(String path) {
    for (String prefix : List.of("/v1/commands/", "/commands/")) {
      if (path.startsWith(prefix)) {
        String id = path.substring(prefix.length());
        return id.contains("/") ? null : id;
      }
    }
    return null;
  }

  private Answer list(HttpExchange exchange) {
    Map<String, String> query = authorised(exchange);
    log.trace("listing commands, query {}", query.keySet());
    return Answer.ok(
        Map.of("commands", executor.results().stream().map(CommandResult::toWire).toList()));
  }

  private Answer show(HttpExchange exchange, String id) throws InterruptedException {
    Map<String, String> query = authorised(exchange);
    CommandResult result =
        executor
            .result(id)
            .orElseThrow(
                () ->
                    new AgentException(
                        ErrorKind.OBJECT_NOT_FOUND,
                        "Command Result with id " + id + " not found."));
    return answered(result, query);
  }

  private Answer start(HttpExchange exchange) throws IOException, InterruptedException {
    Map<String, String> query = authorised(exchange);
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw new HttpError(400, "400 Bad Request: the body is larger than " + MAX_BODY + " bytes");
    }
    JsonMap request;
    try {
      request = Json.readMap(body);
    } catch (MalformedJsonException e) {
      throw new HttpError(400, "400 Bad Request: Failed to decode JSON object: " + e.getMessage());
    }
    if (!(request.get("name") instanceof String name)
        || !(request.get("params") instanceof Map<?, ?> params)) {
      throw new HttpError(400, "400 Bad Request: Missing or invalid name or params");
    }
    return answered(executor.execute(name, JsonMap.of(params)), query);
  }

  private static Answer answered(CommandResult result, Map<String, String> query)
      throws InterruptedException {
    if ("true".equals(query.get("wait"))) {
      result.await();
    }
    return Answer.ok(result.toWire());
  }

  private Map<String, String> authorised(HttpExchange exchange) {
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    String given = query.get("agent_token");
    String known = token.get();
    if (given == null
        || known == null
        || !MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), known.getBytes(StandardCharsets.UTF_8))) {
      throw new HttpError(401, "401 Unauthorized: Token invalid.");
    }
    return query;
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        try {
          query.put(
              URLDecoder.decode(name, StandardCharsets.UTF_8),
              URLDecoder.decode(value, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          throw new HttpError(400, "400 Bad Request: the query has a broken escape");
        }
      }
    }
    return query;
  }

  private static void only(HttpExchange exchange, String verb) {
    if (!exchange.getRequestMethod().equals(verb)) {
      throw wrongVerb(exchange);
    }
  }

  private static HttpError wrongVerb(HttpExchange exchange) {
    return new HttpError(
        405, "405 Method Not Allowed: " + exchange.getRequestMethod() + " is not allowed here");
  }

  private static Object root(HttpExchange exchange) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("id", "v1");
    one.put("links", List.of(link(exchange, "self", "/v1/")));
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("name", "OpenStack Ironic Python Agent API");
    root.put("description", "Runs on a bare metal node and carries out what its conductor asks.");
    root.put("versions", List.of(one));
    root.put("default_version", one);
    return root;
  }

  private static Object versionOne(HttpExchange exchange) {
    Map<String, Object> v1 = new LinkedHashMap<>();
    v1.put("commands", links(exchange, "commands/"));
    v1.put("status", links(exchange, "status"));
    v1.put(
        "media_types",
        List.of(
            Map.of(
                "base",
                "application/json",
                "type",
                "application/vnd.openstack.ironic-python-agent.v1+json")));
    v1.put("id", "v1");
    v1.put("links", List.of(link(exchange, "self", "/v1/")));
    return v1;
  }

  private static List<Object> links(HttpExchange exchange, String resource) {
    return List.of(
        link(exchange, "self", "/v1/" + resource), link(exchange, "bookmark", "/" + resource));
  }

  private static Map<String, String> link(HttpExchange exchange, String rel, String path) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    String scheme =
        exchange instanceof com.sun.net.httpserver.HttpsExchange ? "https://" : "http://";
    return Map.of("href", host == null ? path : scheme + host + path, "rel", rel);
  }
}
