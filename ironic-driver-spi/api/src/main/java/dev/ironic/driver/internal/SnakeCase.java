package dev.ironic.driver.internal;

import java.util.Locale;

/** Turns Java names into names on the wire. */
final class SnakeCase {

  private SnakeCase() {}

  static String of(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
