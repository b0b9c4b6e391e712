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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Redfish service on a real socket with machines behind it, strict about what it accepts and
 * scriptable in what it does wrong. Thread-safe.
 *
 * <p>A machine with the id {@code x} appears as {@code /redfish/v1/Systems/x}, managed by {@code
 * /redfish/v1/Managers/x}, with the virtual devices {@code Cd} and {@code Floppy}.
 */
public final class FakeBmc implements AutoCloseable {

  private static final int RECORDED = 10_000;

  private final JsonMapper json = JsonMapper.builder().build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BmcFaults faults = new BmcFaults();
  private final BmcSessions sessions;
  private final BmcResources resources;
  private final boolean tls;
  private final InetSocketAddress address;
  private final Deque<RecordedRequest> requests = new ArrayDeque<>();
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicInteger peak = new AtomicInteger();
  private @Nullable HttpServer server;

  private FakeBmc(Builder builder) {
    this.tls = builder.tls;
    this.sessions = new BmcSessions(builder.user, builder.password, faults);
    this.resources =
        new BmcResources(
            new BmcDocuments(builder.vendor, builder.mediaUnderSystem), sessions, faults);
    this.server = listen(new InetSocketAddress(builder.host, builder.port));
    this.address = server.getAddress();
  }

  /** Starts building one. */
  public static Builder builder() {
    return new Builder();
  }

  /** The settings of a {@link FakeBmc}. */
  public static final class Builder {
    private InetAddress host = InetAddress.getLoopbackAddress();
    private int port;
    private String user = "admin";
    private String password = "password";
    private String vendor = "Contoso";
    private boolean tls;
    private boolean mediaUnderSystem;

    private Builder() {}

    /** Listens on this address instead of the loopback one. */
    public Builder host(InetAddress address) {
      this.host = address;
      return this;
    }

    /** Listens on this port instead of a free one. */
    public Builder port(int number) {
      this.port = number;
      return this;
    }

    /** Expects these credentials; by default {@code admin} and {@code password}. */
    public Builder credentials(String name, String secret) {
      this.user = name;
      this.password = secret;
      return this;
    }

    /** Speaks HTTPS with {@link TestCertificates#BMC}. */
    public Builder tls() {
      this.tls = true;
      return this;
    }

    /** Names its maker. */
    public Builder vendor(String name) {
      this.vendor = name;
      return this;
    }

    /** Shows virtual media at the system, as newer services do, not at the manager. */
    public Builder mediaUnderSystem() {
      this.mediaUnderSystem = true;
      return this;
    }

    /** Opens the socket. */
    public FakeBmc start() {
      return new FakeBmc(this);
    }
  }

  /** Puts a machine behind it. */
  public BmcMachine add(String id, MachineControl control) {
    return resources.add(id, control);
  }

  /** Takes a machine away. */
  public void remove(String id) {
    resources.remove(id);
  }

  /** Where it listens, without a path. */
  public URI uri() {
    return URI.create(
        "%s://%s:%d"
            .formatted(
                tls ? "https" : "http", address.getAddress().getHostAddress(), address.getPort()));
  }

  /** Its knobs. */
  public BmcFaults faults() {
    return faults;
  }

  /** Accepts another password from now on; open sessions stay. */
  public void changePassword(String newPassword) {
    sessions.changePassword(newPassword);
  }

  /** Forgets all sessions. */
  public void expireSessions() {
    sessions.expireAll();
  }

  /** How many sessions are open. */
  public int openSessions() {
    return sessions.open();
  }

  /** How many sessions were ever opened. */
  public int sessionsOpenedEver() {
    return sessions.openedEver();
  }

  /** The most requests it ever had in work at once. */
  public int peakConcurrency() {
    return peak.get();
  }

  /** The last requests, oldest first. */
  public List<RecordedRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** Forgets the requests recorded. */
  public void forgetRequests() {
    synchronized (requests) {
      requests.clear();
    }
  }

  /** Dies: connections are refused until {@link #revive}. */
  public synchronized void die() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  /** Listens again, on the same port. */
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
      HttpServer created = tls ? secure(where) : HttpServer.create(where, 0);
      created.setExecutor(threads);
      created.createContext("/", this::handle);
      created.start();
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + where, e);
    }
  }

  private static HttpServer secure(InetSocketAddress where) throws IOException {
    HttpsServer created = HttpsServer.create(where, 0);
    created.setHttpsConfigurator(new HttpsConfigurator(TestCertificates.BMC.serverContext()));
    return created;
  }

  private void handle(HttpExchange exchange) throws IOException {
    int now = active.incrementAndGet();
    peak.accumulateAndGet(now, Math::max);
    RedfishAnswer answer;
    try {
      byte[] body = exchange.getRequestBody().readAllBytes();
      pause(faults.latency());
      hangIfToldTo();
      if (faults.dropsThis()) {
        record(exchange, body, 0);
        exchange.close();
        return;
      }
      answer = answer(exchange, body);
      record(exchange, body, answer.status());
    } finally {
      // Before the answer is sent: who has it may already ask for the next thing.
      active.decrementAndGet();
    }
    send(exchange, answer);
  }

  private RedfishAnswer answer(HttpExchange exchange, byte[] body) {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/redfish") || path.equals("/redfish/")) {
      return RedfishAnswer.ok(Map.of("v1", BmcDocuments.ROOT + "/"));
    }
    if (!path.startsWith(BmcDocuments.ROOT)) {
      return RedfishAnswer.notFound(path);
    }
    Optional<RedfishAnswer> scripted = faults.before(method, path);
    if (scripted.isPresent()) {
      return scripted.get();
    }
    if (!isOpen(method, path) && !sessions.allows(exchange.getRequestHeaders())) {
      return BmcSessions.unauthorized();
    }
    String version = exchange.getRequestHeaders().getFirst("OData-Version");
    if (version != null && !version.equals("4.0")) {
      return RedfishAnswer.error(
          412, "HeaderInvalid", "The value of the header OData-Version is invalid.");
    }
    Map<?, ?> document = Map.of();
    if (body.length > 0) {
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
        return RedfishAnswer.error(
            415, "UnsupportedMediaType", "The Content-Type must be application/json.");
      }
      try {
        document = json.readValue(body, Map.class);
      } catch (JacksonException e) {
        return malformed();
      }
      if (document == null) {
        return malformed();
      }
    } else if (method.equals("PATCH")) {
      return malformed();
    }
    RedfishAnswer answer =
        resources.answer(method, path, document, exchange.getRequestHeaders().getFirst("If-Match"));
    return faults.after(method, path).orElse(answer);
  }

  private static RedfishAnswer malformed() {
    return RedfishAnswer.error(
        400, "MalformedJSON", "The request body was malformed JSON and could not be parsed.");
  }

  /** What needs no credentials: the root, and making a session. */
  private static boolean isOpen(String method, String path) {
    String clean = path.replaceAll("/+$", "");
    return (method.equals("GET") && clean.equals(BmcDocuments.ROOT))
        || (method.equals("POST") && clean.equals(BmcSessions.PATH));
  }

  private void send(HttpExchange exchange, RedfishAnswer answer) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("OData-Version", "4.0");
      exchange.getResponseHeaders().set("Cache-Control", "no-cache");
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      if (answer.body().isEmpty()) {
        exchange.sendResponseHeaders(answer.status(), -1);
        return;
      }
      byte[] text = json.writeValueAsBytes(answer.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), text.length);
      exchange.getResponseBody().write(text);
    }
  }

  private void record(HttpExchange exchange, byte[] body, int status) {
    var headers = new LinkedHashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              String key = name.toLowerCase(Locale.ROOT);
              boolean secret = key.equals("authorization") || key.equals("x-auth-token");
              headers.put(key, secret ? "******" : String.join(",", values));
            });
    String text =
        new String(body, StandardCharsets.UTF_8)
            .replaceAll("(\"Password\"\\s*:\\s*)\"[^\"]*\"", "$1\"******\"");
    URI uri = exchange.getRequestURI();
    var request =
        new RecordedRequest(
            exchange.getRequestMethod(), uri.getPath(), uri.getQuery(), headers, text, status);
    synchronized (requests) {
      requests.addLast(request);
      if (requests.size() > RECORDED) {
        requests.removeFirst();
      }
    }
  }

  private void hangIfToldTo() {
    try {
      faults.hangIfToldTo();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(Duration delay) {
    if (!delay.isZero()) {
      try {
        Thread.sleep(delay);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
