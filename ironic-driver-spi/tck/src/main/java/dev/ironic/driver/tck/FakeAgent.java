package dev.ironic.driver.tck;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An agent on a real socket, over HTTPS with {@link TestCertificates#AGENT}, whose commands do what
 * a test says. Commands that a test did not script end at once with an empty result. Thread-safe.
 */
public final class FakeAgent implements AutoCloseable {

  /**
   * A command as it stands in the agent's list.
   *
   * @param id its UUID
   * @param name without the extension
   * @param params what it was given
   * @param status {@code RUNNING}, {@code SUCCEEDED} or {@code FAILED}
   * @param error null or the error object
   * @param result null or the result object
   */
  public record Command(
      String id,
      String name,
      Map<String, Object> params,
      String status,
      @Nullable Map<String, Object> error,
      @Nullable Map<String, Object> result) {}

  private final JsonMapper json = JsonMapper.builder().build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String token;
  private final List<Command> commands = new ArrayList<>();
  private final Map<String, Command> scripts = new LinkedHashMap<>();
  private final InetSocketAddress address;
  private @Nullable HttpServer server;

  private FakeAgent(String token) {
    this.token = token;
    this.server = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.address = server.getAddress();
  }

  /** Starts one that accepts a token. */
  public static FakeAgent start(String token) {
    return new FakeAgent(token);
  }

  /** What it announces as its callback URL. */
  public URI uri() {
    return URI.create("https://127.0.0.1:" + address.getPort());
  }

  /** Makes a command, such as {@code deploy.get_deploy_steps}, end at once with a result. */
  public void answers(String command, Map<String, Object> result) {
    script(command, "SUCCEEDED", null, result);
  }

  /** Makes a command stay running until {@link #finish}. */
  public void keepsRunning(String command) {
    script(command, "RUNNING", null, null);
  }

  /** Makes a command fail. */
  public void fails(String command, String type, String message, String details) {
    script(
        command,
        "FAILED",
        Map.of("type", type, "code", 500, "message", message, "details", details),
        null);
  }

  private synchronized void script(
      String command,
      String status,
      @Nullable Map<String, Object> error,
      @Nullable Map<String, Object> result) {
    String plain = command.substring(command.indexOf('.') + 1);
    scripts.put(command, new Command("", plain, Map.of(), status, error, result));
  }

  /** Lets the last command tell how far it is. */
  public synchronized void progress(long written, long total) {
    Command last = commands.removeLast();
    commands.add(
        new Command(
            last.id(),
            last.name(),
            last.params(),
            last.status(),
            last.error(),
            Map.of("progress", Map.of("bytes_written", written, "bytes_total", total))));
  }

  /** Ends the last command well. */
  public synchronized void finish(Map<String, Object> result) {
    Command last = commands.removeLast();
    commands.add(new Command(last.id(), last.name(), last.params(), "SUCCEEDED", null, result));
  }

  /** Forgets all commands, as after a restart of the machine. */
  public synchronized void restart() {
    commands.clear();
  }

  /** The commands given so far, oldest first. */
  public synchronized List<Command> commands() {
    return List.copyOf(commands);
  }

  /** Refuses connections until {@link #revive}. */
  public synchronized void die() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  /** Listens again on the same port. */
  public synchronized void revive() {
    if (server == null) {
      server = listen(address);
    }
  }

  @Override
  public void close() {
    die();
    threads.shutdownNow();
  }

  private HttpServer listen(InetSocketAddress where) {
    try {
      HttpsServer created = HttpsServer.create(where, 0);
      created.setHttpsConfigurator(new HttpsConfigurator(TestCertificates.AGENT.serverContext()));
      created.setExecutor(threads);
      created.createContext("/", this::handle);
      created.start();
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + where, e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String query = String.valueOf(exchange.getRequestURI().getRawQuery());
    String path = exchange.getRequestURI().getPath();
    if (!List.of(query.split("&")).contains("agent_token=" + token)) {
      send(exchange, 401, fault("401 Unauthorized: Token invalid."));
    } else if (!path.equals("/v1/commands/")) {
      send(exchange, 404, fault("404 Not Found: " + path));
    } else if (exchange.getRequestMethod().equals("GET")) {
      send(exchange, 200, Map.of("commands", commands().stream().map(FakeAgent::wire).toList()));
    } else {
      post(exchange, json.readValue(body, Map.class));
    }
  }

  private void post(HttpExchange exchange, Map<?, ?> request) throws IOException {
    Command started;
    synchronized (this) {
      if (!commands.isEmpty() && commands.getLast().status().equals("RUNNING")) {
        started = null;
      } else {
        started = run(String.valueOf(request.get("name")), request.get("params"));
        commands.add(started);
      }
    }
    if (started == null) {
      send(exchange, 409, fault("Agent is busy: executing command"));
    } else {
      send(exchange, 200, wire(started));
    }
  }

  private Command run(String name, @Nullable Object params) {
    Command script = scripts.get(name);
    var given = new LinkedHashMap<String, Object>();
    if (params instanceof Map<?, ?> map) {
      map.forEach((key, value) -> given.put(String.valueOf(key), value));
    }
    String id = UUID.randomUUID().toString();
    String plain = name.substring(name.indexOf('.') + 1);
    return script == null
        ? new Command(id, plain, given, "SUCCEEDED", null, Map.of())
        : new Command(id, plain, given, script.status(), script.error(), script.result());
  }

  private static Map<String, Object> fault(String text) {
    return Map.of("faultcode", "Client", "faultstring", text);
  }

  private static Map<String, @Nullable Object> wire(Command command) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("id", command.id());
    map.put("command_name", command.name());
    map.put("command_status", command.status());
    map.put("command_error", command.error());
    map.put("command_result", command.result());
    return map;
  }

  private void send(HttpExchange exchange, int status, Map<String, ?> document) throws IOException {
    try (exchange) {
      byte[] text = json.writeValueAsBytes(document);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, text.length);
      exchange.getResponseBody().write(text);
    }
  }
}
