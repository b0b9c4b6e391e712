package dev.ironic.examples.customdriver;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.Secret;
import java.net.URI;
import java.util.Map;

/**
 * The outlet that a node hangs on, from its {@code driver_info}.
 *
 * @param pdu where the power distribution unit listens
 * @param number of the outlet, from 1
 * @param username to log in with
 * @param password likewise
 */
record Outlet(URI pdu, int number, String username, Secret password) {

  static final Map<String, String> PROPERTIES =
      Map.of(
          "pdu_address", "URL of the power distribution unit, such as http://192.0.2.7. Required.",
          "pdu_outlet", "Number of the outlet that the machine hangs on. Required.",
          "pdu_username", "User of the power distribution unit. Required.",
          "pdu_password", "Password of that user. Required.");

  /** Reads and checks the settings. */
  static Outlet of(NodeInfo node) {
    return new Outlet(
        address(required(node, "pdu_address")),
        number(required(node, "pdu_outlet")),
        required(node, "pdu_username"),
        Secret.of(required(node, "pdu_password")));
  }

  private static String required(NodeInfo node, String key) {
    return node.driverInfoText(key)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> DriverException.missing("driver_info/" + key + " is not set"));
  }

  private static URI address(String text) {
    try {
      URI address = URI.create(text);
      String scheme = address.getScheme();
      if (("http".equals(scheme) || "https".equals(scheme))
          && address.getHost() != null
          && address.getUserInfo() == null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the text: somebody may have put a password into it.
    }
    throw DriverException.invalid(
        "driver_info/pdu_address is not a URL such as http://192.0.2.7; the password goes into"
            + " pdu_password");
  }

  private static int number(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw DriverException.invalid(
        "driver_info/pdu_outlet is '%s'; it must be a number from 1".formatted(text));
  }

  @Override
  public String toString() {
    return "outlet %d of %s".formatted(number, pdu);
  }
}
