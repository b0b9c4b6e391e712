package dev.ironic.api;

import dev.ironic.core.policy.Caller;
import org.jspecify.annotations.Nullable;

/** Tells who sends a request. Thread-safe; may block. */
interface Authenticator extends AutoCloseable {

  /**
   * What a request shows of its sender.
   *
   * @param authorization value of the Authorization header, or null
   * @param token value of the X-Auth-Token header, or null
   * @param serviceToken value of the X-Service-Token header, or null
   * @param address where it comes from
   */
  record Credentials(
      @Nullable String authorization,
      @Nullable String token,
      @Nullable String serviceToken,
      String address) {

    @Override
    public String toString() {
      return "Credentials[from " + address + "]";
    }
  }

  /** Who a request comes from. */
  sealed interface Outcome {

    /** Somebody known. */
    record Known(Caller caller) implements Outcome {}

    /**
     * Nobody known.
     *
     * @param challenge tells clients how to prove themselves
     * @param why what is wrong
     */
    record Refused(String challenge, String why) implements Outcome {}
  }

  /**
   * Checks credentials.
   *
   * @throws dev.ironic.core.IronicException when that can't be done now
   */
  Outcome check(Credentials credentials);

  /** Lets go of connections. */
  @Override
  default void close() {}
}
