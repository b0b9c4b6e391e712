package dev.ironic.examples.embedded;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Options of {@code ironic.conf} for a conductor that has nothing but fake hardware. */
final class FakeOptions {

  /** A database that ends with the conductor. */
  static final Map<String, String> MEMORY = Map.of("connection", "sqlite://");

  /** The group {@code [DEFAULT]}. */
  static final Map<String, String> ALL = all();

  private FakeOptions() {}

  private static Map<String, String> all() {
    var options = new HashMap<String, String>();
    options.put("enabled_hardware_types", "fake-hardware");
    for (String kind :
        List.of(
            "bios",
            "boot",
            "console",
            "deploy",
            "firmware",
            "inspect",
            "management",
            "power",
            "raid",
            "rescue",
            "storage",
            "vendor")) {
      options.put("enabled_" + kind + "_interfaces", "fake");
    }
    options.put("enabled_network_interfaces", "noop");
    return options;
  }
}
