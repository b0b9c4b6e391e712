package dev.ironic.chaos.hardware;

import dev.ironic.driver.CleanStep;
import dev.ironic.driver.DeployInterface;
import dev.ironic.driver.DeployStep;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import java.util.Map;

/**
 * Deploys and cleans machines of the yard, in steps of all kinds: some that are done on return,
 * some that hold the worker, some that the machine does by itself and that are asked for from time
 * to time. Thread-safe.
 */
public final class ChaosDeploy implements DeployInterface {

  /** Most jobs have ended by then. */
  private static final Duration FIRST_POLL = Duration.ofMillis(300);

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(300);

  private final YardClient yard;

  ChaosDeploy(YardClient yard) {
    this.yard = yard;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  /** Also called when an active node comes from another conductor: then the machine is left. */
  @Override
  public StepResult prepare(NodeTask task) {
    if (!task.node().provisionStateName().equals("active")) {
      ramdisk(task);
    }
    return StepResult.done();
  }

  private static void ramdisk(NodeTask task) {
    task.boot().prepareRamdisk(task, Map.of());
    task.powerAction(PowerState.REBOOT);
  }

  /** The machine writes by itself, and is asked how far it is. */
  @DeployStep(priority = 90, repeat = Repeat.PROBE)
  public StepResult writeImage(NodeTask task) {
    return begin(task, writing(task));
  }

  private static String writing(NodeTask task) {
    return "write " + task.node().uuid();
  }

  /** Done on return. */
  @DeployStep(priority = 70)
  public void writeConfigDrive(NodeTask task) {
    yard.command(task, "configure host");
  }

  /**
   * Holds its worker until the machine is done, with a command at every turn: what a conductor does
   * that has lost the database and does not need it yet.
   */
  @DeployStep(priority = 60)
  public void syncDisk(NodeTask task) {
    yard.command(task, "begin sync");
    while (!yard.read(task, "job sync").equals("done")) {
      task.sleep(LOOK);
      yard.command(task, "begin sync");
    }
  }

  /** Off, the disk first, and on. */
  @DeployStep(priority = 20)
  public void bootInstance(NodeTask task) {
    task.powerAction(PowerState.POWER_OFF);
    task.boot().prepareInstance(task);
    task.powerAction(PowerState.POWER_ON);
  }

  /** Done on return. */
  @CleanStep(priority = 20, requiresRamdisk = false)
  public void wipeTable(NodeTask task) {
    yard.command(task, "wipe table");
  }

  /** The machine wipes by itself, and is asked how far it is. */
  @CleanStep(priority = 10, requiresRamdisk = false, repeat = Repeat.PROBE)
  public StepResult wipeDisk(NodeTask task) {
    return begin(task, "wipe");
  }

  private StepResult begin(NodeTask task, String job) {
    yard.command(task, "begin " + job);
    return StepResult.pollAfter(FIRST_POLL, null);
  }

  @Override
  public StepResult probeStep(NodeTask task, StepKind kind, Step step) {
    return switch (step.name()) {
      case "write_image" -> look(task, writing(task));
      case "wipe_disk" -> look(task, "wipe");
      default -> StepResult.done();
    };
  }

  /** A job that the machine knows nothing of was lost with the conductor that was to begin it. */
  private StepResult look(NodeTask task, String job) {
    return switch (yard.read(task, "job " + job)) {
      case "done" -> StepResult.done();
      case "running" -> StepResult.pollAfter(POLL, null);
      case "unknown" -> begin(task, job);
      case String other -> throw DriverException.failed("The job '" + job + "' is " + other, null);
    };
  }

  @Override
  public StepResult prepareSteps(NodeTask task, StepKind kind) {
    ramdisk(task);
    return StepResult.done();
  }

  @Override
  public void tearDownSteps(NodeTask task, StepKind kind) {
    task.boot().cleanUpRamdisk(task);
    task.powerAction(PowerState.POWER_OFF);
  }

  @Override
  public void tearDown(NodeTask task) {
    task.powerAction(PowerState.POWER_OFF);
    task.boot().cleanUpInstance(task);
  }

  @Override
  public void cleanUp(NodeTask task) {
    task.boot().cleanUpRamdisk(task);
  }

  @Override
  public void takeOver(NodeTask task) {
    yard.read(task, "boot");
  }

  @Override
  public void close() {
    yard.close();
  }
}
