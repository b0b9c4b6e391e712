package dev.ironic.driver.tck;

import dev.ironic.driver.BiosSettingInfo;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.FirmwareComponentInfo;
import dev.ironic.driver.HardwareInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.NodeUpdate;
import dev.ironic.driver.PortInfo;
import dev.ironic.driver.PortgroupInfo;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task on a {@link TestNode}. It holds the lock; sleeping passes virtual time; power actions go
 * to the node's power interface and are recorded. Not thread-safe.
 */
public final class TestNodeTask implements NodeTask {

  private static final List<String> FORGOTTEN_WITH_THE_AGENT =
      List.of(
          "agent_url",
          "agent_verify_ca",
          "agent_start_attempted",
          "agent_cached_clean_steps",
          "agent_cached_deploy_steps");

  private final TestNode node;
  private final TestContext context;
  private final List<HardwareInterface> drivers = new ArrayList<>();
  private final List<PortInfo> ports = new ArrayList<>();
  private final List<PowerState> powerActions = new ArrayList<>();
  private final List<StepProgress> progress = new ArrayList<>();
  private List<BiosSettingInfo> biosSettings = List.of();
  private List<FirmwareComponentInfo> firmwareComponents = List.of();
  private int resumed;
  private @Nullable String failure;

  /** Creates a task. */
  public TestNodeTask(TestNode node, TestContext context) {
    this.node = node;
    this.context = context;
  }

  /** Makes the node use an implementation; the last one of a kind counts. */
  public TestNodeTask with(HardwareInterface implementation) {
    drivers.addFirst(implementation);
    return this;
  }

  /** Gives the node a port that it may boot over. */
  public TestNodeTask withPort(String mac) {
    ports.add(new PortInfo("port-" + mac, mac, true, null, null, Map.of(), Map.of(), Map.of()));
    return this;
  }

  /** What the interfaces that it uses were made with. */
  public TestContext context() {
    return context;
  }

  /** The power actions asked for. */
  public List<PowerState> powerActions() {
    return List.copyOf(powerActions);
  }

  /** The progress told. */
  public List<StepProgress> progressTold() {
    return List.copyOf(progress);
  }

  /** How often the flow was resumed. */
  public int resumed() {
    return resumed;
  }

  /** What the flow was failed with, or null. */
  public @Nullable String failure() {
    return failure;
  }

  /** The firmware versions stored. */
  public List<FirmwareComponentInfo> firmwareComponents() {
    return firmwareComponents;
  }

  @Override
  public TestNode node() {
    return node;
  }

  @Override
  public boolean exclusive() {
    return true;
  }

  @Override
  public void requireOwner() {}

  @Override
  public List<PortInfo> ports() {
    return List.copyOf(ports);
  }

  @Override
  public boolean addPort(String address) {
    if (ports.stream().anyMatch(port -> port.address().equals(address))) {
      return false;
    }
    withPort(address);
    return true;
  }

  @Override
  public List<PortgroupInfo> portgroups() {
    return List.of();
  }

  @Override
  public List<BiosSettingInfo> biosSettings() {
    return biosSettings;
  }

  @Override
  public void update(Consumer<NodeUpdate> changes) {
    changes.accept(node);
  }

  @Override
  public void saveBiosSettings(List<BiosSettingInfo> settings) {
    biosSettings = List.copyOf(settings);
  }

  @Override
  public void saveFirmwareComponents(List<FirmwareComponentInfo> components) {
    firmwareComponents = List.copyOf(components);
  }

  @Override
  public <T extends HardwareInterface> T driver(Class<T> type) {
    return drivers.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow(
            () ->
                DriverException.invalid(
                    "The test gave the node no " + type.getSimpleName() + "; use with(...)"));
  }

  @Override
  public void powerAction(PowerState target) {
    powerActions.add(target);
    PowerInterface power = power();
    boolean already = power.powerState(this) == target;
    if (!already) {
      if (target == PowerState.REBOOT) {
        power.reboot(this, null);
      } else {
        power.setPowerState(this, target, null);
      }
    }
    node.powerState(target.settled());
    FORGOTTEN_WITH_THE_AGENT.forEach(node::removeInternal);
    if (!Boolean.TRUE.equals(node.driverInternalInfo().get("agent_secret_token_pregenerated"))) {
      node.removeInternal("agent_secret_token");
    }
  }

  @Override
  public void sleep(Duration duration) {
    context.clock().sleep(duration);
  }

  @Override
  public void progress(StepProgress step) {
    progress.add(step);
  }

  @Override
  public void resume() {
    resumed++;
  }

  @Override
  public void failFlow(String reason) {
    failure = reason;
  }

  @Override
  public boolean withLock(String purpose, Consumer<NodeTask> work) {
    work.accept(this);
    return true;
  }

  @Override
  public @Nullable String requestId() {
    return "req-test";
  }
}
