package dev.ironic.core.api;

/** Serves one operation. The request has passed the checks of the table. */
@FunctionalInterface
interface Handler {

  /** Does it. */
  Answer handle(ApiRequest request);
}
