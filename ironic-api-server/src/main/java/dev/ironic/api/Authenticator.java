package dev.ironic.api;

import org.jspecify.annotations.Nullable;

/** Tells who sends a request. Thread-safe. */
interface Authenticator {

  /** Who a request comes from. */
  sealed interface Outcome {

    /** Somebody known; the user is null where nobody is asked. */
    record Known(@Nullable String user) implements Outcome {}

    /** Nobody known. */
    record Refused(String challenge) implements Outcome {}
  }

  /**
   * Checks credentials.
   *
   * @param authorization value of the Authorization header, or null
   */
  Outcome check(@Nullable String authorization);

  /**
   * The one that a strategy names.
   *
   * @throws IllegalArgumentException for a strategy that is not offered
   */
  static Authenticator of(ServerOptions options) {
    return switch (options.authStrategy()) {
      case "noauth" -> authorization -> new Outcome.Known(null);
      case "http_basic" -> new BasicAuthenticator(java.nio.file.Path.of(options.basicAuthFile()));
      case "keystone" ->
          throw new IllegalArgumentException(
              "[DEFAULT] auth_strategy = keystone is not offered yet: set it to noauth or"
                  + " http_basic");
      default ->
          throw new IllegalArgumentException(
              "[DEFAULT] auth_strategy = "
                  + options.authStrategy()
                  + " is unknown: set it to noauth or http_basic");
    };
  }
}
