package dev.ironic.examples.customdriver;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Periodic;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Switches an outlet. Reads {@code [pdu] power_timeout} (seconds until an outlet has to have
 * switched; 30). Thread-safe.
 */
public final class PduPower implements PowerInterface {

  private static final Duration STEP = Duration.ofSeconds(1);

  private final PduClient client = new PduClient();
  private final Duration patience;

  /** Reads the options. */
  public PduPower(DriverContext context) {
    patience = context.config().seconds("pdu", "power_timeout", Duration.ofSeconds(30));
  }

  @Override
  public Map<String, String> properties() {
    return Outlet.PROPERTIES;
  }

  @Override
  public void validate(NodeTask task) {
    Outlet.of(task.node());
  }

  @Override
  public @Nullable PowerState powerState(NodeTask task) {
    return switch (client.read(Outlet.of(task.node())).get("power")) {
      case "on" -> PowerState.POWER_ON;
      case "off" -> PowerState.POWER_OFF;
      case null, default -> null;
    };
  }

  @Override
  public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
    switch (target) {
      case POWER_ON, POWER_OFF -> change(task, target, timeout);
      case REBOOT -> reboot(task, timeout);
      case SOFT_POWER_OFF, SOFT_REBOOT, ERROR ->
          throw DriverException.invalid(
              "An outlet cannot do '%s', only 'power on', 'power off' and 'rebooting'"
                  .formatted(target.wireName()));
    }
  }

  @Override
  public void reboot(NodeTask task, @Nullable Duration timeout) {
    change(task, PowerState.POWER_OFF, timeout);
    change(task, PowerState.POWER_ON, timeout);
  }

  /** Writes down what the machine draws. */
  @Periodic(
      spacing = 60,
      spacingOption = "pdu.watts_interval",
      states = {"manageable", "available", "active"})
  public void recordWatts(NodeTask task) {
    if (task.node().maintenance()) {
      return;
    }
    String watts = client.read(Outlet.of(task.node())).get("watts");
    if (watts != null && !Objects.equals(task.node().driverInternalInfo().get("watts"), watts)) {
      task.withLock("record watts", held -> held.update(node -> node.internal("watts", watts)));
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private void change(NodeTask task, PowerState target, @Nullable Duration timeout) {
    Outlet outlet = Outlet.of(task.node());
    client.write(outlet, "power", target == PowerState.POWER_ON ? "on" : "off");
    Duration limit = timeout == null ? patience : timeout;
    for (Duration waited = Duration.ZERO; powerState(task) != target; waited = waited.plus(STEP)) {
      if (waited.compareTo(limit) >= 0) {
        throw DriverException.failed(
            "%s is not at '%s' after %d s; look whether its relay is stuck"
                .formatted(outlet, target.wireName(), limit.toSeconds()),
            null);
      }
      task.sleep(STEP);
    }
  }
}
