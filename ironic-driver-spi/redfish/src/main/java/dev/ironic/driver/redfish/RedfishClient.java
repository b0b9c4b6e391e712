package dev.ironic.driver.redfish;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Secret;
import dev.ironic.driver.Sleeper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks Redfish with one BMC as one user, on behalf of a task: logs in, and repeats what may be
 * repeated. Clients of the same BMC and user share a login. Thread-safe.
 *
 * <p>A request that never reached the BMC is always repeated; one whose answer got lost is repeated
 * unless it is a POST, since that may have taken effect.
 */
final class RedfishClient {

  private static final Logger LOG = LoggerFactory.getLogger(RedfishClient.class);
  private static final int SERVER_ERROR_RETRIES = 10;
  private static final Duration SERVER_ERROR_PAUSE = Duration.ofSeconds(3);

  private final RedfishDriverInfo info;
  private final RedfishOptions options;
  private final HttpClient http;
  private final BmcCalls calls;
  private final Sleeper sleeper;
  private final Login login;
  private final @Nullable NodeTask task;
  private final JsonMapper json = JsonMapper.builder().build();

  /** What proves who we are. */
  private sealed interface Credentials {
    record None() implements Credentials {}

    record Basic(Secret header) implements Credentials {}

    record Session(Secret token, String location) implements Credentials {}
  }

  /** What all clients of one BMC and user know. */
  private static final class Login {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Credentials credentials;
    private volatile boolean sessionsWorked;
    private volatile @Nullable RedfishResource root;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean retired;
  }

  /** What is read, for those who ask the same at the same time. */
  private record Reading(Login login, String path) {}

  /** Makes a client that has not logged in, and works for nobody yet. */
  RedfishClient(
      RedfishDriverInfo info,
      RedfishOptions options,
      HttpClient http,
      BmcCalls calls,
      Sleeper sleeper) {
    this(info, options, http, calls, sleeper, new Login(), null);
  }

  private RedfishClient(
      RedfishDriverInfo info,
      RedfishOptions options,
      HttpClient http,
      BmcCalls calls,
      Sleeper sleeper,
      Login login,
      @Nullable NodeTask task) {
    this.info = info;
    this.options = options;
    this.http = http;
    this.calls = calls;
    this.sleeper = sleeper;
    this.login = login;
    this.task = task;
  }

  /** The same client, working for a task. */
  RedfishClient of(NodeTask worker) {
    return new RedfishClient(info, options, http, calls, sleeper, login, worker);
  }

  /** The BMC's address, for messages. */
  String address() {
    return info.address();
  }

  /** The service root; asked for once. */
  RedfishResource root() {
    RedfishResource known = login.root;
    if (known != null) {
      return known;
    }
    RedfishReply reply =
        repeatServerErrors("GET", () -> exchange("GET", info.rootPrefix(), null, Map.of()));
    if (reply.status() == 401 || reply.status() == 403) {
      reply = send("GET", info.rootPrefix(), null, Map.of());
    }
    RedfishResource fetched =
        new RedfishResource(
            info.rootPrefix(),
            Optional.empty(),
            reply.orFail("reading the service root " + info.rootPrefix()).body());
    login.root = fetched;
    return fetched;
  }

  /** Reads a resource. */
  RedfishResource get(String path) {
    RedfishReply reply = send("GET", path, null, Map.of()).orFail("reading " + path);
    Optional<String> etag =
        reply
            .headers()
            .firstValue("ETag")
            .or(
                () ->
                    reply.body().get("@odata.etag") instanceof String text
                        ? Optional.of(text)
                        : Optional.empty());
    return new RedfishResource(path, etag, reply.body());
  }

  /** Sends an action; the caller looks at the status. */
  RedfishReply post(String path, @Nullable Map<String, ?> body) {
    return send("POST", path, body, Map.of());
  }

  /** Changes a resource; the caller looks at the status. Copes with weak and missing tags. */
  RedfishReply patch(RedfishResource resource, Map<String, ?> body) {
    Map<String, String> headers =
        resource.etag().map(tag -> Map.of("If-Match", tag)).orElse(Map.of());
    RedfishReply reply = send("PATCH", resource.path(), body, headers);
    if (reply.status() == 412 && resource.etag().filter(tag -> tag.startsWith("W/")).isPresent()) {
      String strong = resource.etag().get().substring(2);
      reply = send("PATCH", resource.path(), body, Map.of("If-Match", strong));
    }
    if (reply.status() == 412 && !headers.isEmpty()) {
      reply = send("PATCH", resource.path(), body, Map.of());
    }
    return reply;
  }

  /** From now on a session is ended as soon as no request needs it; nobody keeps this login. */
  void retire() {
    login.retired = true;
    if (login.requests.get() == 0) {
      logOut();
    }
  }

  /** Ends the session, if there is one; nobody needs to wait for it, and failures do not matter. */
  CompletableFuture<?> logOut() {
    // Who has the lock may be logging in at a BMC that hangs.
    if (!login.lock.tryLock()) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      if (!(login.credentials instanceof Credentials.Session session)) {
        return CompletableFuture.completedFuture(null);
      }
      login.credentials = null;
      // It is no task's request, so it does not go through the conductor's calls.
      return http.sendAsync(
              request("DELETE", session.location(), null, headersOf(session)),
              HttpResponse.BodyHandlers.discarding())
          .handle(
              (response, error) -> {
                if (error != null) {
                  LOG.debug("Could not log out of {}: {}", address(), error.getMessage());
                }
                return null;
              });
    } catch (DriverException e) {
      LOG.debug("Could not log out of {}: {}", address(), e.getMessage());
      return CompletableFuture.completedFuture(null);
    } finally {
      login.lock.unlock();
    }
  }

  private RedfishReply send(
      String method, String path, @Nullable Map<String, ?> body, Map<String, String> headers) {
    login.requests.incrementAndGet();
    try {
      return repeatServerErrors(method, () -> authorised(method, path, body, headers));
    } finally {
      if (login.requests.decrementAndGet() == 0 && login.retired) {
        logOut();
      }
    }
  }

  private RedfishReply repeatServerErrors(String method, Supplier<RedfishReply> call) {
    RedfishReply reply = call.get();
    for (int retry = 0;
        retry < SERVER_ERROR_RETRIES && reply.status() >= 500 && method.equals("GET");
        retry++) {
      pause(SERVER_ERROR_PAUSE);
      reply = call.get();
    }
    return reply;
  }

  private RedfishReply authorised(
      String method, String path, @Nullable Map<String, ?> body, Map<String, String> headers) {
    Credentials used = credentials();
    RedfishReply reply = exchange(method, path, body, with(headers, used));
    if (!denied(reply)) {
      login.sessionsWorked |= used instanceof Credentials.Session;
      return reply;
    }
    if (used instanceof Credentials.Session) {
      forget(used);
      Credentials fresh = credentials();
      reply = exchange(method, path, body, with(headers, fresh));
      if (!denied(reply)) {
        return reply;
      }
    }
    forget(used);
    throw rejected(reply);
  }

  private static boolean denied(RedfishReply reply) {
    return reply.status() == 401 || reply.status() == 403;
  }

  private DriverException rejected(RedfishReply reply) {
    String who = info.username() == null ? "no user was given" : "user " + info.username();
    return DriverException.failed(
        "The BMC at %s rejected the credentials of %s (HTTP %d); check redfish_username and redfish_password"
            .formatted(address(), who, reply.status()),
        null);
  }

  @SuppressWarnings("ReferenceEquality") // these very credentials, not ones that look alike
  private void forget(Credentials used) {
    login.lock.lock();
    try {
      if (login.credentials == used) {
        login.credentials = null;
      }
    } finally {
      login.lock.unlock();
    }
  }

  private Credentials credentials() {
    Credentials known = login.credentials;
    if (known != null) {
      return known;
    }
    login.lock.lock();
    try {
      known = login.credentials;
      if (known == null) {
        known = logIn();
        login.credentials = known;
      }
      return known;
    } finally {
      login.lock.unlock();
    }
  }

  private Credentials logIn() {
    String username = info.username();
    Secret password = info.password();
    if (username == null || password == null) {
      return new Credentials.None();
    }
    var basic =
        new Credentials.Basic(
            Secret.of(
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(
                            (username + ":" + password.reveal())
                                .getBytes(StandardCharsets.UTF_8))));
    if (info.authType().equals("basic")) {
      return basic;
    }
    boolean mayFallBack = info.authType().equals("auto");
    RedfishReply reply =
        exchange(
            "POST",
            sessionsPath(),
            Map.of("UserName", username, "Password", password.reveal()),
            Map.of());
    Optional<String> token = reply.headers().firstValue("X-Auth-Token");
    if (reply.ok() && token.isPresent()) {
      String location =
          reply
              .headers()
              .firstValue("Location")
              .map(text -> URI.create(text).getRawPath())
              .or(
                  () ->
                      reply.body().get("@odata.id") instanceof String id
                          ? Optional.of(id)
                          : Optional.empty())
              .orElse("");
      return new Credentials.Session(Secret.of(token.get()), location);
    }
    if (mayFallBack && !(denied(reply) && login.sessionsWorked)) {
      LOG.debug("{} offers no session (HTTP {}), using basic", address(), reply.status());
      return basic;
    }
    if (denied(reply)) {
      throw rejected(reply);
    }
    throw reply.failure("opening a session");
  }

  private String sessionsPath() {
    RedfishReply reply =
        repeatServerErrors("GET", () -> exchange("GET", info.rootPrefix(), null, Map.of()));
    String prefix = info.rootPrefix().endsWith("/") ? info.rootPrefix() : info.rootPrefix() + "/";
    var top = new RedfishResource(prefix, Optional.empty(), reply.body());
    return top.part("Links")
        .link("Sessions")
        .or(() -> top.link("SessionService").map(path -> path + "/Sessions"))
        .orElse(prefix + "SessionService/Sessions");
  }

  private static Map<String, String> with(Map<String, String> headers, Credentials who) {
    var all = new LinkedHashMap<>(headers);
    all.putAll(headersOf(who));
    return all;
  }

  private static Map<String, String> headersOf(Credentials who) {
    return switch (who) {
      case Credentials.None() -> Map.of();
      case Credentials.Basic(Secret header) -> Map.of("Authorization", header.reveal());
      case Credentials.Session session -> Map.of("X-Auth-Token", session.token().reveal());
    };
  }

  /** One request, repeated while there is no connection. */
  private RedfishReply exchange(
      String method, String path, @Nullable Map<String, ?> body, Map<String, String> headers) {
    for (int attempt = 1; ; attempt++) {
      try {
        return exchangeOnce(method, path, body, headers);
      } catch (IOException e) {
        boolean mayRepeat =
            !(e instanceof SSLException) && (neverSent(e) || !method.equals("POST"));
        if (!mayRepeat || attempt >= options.connectionAttempts()) {
          throw DriverException.unreachable(
              "The BMC at %s cannot be reached (%s %s, attempt %d of %d): %s"
                  .formatted(
                      address(), method, path, attempt, options.connectionAttempts(), reason(e)),
              e);
        }
        LOG.debug("{} {} at {} failed: {}", method, path, address(), reason(e));
        pause(options.connectionRetryInterval());
      }
    }
  }

  private static boolean neverSent(IOException e) {
    return e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
  }

  private static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "the host name is unknown";
      }
      if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        return cause.getMessage();
      }
    }
    return switch (e) {
      case ConnectException refused -> "connection refused";
      default -> e.getClass().getSimpleName();
    };
  }

  private RedfishReply exchangeOnce(
      String method, String path, @Nullable Map<String, ?> body, Map<String, String> headers)
      throws IOException {
    NodeTask worker = Objects.requireNonNull(task, "of() names the task to work for");
    HttpRequest request = request(method, path, body, headers);
    Supplier<RedfishReply> call = () -> governed(request, path);
    try {
      return method.equals("GET")
          ? calls.read(worker, address(), new Reading(login, path), call)
          : calls.call(worker, address(), call);
    } catch (DriverException e) {
      throw ofNetwork(e).orElseThrow(() -> e);
    }
  }

  /** Tells the governor of calls that the BMC did not answer. */
  private RedfishReply governed(HttpRequest request, String path) {
    try {
      return ask(request, path);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.failed("Interrupted while talking to the BMC at " + address(), e);
    } catch (IOException e) {
      throw DriverException.unreachable(reason(e), e);
    }
  }

  private static Optional<IOException> ofNetwork(DriverException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return Optional.of(io);
      }
    }
    return Optional.empty();
  }

  private HttpRequest request(
      String method, String path, @Nullable Map<String, ?> body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(options.readTimeout())
            .header("OData-Version", "4.0")
            .header("Accept", "application/json")
            .header("Accept-Encoding", "identity")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    return request.build();
  }

  private RedfishReply ask(HttpRequest request, String path)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    return new RedfishReply(
        address(), response.statusCode(), response.headers(), document(path, response));
  }

  private URI uri(String path) {
    try {
      URI given = URI.create(path);
      return given.isAbsolute()
          ? URI.create(address() + given.getRawPath())
          : URI.create(address() + path);
    } catch (IllegalArgumentException e) {
      throw DriverException.failed(
          "The BMC at %s names a resource '%s' that is not a valid path".formatted(address(), path),
          e);
    }
  }

  private Map<String, Object> document(String path, HttpResponse<byte[]> response) {
    if (response.body().length == 0) {
      return Map.of();
    }
    try {
      if (json.readTree(response.body()).isObject()) {
        return json.readValue(
            response.body(),
            json.getTypeFactory()
                .constructMapType(LinkedHashMap.class, String.class, Object.class));
      }
    } catch (JacksonException e) {
      LOG.debug("{} at {} is no JSON", path, address());
    }
    if (response.statusCode() < 400) {
      throw DriverException.failed(
          "The BMC at %s answered %s with something that is no JSON object; is it a Redfish service?"
              .formatted(address(), path),
          null);
    }
    return Map.of();
  }

  private void pause(Duration time) {
    try {
      sleeper.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.failed("Interrupted while waiting for the BMC at " + address(), e);
    }
  }
}
