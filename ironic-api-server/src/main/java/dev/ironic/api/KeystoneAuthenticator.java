package dev.ironic.api;

import dev.ironic.core.policy.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Users with tokens of an identity service. Answers about tokens are remembered for a while, by the
 * hash of the token. Thread-safe.
 */
final class KeystoneAuthenticator implements Authenticator {

  private static final int REMEMBERED = 10_000;
  private static final int LONGEST_TOKEN = 8192;

  /**
   * What is known of a token.
   *
   * @param caller whom it stands for; null when it is not valid
   * @param end when it ends
   */
  private record Known(@Nullable Caller caller, Instant end, Instant forget) {}

  private final KeystoneOptions options;
  private final KeystoneClient keystone;
  private final InstantSource clock;
  private final Map<String, Known> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > REMEMBERED;
        }
      };

  KeystoneAuthenticator(KeystoneOptions options, KeystoneClient keystone, InstantSource clock) {
    this.options = options;
    this.keystone = keystone;
    this.clock = clock;
  }

  static KeystoneAuthenticator connect(KeystoneOptions options, InstantSource clock) {
    return new KeystoneAuthenticator(options, new KeystoneClient(options, clock), clock);
  }

  @Override
  public Outcome check(Credentials credentials) {
    String token = credentials.token();
    if (token == null || token.isBlank()) {
      return refused("the header X-Auth-Token is missing");
    }
    boolean forService = false;
    String serviceToken = credentials.serviceToken();
    if (serviceToken != null && !serviceToken.isBlank()) {
      Caller service = caller(serviceToken, false);
      if (service == null) {
        return refused("the token in X-Service-Token is not valid");
      }
      forService = service.roles().stream().anyMatch(options.serviceRoles()::contains);
      if (!forService && options.serviceRolesRequired()) {
        return refused(
            "the token in X-Service-Token has none of the roles "
                + String.join(", ", options.serviceRoles()));
      }
    }
    Caller caller = caller(token, forService);
    return caller == null
        ? refused("the token is not valid, or it has ended")
        : new Outcome.Known(caller);
  }

  private Outcome refused(String why) {
    return new Outcome.Refused("Keystone uri=\"" + options.challenge() + "\"", why);
  }

  /** Whom a token stands for; null when it is not valid. */
  private @Nullable Caller caller(String token, boolean expiredToo) {
    if (token.length() > LONGEST_TOKEN || !token.chars().allMatch(c -> c > 32 && c < 127)) {
      return null;
    }
    String key = (expiredToo ? "e" : "") + hash(token);
    Instant now = clock.instant();
    Known known = remembered(key, now);
    if (known == null) {
      known = ask(token, expiredToo, now);
      if (!options.cacheTime().isZero()) {
        synchronized (cache) {
          cache.put(key, known);
        }
      }
    }
    return expiredToo || known.end().isAfter(now) ? known.caller() : null;
  }

  private @Nullable Known remembered(String key, Instant now) {
    synchronized (cache) {
      Known known = cache.get(key);
      if (known != null && !known.forget().isAfter(now)) {
        cache.remove(key);
        return null;
      }
      return known;
    }
  }

  private Known ask(String token, boolean expiredToo, Instant now) {
    Instant forget = now.plus(options.cacheTime());
    Optional<JsonNode> found = keystone.describe(token, expiredToo);
    if (found.isEmpty()) {
      return new Known(null, Instant.EPOCH, now.plus(min(options.cacheTime())));
    }
    JsonNode description = found.get();
    Caller caller = caller(description);
    return new Known(caller, KeystoneClient.end(description), forget);
  }

  /** A token that is not valid now is asked about again soon. */
  private static Duration min(Duration cacheTime) {
    Duration soon = Duration.ofSeconds(10);
    return cacheTime.compareTo(soon) < 0 ? cacheTime : soon;
  }

  private static Caller caller(JsonNode token) {
    JsonNode user = token.path("user");
    JsonNode project = token.path("project");
    var roles = new LinkedHashSet<String>();
    token.path("roles").forEach(role -> roles.add(role.path("name").asString("")));
    return new Caller(
        text(user, "id"),
        text(user.path("domain"), "id"),
        text(project, "id"),
        text(project, "name"),
        text(project.path("domain"), "id"),
        text(token.path("domain"), "id"),
        token.path("system").path("all").asBoolean(false) ? "all" : null,
        token.path("is_admin_project").asBoolean(true),
        roles,
        false);
  }

  private static @Nullable String text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value.isString() && !value.asString().isEmpty() ? value.asString() : null;
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    keystone.close();
  }
}
