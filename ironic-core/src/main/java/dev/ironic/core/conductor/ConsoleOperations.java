package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.driver.ConsoleInterface;
import dev.ironic.driver.DriverException;
import java.util.Map;

/** Consoles of nodes. Thread-safe. */
final class ConsoleOperations {

  private final NodeWork work;

  ConsoleOperations(NodeWork work) {
    this.work = work;
  }

  Map<String, String> information(RequestContext context, String nodeUuid) {
    return work.shared(
        context,
        nodeUuid,
        "getting console information",
        task -> {
          ConsoleInterface console = task.driver(ConsoleInterface.class);
          console.validate(task);
          if (!task.model().consoleEnabled()) {
            throw new IronicException(
                Fault.NODE_CONSOLE_NOT_ENABLED,
                "Console access is not enabled on node %s".formatted(nodeUuid));
          }
          return console.console(task);
        });
  }

  /** Switches the console in a worker; does nothing when it is as wanted already. */
  void setMode(RequestContext context, String nodeUuid, boolean enabled) {
    boolean change =
        work.shared(
            context,
            nodeUuid,
            "setting console mode",
            task -> {
              task.driver(ConsoleInterface.class).validate(task);
              return task.model().consoleEnabled() != enabled;
            });
    if (!change) {
      return;
    }
    work.lockedThenWorker(
        context,
        nodeUuid,
        "setting console mode",
        task -> task.save(node -> node.with(b -> b.lastError(null))),
        task -> {
          try {
            switchConsole(task, enabled);
            task.save(node -> node.with(b -> b.consoleEnabled(enabled)));
          } catch (DriverException e) {
            task.fail(
                "console",
                "Error %s console on node %s. Reason: %s"
                    .formatted(enabled ? "enabling" : "disabling", nodeUuid, e.getMessage()));
          }
        });
  }

  private static void switchConsole(Task task, boolean enabled) {
    ConsoleInterface console = task.driver(ConsoleInterface.class);
    if (enabled) {
      console.startConsole(task);
    } else {
      console.stopConsole(task);
    }
  }
}
