package dev.ironic.core.conductor;

import dev.ironic.core.IronicException;
import dev.ironic.core.driver.DriverRegistry.Implementation;
import dev.ironic.core.model.Node;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.HardwareInterface;
import dev.ironic.driver.InterfaceKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the periodic methods of drivers. Each concrete class is visited once, whatever kinds and
 * names it stands for.
 */
final class DriverPeriodics {

  private static final Logger LOG = LoggerFactory.getLogger(DriverPeriodics.class);

  private final TaskManager tasks;
  private final DriverConfig config;
  private final Predicate<Node> mine;
  private final NodeSweep sweep;

  DriverPeriodics(TaskManager tasks, DriverConfig config, Predicate<Node> mine, NodeSweep sweep) {
    this.tasks = tasks;
    this.config = config;
    this.mine = mine;
    this.sweep = sweep;
  }

  /** A class of interfaces, with all that is enabled of it. */
  private record Owner(Class<?> type, Set<InterfaceKind> kinds, Set<HardwareInterface> instances) {

    static Owner of(Class<?> type) {
      return new Owner(
          type,
          EnumSet.noneOf(InterfaceKind.class),
          Collections.newSetFromMap(new IdentityHashMap<>()));
    }
  }

  /**
   * Collects the methods that the configuration does not switch off.
   *
   * @throws IllegalArgumentException when a method cannot be called as it is declared
   */
  void schedule(Periodics periodics) {
    Map<Class<?>, Owner> owners = new LinkedHashMap<>();
    for (Implementation each : tasks.drivers().implementations()) {
      Owner owner = owners.computeIfAbsent(each.instance().getClass(), Owner::of);
      owner.kinds().add(each.kind());
      owner.instances().add(each.instance());
    }
    for (Owner owner : owners.values()) {
      for (PeriodicMethod method : PeriodicMethod.of(owner.instances().iterator().next())) {
        periodics.every(
            method.name(owner.type()),
            method.spacing(config),
            method.declared().runImmediately(),
            () -> round(owner, method));
      }
    }
  }

  private void round(Owner owner, PeriodicMethod method) {
    if (!method.isPerNode()) {
      onEach(owner, method);
      return;
    }
    List<String> candidates =
        tasks.uuids(
            method.query(),
            node -> method.selects(node) && mine.test(node) && instanceOf(owner, node) != null);
    var quota = new Quota(method.declared().limit());
    sweep.all(
        method.name(owner.type()),
        candidates,
        tasks.options().periodicMaxWorkers(),
        uuid -> quota.spend(() -> turn(owner, method, uuid)));
  }

  private static void onEach(Owner owner, PeriodicMethod method) {
    RuntimeException failure = null;
    for (HardwareInterface instance : owner.instances()) {
      try {
        method.call(instance);
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** The node's own implementation if it is of exactly this class, or null. */
  private @Nullable HardwareInterface instanceOf(Owner owner, Node node) {
    for (InterfaceKind kind : owner.kinds()) {
      try {
        HardwareInterface instance = tasks.drivers().resolve(node, kind);
        if (instance.getClass() == owner.type()) {
          return instance;
        }
      } catch (IronicException e) {
        LOG.debug("Node {} has no usable {} interface: {}", node.uuid(), kind, e.getMessage());
      }
    }
    return null;
  }

  /** One node's turn; it has changed since it was listed, perhaps. */
  private boolean turn(Owner owner, PeriodicMethod method, String uuid) {
    String name = method.name(owner.type());
    Task task = tasks.shared(Watch.context(), uuid, name);
    HardwareInterface instance = instanceOf(owner, task.model());
    if (instance == null || !method.selects(task.model())) {
      return false;
    }
    try {
      return method.call(instance, task);
    } catch (DriverException e) {
      LOG.warn("{} failed for node {}: {}", name, uuid, e.getMessage());
      return true;
    }
  }

  /** Lets so many turns count, and no more begin than may still count. Thread-safe. */
  private static final class Quota {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int left;
    private int running;

    Quota(int limit) {
      left = limit == 0 ? Integer.MAX_VALUE : limit;
    }

    /** Takes a turn, unless enough have counted. */
    void spend(BooleanSupplier turn) {
      if (!enter()) {
        return;
      }
      boolean counts = true;
      try {
        counts = turn.getAsBoolean();
      } finally {
        leave(counts);
      }
    }

    private boolean enter() {
      lock.lock();
      try {
        while (left == 0 && running > 0) {
          changed.await();
        }
        if (left == 0) {
          return false;
        }
        left--;
        running++;
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } finally {
        lock.unlock();
      }
    }

    private void leave(boolean counts) {
      lock.lock();
      try {
        running--;
        left += counts ? 0 : 1;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
