package dev.ironic.api;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Talks to an identity service: gets a token of its own and asks about the tokens of others.
 * Thread-safe; calls block.
 */
final class KeystoneClient implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

  /** An own token is replaced this long before it ends. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private record OwnToken(String text, Instant end) {}

  private final KeystoneOptions options;
  private final InstantSource clock;
  private final HttpClient http;
  private final RetryPolicy<HttpResponse<String>> retries;
  private final ReentrantLock renewal = new ReentrantLock();
  private volatile @Nullable OwnToken own;

  KeystoneClient(KeystoneOptions options, InstantSource clock) {
    this.options = options;
    this.clock = clock;
    var builder =
        HttpClient.newBuilder()
            .connectTimeout(options.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER);
    var trust = Certificates.trust(options.caFile(), options.insecure());
    if (trust != null) {
      builder.sslContext(trust);
    }
    this.http = builder.build();
    this.retries =
        RetryPolicy.<HttpResponse<String>>builder()
            .handle(IOException.class)
            .handleResultIf(answer -> answer.statusCode() >= 500)
            .withMaxRetries(options.retries())
            .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(2))
            .build();
  }

  /**
   * What a token stands for.
   *
   * @param expiredToo whether a token that ended lately counts too
   * @return empty for a token that is not valid
   * @throws IronicException 503 when the identity service can't be asked
   */
  Optional<JsonNode> describe(String token, boolean expiredToo) {
    HttpResponse<String> answer = ask(token, expiredToo, ownToken(null));
    if (answer.statusCode() == 401) {
      answer = ask(token, expiredToo, ownToken(own));
    }
    return switch (answer.statusCode()) {
      case 200 -> Optional.of(member(answer.body(), "token"));
      case 404 -> Optional.empty();
      case 401, 403 ->
          throw unavailable(
              "it does not let this service check tokens; give the user of [keystone_authtoken] a"
                  + " role that may",
              null);
      default -> throw unavailable("it answered " + answer.statusCode(), null);
    };
  }

  private HttpResponse<String> ask(String token, boolean expiredToo, String ownToken) {
    String query = "?nocatalog=true" + (expiredToo ? "&allow_expired=1" : "");
    HttpRequest.Builder request = request("/v3/auth/tokens" + query).GET();
    try {
      request.header("X-Auth-Token", ownToken).header("X-Subject-Token", token);
    } catch (IllegalArgumentException e) {
      throw new IronicException(Fault.UNAUTHORIZED, "The token has characters no token has");
    }
    return call(request.build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(options.endpoint() + path)).timeout(CALL_TIMEOUT);
  }

  private HttpResponse<String> call(HttpRequest request) {
    try {
      return Failsafe.with(retries).get(() -> http.send(request, BodyHandlers.ofString()));
    } catch (FailsafeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw unavailable("it can't be reached (" + cause.getClass().getSimpleName() + ")", cause);
    }
  }

  /**
   * This service's own token, a new one when the old one ends.
   *
   * @param refused the token that did not work, or null
   */
  private String ownToken(@Nullable OwnToken refused) {
    OwnToken known = own;
    if (known != null && isGood(known, refused)) {
      return known.text();
    }
    renewal.lock();
    try {
      known = own;
      if (known != null && isGood(known, refused)) {
        return known.text();
      }
      OwnToken fresh = login();
      own = fresh;
      return fresh.text();
    } finally {
      renewal.unlock();
    }
  }

  private boolean isGood(OwnToken token, @Nullable OwnToken refused) {
    return !token.equals(refused) && token.end().minus(MARGIN).isAfter(clock.instant());
  }

  private OwnToken login() {
    HttpResponse<String> answer =
        call(
            request("/v3/auth/tokens?nocatalog=true")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(loginBody())))
                .build());
    if (answer.statusCode() != 201) {
      throw unavailable(
          answer.statusCode() == 401
              ? "it refuses the user and password of [keystone_authtoken]"
              : "it answered " + answer.statusCode() + " to the login of this service",
          null);
    }
    String token = answer.headers().firstValue("X-Subject-Token").orElse("");
    if (token.isEmpty()) {
      throw unavailable("it answered a login without a token", null);
    }
    return new OwnToken(token, end(member(answer.body(), "token")));
  }

  /** When a token ends. */
  static Instant end(JsonNode token) {
    String text = token.path("expires_at").asString("");
    try {
      return java.time.OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw unavailable("a token has no readable expires_at", e);
    }
  }

  private Map<String, Object> loginBody() {
    var user = named(options.user());
    user.put("password", options.password().reveal());
    return Map.of(
        "auth",
        Map.of(
            "identity",
            Map.of("methods", java.util.List.of("password"), "password", Map.of("user", user)),
            "scope",
            switch (options.scope()) {
              case KeystoneOptions.Scope.Everything everything ->
                  Map.of("system", Map.of("all", true));
              case KeystoneOptions.Scope.Project project ->
                  Map.of("project", named(project.name()));
            }));
  }

  private static Map<String, Object> named(KeystoneOptions.Name name) {
    var map = new LinkedHashMap<String, Object>();
    if (name.id() != null) {
      map.put("id", name.id());
      return map;
    }
    map.put("name", String.valueOf(name.name()));
    map.put(
        "domain",
        name.domainId() != null
            ? Map.of("id", name.domainId())
            : Map.of("name", String.valueOf(name.domainName())));
    return map;
  }

  private static JsonNode member(String body, String name) {
    try {
      JsonNode member = JSON.readTree(body).path(name);
      if (member.isObject()) {
        return member;
      }
    } catch (JacksonException e) {
      // told below, without the body: it may hold secrets
    }
    throw unavailable("its answer is not what an identity service says", null);
  }

  private static IronicException unavailable(String why, @Nullable Throwable cause) {
    return new IronicException(
        Fault.TEMPORARY_FAILURE, "The identity service can't check the token now: " + why, cause);
  }

  @Override
  public void close() {
    http.close();
  }
}
