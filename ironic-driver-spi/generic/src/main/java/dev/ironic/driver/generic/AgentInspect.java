package dev.ironic.driver.generic;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InspectInterface;
import dev.ironic.driver.NetworkInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepResult;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inspects by the agent: the machine boots a ramdisk that looks around and posts what it found.
 * Where boot or network interface can't boot it for inspection, somebody else answers its network
 * boot. Thread-safe.
 */
public final class AgentInspect implements InspectInterface {

  private static final Logger LOG = LoggerFactory.getLogger(AgentInspect.class);
  private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

  /** Internal data: whether the boot is ours. It is there from start to clean-up. */
  private static final String MANAGED = "inspector_manage_boot";

  /** Internal data: the controller's addresses; what the ramdisk posts is found by them. */
  private static final String BMC_ADDRESSES = "lookup_bmc_addresses";

  private final AgentOptions agent;
  private final InspectionBootOptions options;
  private final Clock clock;

  /** Reads its options. */
  public AgentInspect(DriverContext context) {
    this.agent = AgentOptions.from(context.config());
    this.options = InspectionBootOptions.from(context.config());
    this.clock = context.clock();
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {
    if (options.requireManagedBoot()) {
      requireManagedBoot(task);
    }
  }

  @Override
  public StepResult inspect(NodeTask task) {
    if (options.preCreatePorts()) {
      createPorts(task);
    }
    boolean managed = isManaged(task);
    List<String> addresses = BmcAddresses.of(task.node());
    task.update(
        node -> {
          node.internal(MANAGED, managed);
          if (addresses.isEmpty()) {
            node.removeInternal(BMC_ADDRESSES);
          } else {
            node.internal(BMC_ADDRESSES, addresses);
          }
        });
    powerOff(task);
    if (managed) {
      task.network().addNetwork(task, NetworkInterface.Purpose.INSPECTION);
      task.boot().prepareRamdisk(task, kernelParameters(task));
    } else {
      task.management().setBootDevice(task, BootDevice.PXE, false);
    }
    task.powerAction(task.node().disablePowerOff() ? PowerState.REBOOT : PowerState.POWER_ON);
    return StepResult.waiting();
  }

  private static void createPorts(NodeTask task) {
    List<String> macs;
    try {
      macs = task.management().macAddresses(task);
    } catch (DriverException e) {
      if (e.kind() != DriverException.Kind.UNSUPPORTED) {
        throw e;
      }
      LOG.debug("The controller doesn't tell MAC addresses: {}", e.getMessage());
      return;
    }
    for (String address : macs) {
      String mac = address.strip().toLowerCase(Locale.ROOT).replace('-', ':');
      if (!MAC.matcher(mac).matches()) {
        LOG.warn("The controller tells '{}', which is no MAC address", address);
      } else if (task.addPort(mac)) {
        LOG.info("A port was made for {}", mac);
      }
    }
  }

  private boolean isManaged(NodeTask task) {
    try {
      requireManagedBoot(task);
      return true;
    } catch (DriverException e) {
      if (e.kind() != DriverException.Kind.UNSUPPORTED || options.requireManagedBoot()) {
        throw e;
      }
      LOG.info("The machine has to be booted by somebody else: {}", e.getMessage());
      return false;
    }
  }

  private static void requireManagedBoot(NodeTask task) {
    task.boot().validateInspection(task);
    task.network().validateInspection(task);
  }

  private Map<String, @Nullable String> kernelParameters(NodeTask task) {
    var parameters = new LinkedHashMap<>(options.extraKernelParams());
    String url = agent.apiUrlFor(task.node()).replaceFirst("/+$", "");
    String version = url.endsWith("/v1") ? "" : "/v1";
    parameters.put("ipa-inspection-callback-url", url + version + "/continue_inspection");
    if (options.forceDhcp()) {
      parameters.putIfAbsent("ipa-collect-lldp", "1");
    }
    if (agent.fastTrackWanted(task.node())) {
      parameters.put("ipa-api-url", url);
    }
    return parameters;
  }

  @Override
  public StepResult continueInspection(
      NodeTask task,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData) {
    if (agent.logsCollect().equals("always")) {
      AgentLogs.keep(task.node(), pluginData.get("logs"), agent, clock);
    }
    List<String> errors = cleanUp(task);
    return errors.isEmpty()
        ? StepResult.done()
        : StepResult.failed("Inspection clean up failed: " + String.join(", ", errors));
  }

  @Override
  public void dataRefused(NodeTask task, Map<String, @Nullable Object> pluginData) {
    if (!agent.logsCollect().equals("never")) {
      AgentLogs.keep(task.node(), pluginData.get("logs"), agent, clock);
    }
  }

  @Override
  public void abort(NodeTask task) {
    List<String> errors = cleanUp(task);
    if (!errors.isEmpty()) {
      LOG.warn("Clean-up after the inspection failed: {}", String.join(", ", errors));
    }
  }

  /**
   * Undoes what the start did, as far as possible; once. A machine that nobody started, such as a
   * discovered one, is left alone.
   *
   * @return what went wrong
   */
  private List<String> cleanUp(NodeTask task) {
    var errors = new ArrayList<String>();
    Object managed = task.node().driverInternalInfo().get(MANAGED);
    if (managed == null) {
      return errors;
    }
    if (Boolean.TRUE.equals(managed)) {
      attempt(errors, "unable to clean up ramdisk boot", () -> task.boot().cleanUpRamdisk(task));
      attempt(
          errors,
          "unable to remove inspection ports",
          () -> task.network().removeNetwork(task, NetworkInterface.Purpose.INSPECTION));
    }
    if (options.powerOff() && !agent.fastTrackWanted(task.node())) {
      boolean reboot = task.node().disablePowerOff();
      attempt(
          errors,
          reboot ? "unable to reboot the node" : "unable to power off the node",
          () -> task.powerAction(reboot ? PowerState.REBOOT : PowerState.POWER_OFF));
    }
    task.update(node -> node.removeInternal(MANAGED).removeInternal(BMC_ADDRESSES));
    return errors;
  }

  private static void attempt(List<String> errors, String failure, Runnable work) {
    try {
      work.run();
    } catch (DriverException e) {
      errors.add(failure + ": " + e.getMessage());
    }
  }

  private static void powerOff(NodeTask task) {
    if (!task.node().disablePowerOff()) {
      task.powerAction(PowerState.POWER_OFF);
    }
  }
}
