package dev.ironic.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An identity service on a socket that knows the tokens a test gives out. Thread-safe. */
final class ScriptedKeystone implements AutoCloseable {

  static final String PASSWORD = "own-password-of-the-service";
  private static final JsonMapper JSON = new JsonMapper();

  /** How often it was asked for tokens of the service's own, and about the tokens of others. */
  final AtomicInteger logins = new AtomicInteger();

  final AtomicInteger questions = new AtomicInteger();

  private final HttpServer server;
  private final InstantSource clock;
  private final Map<String, Map<String, Object>> tokens = new ConcurrentHashMap<>();
  private final Map<String, Instant> own = new ConcurrentHashMap<>();
  private final List<String> queries = new ArrayList<>();
  private volatile int brokenStatus;
  private volatile int brokenCalls;
  private volatile Duration ownLife = Duration.ofHours(1);

  private ScriptedKeystone(HttpServer server, InstantSource clock) {
    this.server = server;
    this.clock = clock;
    server.createContext("/identity/v3/auth/tokens", this::serve);
    server.start();
  }

  static ScriptedKeystone start(InstantSource clock) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new ScriptedKeystone(HttpServer.create(address, 0), clock);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/identity";
  }

  /** The options of a server that asks here. */
  Map<String, Map<String, String>> options() {
    var authtoken = new LinkedHashMap<String, String>();
    authtoken.put("auth_url", url() + "/v3");
    authtoken.put("username", "ironic");
    authtoken.put("password", PASSWORD);
    authtoken.put("project_name", "service");
    authtoken.put("user_domain_name", "Default");
    authtoken.put("project_domain_name", "Default");
    return Map.of("DEFAULT", Map.of("auth_strategy", "keystone"), "keystone_authtoken", authtoken);
  }

  /** Gives out a token for a role in a project, or for the scope {@code system}. */
  String token(String role, String scope) {
    return token(role, scope, clock.instant().plus(Duration.ofHours(1)));
  }

  String token(String role, String scope, Instant end) {
    String text = "token-of-" + role + "-at-" + scope;
    var token = new LinkedHashMap<String, Object>();
    token.put("user", Map.of("id", "user-" + role, "domain", Map.of("id", "default")));
    token.put("roles", List.of(Map.of("id", "id-of-" + role, "name", role)));
    token.put("expires_at", end.toString());
    if (scope.equals("system")) {
      token.put("system", Map.of("all", true));
    } else {
      token.put("project", Map.of("id", scope, "name", scope, "domain", Map.of("id", "default")));
    }
    tokens.put(text, token);
    return text;
  }

  void revoke(String token) {
    tokens.remove(token);
  }

  /** Forgets the tokens that it gave to the service that asks. */
  void forgetLogins() {
    own.clear();
  }

  /** How long the tokens live that it gives to the service that asks. */
  void setOwnLife(Duration life) {
    ownLife = life;
  }

  /** Answers the next calls with a status instead. */
  void fail(int status, int calls) {
    brokenStatus = status;
    brokenCalls = calls;
  }

  /** The query strings of the questions about tokens. */
  List<String> queries() {
    synchronized (queries) {
      return List.copyOf(queries);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (brokenCalls > 0) {
        brokenCalls--;
        answer(exchange, brokenStatus, null);
      } else if (exchange.getRequestMethod().equals("POST")) {
        login(exchange, JSON.readTree(body));
      } else {
        describe(exchange);
      }
    }
  }

  private void login(HttpExchange exchange, JsonNode body) throws IOException {
    JsonNode user = body.path("auth").path("identity").path("password").path("user");
    logins.incrementAndGet();
    if (!user.path("name").asString("").equals("ironic")
        || !user.path("password").asString("").equals(PASSWORD)
        || !user.path("domain").path("name").asString("").equals("Default")) {
      answer(exchange, 401, null);
      return;
    }
    String text = "own-token-" + logins.get();
    Instant end = clock.instant().plus(ownLife);
    own.put(text, end);
    exchange.getResponseHeaders().add("X-Subject-Token", text);
    answer(exchange, 201, Map.of("token", Map.of("expires_at", end.toString())));
  }

  private void describe(HttpExchange exchange) throws IOException {
    questions.incrementAndGet();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    synchronized (queries) {
      queries.add(query);
    }
    Instant end = own.get(String.valueOf(exchange.getRequestHeaders().getFirst("X-Auth-Token")));
    if (end == null || end.isBefore(clock.instant())) {
      answer(exchange, 401, null);
      return;
    }
    Map<String, Object> token =
        tokens.get(String.valueOf(exchange.getRequestHeaders().getFirst("X-Subject-Token")));
    boolean ended =
        token != null
            && !query.contains("allow_expired=1")
            && Instant.parse(String.valueOf(token.get("expires_at"))).isBefore(clock.instant());
    if (token == null || ended) {
      answer(exchange, 404, null);
    } else {
      answer(exchange, 200, Map.of("token", token));
    }
  }

  private static void answer(HttpExchange exchange, int status, @Nullable Object body)
      throws IOException {
    byte[] bytes = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
