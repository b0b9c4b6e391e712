package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.ProvisionState.Trait;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares recorded power states with the hardware. Thread-safe. */
final class PowerSync {

  private static final Logger LOG = LoggerFactory.getLogger(PowerSync.class);
  private static final String FAULT = "power failure";

  private final TaskManager tasks;
  private final PowerActions actions;
  private final Predicate<Node> mine;
  private final NodeSweep sweep;
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  PowerSync(TaskManager tasks, PowerActions actions, Predicate<Node> mine, NodeSweep sweep) {
    this.tasks = tasks;
    this.actions = actions;
    this.mine = mine;
    this.sweep = sweep;
  }

  /** Looks at all nodes of this conductor, those that failed before first. */
  void run() {
    // Nodes at work would be left anyway; that they are not even read spares a busy conductor most.
    Query idle =
        Query.where("maintenance", false)
            .and(new Filter.IsNull("reservation", true))
            .and(new Filter.IsNull("targetPowerState", true))
            .and(new Filter.IsNull("parentNode", true))
            .and(new Filter.In("provisionState", ProvisionState.with(Trait.POWER_SYNC)));
    Instant begun = tasks.clock().instant();
    List<String> nodes = tasks.uuids(idle, mine);
    Map<String, Integer> failedBefore = Map.copyOf(failures);
    nodes.sort(
        Comparator.comparingInt((String uuid) -> failedBefore.getOrDefault(uuid, 0)).reversed());
    sweep.all(
        "power sync",
        nodes,
        Math.min(tasks.options().syncPowerStateWorkers(), tasks.options().periodicMaxWorkers()),
        this::syncOnce);
    if (!nodes.isEmpty()) {
      LOG.info(
          "Power sync of {} nodes took {} s",
          nodes.size(),
          Duration.between(begun, tasks.clock().instant()).toSeconds());
    }
  }

  /** A node whose controller still hangs since an earlier round is left out. */
  private void syncOnce(String uuid) {
    if (underWay.add(uuid)) {
      try {
        sync(uuid);
      } finally {
        underWay.remove(uuid);
      }
    }
  }

  private void sync(String uuid) {
    Task task = tasks.shared(Watch.context(), uuid, "power sync");
    Node node = task.model();
    if (isToBeLeft(node)) {
      return;
    }
    PowerState recorded = node.powerState();
    PowerState seen;
    try {
      if (recorded == null && !isValid(task)) {
        return;
      }
      seen = read(task);
    } catch (DriverException e) {
      failed(uuid, e.getMessage());
      return;
    }
    if (seen == recorded) {
      failures.remove(uuid);
      if (node.lastError() != null
          && tasks.options().nodeHistory()
          && !node.provisionState().is(Trait.FAILURE)) {
        locked(uuid, held -> held.save(current -> current.with(b -> b.lastError(null))));
      }
      return;
    }
    if (recorded == null) {
      locked(uuid, held -> held.save(current -> current.with(b -> b.powerState(seen))));
      return;
    }
    differs(task, recorded, seen);
  }

  /** Null when the hardware answers, but cannot tell: that is no error. */
  private static @Nullable PowerState read(Task task) {
    PowerState seen = task.power().powerState(task);
    if (seen == PowerState.ERROR) {
      throw DriverException.failed("the hardware reports a power error", null);
    }
    return seen;
  }

  private static String words(@Nullable PowerState seen) {
    return seen == null ? "in no known power state" : seen.wireName();
  }

  private static boolean isToBeLeft(Node node) {
    return !node.provisionState().is(Trait.POWER_SYNC)
        || node.maintenance()
        || node.targetPowerState() != null
        || node.reservation() != null
        || node.driverInternalInfo().get("redfish_fw_updates") != null;
  }

  private static boolean isValid(Task task) {
    try {
      task.power().validate(task);
      return true;
    } catch (DriverException e) {
      return false;
    }
  }

  private void differs(Task task, PowerState recorded, @Nullable PowerState seen) {
    String uuid = task.model().uuid();
    boolean force =
        tasks.options().forcePowerStateDuringSync()
            && task.power().supportsPowerSync(task)
            && !task.model().staysOn();
    if (!force) {
      LOG.warn(
          "Node {} is {}, not {} as recorded; the record is corrected",
          uuid,
          words(seen),
          recorded.wireName());
      locked(uuid, held -> held.save(current -> current.with(b -> b.powerState(seen))));
      return;
    }
    if (count(uuid) > tasks.options().powerStateSyncMaxRetries()) {
      giveUp(uuid, seen, "it does not stay %s".formatted(recorded.wireName()));
      return;
    }
    LOG.warn(
        "Node {} is {}, not {} as recorded; it is switched back",
        uuid,
        words(seen),
        recorded.wireName());
    locked(
        uuid,
        held -> {
          if (held.model().powerState() == recorded && !held.model().maintenance()) {
            actions.switchTo(held, recorded, null);
          }
        });
  }

  private int count(String uuid) {
    return failures.merge(uuid, 1, Integer::sum);
  }

  private void failed(String uuid, @Nullable String reason) {
    int count = count(uuid);
    LOG.warn("Power of node {} cannot be read, attempt {}: {}", uuid, count, reason);
    if (count > tasks.options().powerStateSyncMaxRetries()) {
      giveUp(uuid, null, reason);
    }
  }

  private void giveUp(String uuid, @Nullable PowerState seen, @Nullable String reason) {
    String error =
        "During sync_power_state, max retries exceeded for node %s: %s. The node is put into maintenance"
            .formatted(uuid, reason);
    locked(
        uuid,
        held -> {
          held.save(
              node ->
                  node.with(
                      b ->
                          b.powerState(seen)
                              .maintenance(true)
                              .maintenanceReason(error)
                              .fault(FAULT)));
          held.fail("monitoring", error);
        });
  }

  /** Takes nodes out of maintenance whose power answers again. */
  void recover() {
    Query failed =
        Query.where("maintenance", true)
            .and(new Filter.Equal("fault", FAULT))
            .and(new Filter.IsNull("parentNode", true));
    sweep.all(
        "power failure recovery",
        tasks.uuids(
            failed, node -> node.provisionState() != ProvisionState.ENROLL && mine.test(node)),
        tasks.options().periodicMaxWorkers(),
        this::recover);
  }

  private void recover(String uuid) {
    PowerState seen;
    try {
      seen = read(tasks.shared(Watch.context(), uuid, "power failure recovery"));
    } catch (DriverException | IronicException e) {
      LOG.debug("Power of node {} still does not answer: {}", uuid, e.getMessage());
      return;
    }
    failures.remove(uuid);
    locked(
        uuid,
        held -> {
          if (held.model().maintenance() && FAULT.equals(held.model().fault())) {
            held.save(
                current ->
                    current.with(
                        b ->
                            b.powerState(seen)
                                .maintenance(false)
                                .maintenanceReason(null)
                                .fault(null)));
            held.history("monitoring", false, "Power answers again; maintenance has ended");
          }
        });
  }

  private void locked(String uuid, Consumer<Task> work) {
    try (Task task = tasks.exclusiveNow(Watch.context(), uuid, "power sync")) {
      work.accept(task);
    } catch (IronicException e) {
      if (e.fault() != Fault.NODE_LOCKED) {
        throw e;
      }
    } catch (DriverException e) {
      LOG.warn("Power of node {} cannot be switched: {}", uuid, e.getMessage());
    }
  }
}
