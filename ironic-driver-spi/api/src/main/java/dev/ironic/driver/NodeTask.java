package dev.ironic.driver;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A driver's handle on a node for the length of one call.
 *
 * <p>A task either holds the node's lock or does not. Only one that holds it may change the node;
 * the lock is fenced, so a task whose conductor was declared dead meanwhile gets an error instead
 * of writing over its successor. A task is used by one thread at a time and not kept after the
 * call.
 */
public interface NodeTask {

  /** The node as last read or written by this task. */
  NodeInfo node();

  /** Whether this task holds the node's lock. */
  boolean exclusive();

  /**
   * Fails when the node may belong to another conductor by now: this one paused or lost its
   * database for so long that others think it dead. To be called right before a command is sent to
   * the hardware; {@link BmcCalls} does so for its callers. Costs nothing as long as all is well;
   * waits while it is not known. The exception is not for the driver to catch: it ends the work. A
   * task without the node's lock may only read, and is not asked.
   */
  void requireOwner();

  /** The node's ports. */
  List<PortInfo> ports();

  /**
   * Gives the node a port, unless there is one with that address on any node.
   *
   * @param address a MAC address in lower case
   * @return whether a port was made
   */
  boolean addPort(String address);

  /** The node's port groups. */
  List<PortgroupInfo> portgroups();

  /** The node's firmware settings as last stored. */
  List<BiosSettingInfo> biosSettings();

  /**
   * Changes the node and stores it at once.
   *
   * @throws IllegalStateException when the task holds no lock
   */
  void update(Consumer<NodeUpdate> changes);

  /** Replaces the stored firmware settings. */
  void saveBiosSettings(List<BiosSettingInfo> settings);

  /** Replaces the stored firmware versions. */
  void saveFirmwareComponents(List<FirmwareComponentInfo> components);

  /**
   * The implementation of a kind that this node uses.
   *
   * @param type for example {@code PowerInterface.class}
   * @throws DriverException when the node names one that this conductor does not have
   */
  <T extends HardwareInterface> T driver(Class<T> type);

  /** The node's power interface. */
  default PowerInterface power() {
    return driver(PowerInterface.class);
  }

  /** The node's management interface. */
  default ManagementInterface management() {
    return driver(ManagementInterface.class);
  }

  /** The node's boot interface. */
  default BootInterface boot() {
    return driver(BootInterface.class);
  }

  /** The node's deploy interface. */
  default DeployInterface deploy() {
    return driver(DeployInterface.class);
  }

  /** The node's network interface. */
  default NetworkInterface network() {
    return driver(NetworkInterface.class);
  }

  /** The node's storage interface. */
  default StorageInterface storage() {
    return driver(StorageInterface.class);
  }

  /**
   * Switches power with everything that belongs to it: checks, records, history, notifications, and
   * forgetting an agent that the action ends. Prefer it to the power interface's own methods.
   *
   * @param target the action
   */
  void powerAction(PowerState target);

  /**
   * Waits, giving way when the work is cancelled.
   *
   * @throws DriverException when interrupted
   */
  void sleep(Duration duration);

  /**
   * Tells how far the running step has come; shown to operators. Cheap: call it as often as liked.
   */
  void progress(StepProgress progress);

  /**
   * Asks the conductor to go on with the node's flow: the waiting step is probed soon, on another
   * thread. For work that finished by itself, such as in a periodic task. Needs no lock.
   */
  void resume();

  /**
   * Fails the node's flow, on another thread. Needs no lock.
   *
   * @param reason what is stored as the node's {@code last_error}
   */
  void failFlow(String reason);

  /**
   * Runs work with the node's lock, from a task that holds none.
   *
   * @return false when the lock could not be had; the work did not run then
   */
  boolean withLock(String purpose, Consumer<NodeTask> work);

  /** The request that led to this work, for log lines; null for periodic work. */
  @Nullable String requestId();
}
