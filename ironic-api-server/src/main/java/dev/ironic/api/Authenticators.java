package dev.ironic.api;

import dev.ironic.core.policy.Caller;
import dev.ironic.driver.DriverConfig;
import java.nio.file.Path;
import java.time.InstantSource;

/** The ways to authenticate, by the names that configuration files use. */
final class Authenticators {

  private Authenticators() {}

  /**
   * The one that {@code [DEFAULT] auth_strategy} names.
   *
   * @throws IllegalArgumentException for a strategy that does not exist or can't work
   */
  static Authenticator of(ServerOptions options, DriverConfig config, InstantSource clock) {
    return switch (options.authStrategy()) {
      case "noauth" -> {
        Caller everybody = Caller.unlimited(null);
        yield credentials -> new Authenticator.Outcome.Known(everybody);
      }
      case "http_basic" ->
          new BasicAuthenticator(Path.of(options.basicAuthFile()), new LoginDelays(clock));
      case "keystone" -> KeystoneAuthenticator.connect(KeystoneOptions.from(config), clock);
      default ->
          throw new IllegalArgumentException(
              "[DEFAULT] auth_strategy = "
                  + options.authStrategy()
                  + " is unknown: set it to keystone, http_basic or noauth");
    };
  }
}
