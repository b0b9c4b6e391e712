package dev.ironic.driver.generic;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;

/** What a {@code no-*} implementation answers to everything. */
final class Unsupported {

  private Unsupported() {}

  static DriverException of(NodeTask task, String kind) {
    return DriverException.unsupported(
        "Driver %s does not support %s (disabled or not implemented)."
            .formatted(task.node().driver(), kind));
  }
}
