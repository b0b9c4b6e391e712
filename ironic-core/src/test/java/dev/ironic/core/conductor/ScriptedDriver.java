package dev.ironic.core.conductor;

import dev.ironic.core.driver.NoNetwork;
import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.CleanStep;
import dev.ironic.driver.DeployInterface;
import dev.ironic.driver.DeployStep;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import dev.ironic.driver.NetworkInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Periodic;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.ServiceStep;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Hardware whose every move is scripted; what it lacks comes from the fake driver. */
public final class ScriptedDriver implements DriverPlugin {

  private final Script script;

  ScriptedDriver(Script script) {
    this.script = script;
  }

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new Type());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<PowerInterface>(
            InterfaceKind.POWER, "scripted", context -> new Power(script)),
        new InterfaceProvider<DeployInterface>(
            InterfaceKind.DEPLOY, "scripted", context -> new Deploy(script)),
        new InterfaceProvider<NetworkInterface>(
            InterfaceKind.NETWORK, "scripted", context -> new NoNetwork()));
  }

  /** The hardware type. */
  public static final class Type extends AbstractHardwareType {

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    protected List<String> supportedPowerInterfaces() {
      return List.of("scripted");
    }

    @Override
    protected List<String> supportedManagementInterfaces() {
      return List.of("fake");
    }

    @Override
    protected List<String> supportedDeployInterfaces() {
      return List.of("scripted");
    }

    @Override
    public boolean acceptsAnyInterface() {
      return true;
    }
  }

  /** Power in memory. */
  public static final class Power implements PowerInterface {

    private final Script script;
    private final Map<String, PowerState> states = new ConcurrentHashMap<>();

    Power(Script script) {
      this.script = script;
    }

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {
      script.does("power.validate", task);
    }

    @Override
    public @Nullable PowerState powerState(NodeTask task) {
      return script.does("power.state", task) instanceof StepResult.Waiting
          ? null // as of hardware that answers, but cannot tell
          : states.getOrDefault(task.node().uuid(), PowerState.POWER_OFF);
    }

    @Override
    public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
      script.does("power." + target.settled().wireName(), task);
      states.put(task.node().uuid(), target.settled());
    }

    @Override
    public void reboot(NodeTask task, @Nullable Duration timeout) {
      script.does("power.reboot", task);
      states.put(task.node().uuid(), PowerState.POWER_ON);
    }

    /** Counts rounds. */
    @Periodic(
        spacing = 50,
        states = {"active"})
    public void look(NodeTask task) {
      script.does("power.look", task);
    }
  }

  /** Deployment in scripted steps. */
  public static final class Deploy implements DeployInterface {

    private final Script script;

    Deploy(Script script) {
      this.script = script;
    }

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {
      script.does("deploy.validate", task);
    }

    @Override
    public StepResult prepare(NodeTask task) {
      return script.does("prepare", task);
    }

    @Override
    public void tearDown(NodeTask task) {
      script.does("tearDown", task);
    }

    @Override
    public void cleanUp(NodeTask task) {
      script.does("cleanUp", task);
    }

    @Override
    public void takeOver(NodeTask task) {
      script.does("takeOver", task);
    }

    @Override
    public void giveUp(NodeTask task) {
      script.does("giveUp", task);
    }

    @Override
    public StepResult prepareSteps(NodeTask task, StepKind kind) {
      return script.does("prepareSteps", task);
    }

    @Override
    public void tearDownSteps(NodeTask task, StepKind kind) {
      script.does("tearDownSteps", task);
    }

    @Override
    public StepResult agentReady(NodeTask task, StepKind kind) {
      return script.does("agentReady", task);
    }

    /** Boots the agent. */
    @DeployStep(priority = 100)
    public StepResult deploy(NodeTask task) {
      return script.does("deploy", task);
    }

    /** Writes the image; must not run twice. */
    @DeployStep(priority = 80, repeat = Repeat.NEVER)
    public StepResult flash(NodeTask task) {
      return script.does("flash", task);
    }

    /** Writes the image. */
    @DeployStep(priority = 60, repeat = Repeat.PROBE)
    public StepResult write(NodeTask task) {
      return script.does("write", task);
    }

    /** Cleans disks. */
    @CleanStep(priority = 10)
    @ServiceStep
    public StepResult erase(NodeTask task) {
      return script.does("erase", task);
    }

    /** Cleans more; can be aborted, and needs no ramdisk. */
    @CleanStep(priority = 5, abortable = true, requiresRamdisk = false)
    public StepResult scrub(NodeTask task) {
      return script.does("scrub", task);
    }

    @Override
    public StepResult probeStep(NodeTask task, StepKind kind, Step step) {
      return script.does("probe " + step.name(), task);
    }
  }
}
