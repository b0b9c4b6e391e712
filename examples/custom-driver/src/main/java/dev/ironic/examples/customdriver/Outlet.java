package dev.ironic.examples.customdriver;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeInfo;
import java.net.URI;

/**
 * Where a machine is plugged in.
 *
 * @param strip the power strip's address
 * @param number the outlet on it, from 1
 */
record Outlet(URI strip, int number) {

  static final String ADDRESS = "outlet_address";
  static final String NUMBER = "outlet_number";

  /**
   * Reads {@code driver_info}.
   *
   * @throws DriverException saying which setting is missing or wrong
   */
  static Outlet of(NodeInfo node) {
    return new Outlet(strip(node), number(node));
  }

  private static URI strip(NodeInfo node) {
    String text =
        node.driverInfoText(ADDRESS)
            .orElseThrow(
                () -> DriverException.missing(ADDRESS + " is missing in the node's driver_info"));
    if (!text.matches("http://[A-Za-z0-9.:\\[\\]-]+/?")) {
      throw DriverException.invalid(
          "%s '%s' must be like http://192.0.2.7:8080".formatted(ADDRESS, text));
    }
    return URI.create(text);
  }

  private static int number(NodeInfo node) {
    String text =
        node.driverInfoText(NUMBER)
            .orElseThrow(
                () -> DriverException.missing(NUMBER + " is missing in the node's driver_info"));
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw DriverException.invalid("%s '%s' must be a number from 1".formatted(NUMBER, text));
    }
    return Integer.parseInt(text);
  }

  /** Its resource on the strip. */
  URI uri(String property) {
    return strip.resolve("/outlets/%d/%s".formatted(number, property));
  }
}
