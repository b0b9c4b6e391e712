package dev.ironic.standalone;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A configuration with fake hardware and room for many nodes at once. Immutable. */
record Settings(Map<String, Map<String, String>> values) {

  /**
   * Makes one.
   *
   * @param state folder for all that is kept
   * @param port 0 for any
   */
  static Settings of(Path state, int port) {
    var general = new LinkedHashMap<String, String>();
    general.put("auth_strategy", "noauth");
    general.put("host", "localhost");
    general.put("state_path", state.toString());
    general.put("enabled_hardware_types", "fake-hardware");
    for (String kind :
        "bios boot console deploy firmware inspect management power raid rescue vendor"
            .split(" ")) {
      general.put("enabled_" + kind + "_interfaces", "fake");
    }
    general.put("enabled_network_interfaces", "noop");
    general.put("enabled_storage_interfaces", "noop");
    return new Settings(
        Map.of(
            "DEFAULT", general,
            "api", Map.of("host_ip", "127.0.0.1", "port", String.valueOf(port)),
            "database", Map.of("connection", "sqlite:///" + state.resolve("ironic.sqlite")),
            "deploy", Map.of("http_root", state.resolve("http").toString()),
            "conductor",
                Map.of(
                    "automated_clean", "true",
                    "workers_pool_size", "2000",
                    "max_concurrent_deploy", "100000",
                    "max_concurrent_clean", "100000")));
  }

  /** As a file has it. */
  String text() {
    var text = new StringBuilder();
    values.forEach(
        (group, options) -> {
          text.append('[').append(group).append("]\n");
          options.forEach((name, value) -> text.append(name + " = " + value + "\n"));
        });
    return text.toString();
  }
}
