package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.store.Store;
import dev.ironic.driver.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This conductor among all: its row in the database, the signs of life that keep it fresh, and what
 * is to be done when they have failed for too long. Thread-safe.
 */
final class Membership {

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Store store;
  private final ConductorOptions options;
  private final String host;
  private final List<String> drivers;
  private final Collection<ConductorInterface> interfaces;
  private final Incarnation self;
  private final Lease lease;
  private final HeldLocks locks;
  private final Sleeper sleeper;
  private volatile long id;
  private volatile @Nullable String rpcAddress;
  private volatile boolean doubtful;
  private volatile boolean leaving;
  private volatile boolean replaced;

  Membership(
      Store store,
      ConductorOptions options,
      String host,
      List<String> drivers,
      Collection<ConductorInterface> interfaces,
      Incarnation self,
      Lease lease,
      HeldLocks locks,
      Sleeper sleeper) {
    this.store = store;
    this.options = options;
    this.host = host;
    this.drivers = drivers;
    this.interfaces = interfaces;
    this.self = self;
    this.lease = lease;
    this.locks = locks;
    this.sleeper = sleeper;
  }

  /**
   * Registers, once no other conductor of the name shows signs of life.
   *
   * @throws IllegalArgumentException when another one does
   */
  void join() {
    ConductorRecord former = store.conductors().find(host).orElse(null);
    if (former != null && mayLive(former)) {
      awaitSilence(former);
    }
    Instant before = lease.now();
    try {
      id = register(former);
    } catch (IronicException e) {
      if (e.fault() != Fault.ALREADY_EXISTS) {
        throw e;
      }
      throw taken(store.conductors().find(host));
    }
    lease.renew(before);
  }

  private long register(@Nullable ConductorRecord former) {
    return store
        .conductors()
        .register(host, options.conductorGroup(), drivers, interfaces, self.text(), former)
        .id();
  }

  /** Row number of its registration. */
  long id() {
    return id;
  }

  private boolean mayLive(ConductorRecord row) {
    String other = row.incarnation();
    return other != null
        && !self.knowsEndOf(other)
        && store.conductors().isFresh(host, options.heartbeatTimeout());
  }

  /**
   * A conductor that lives gives a sign within an interval. One that gives none may only be
   * stopped: until its lease has run out it relies on its locks, so that nobody may free them
   * before.
   */
  private void awaitSilence(ConductorRecord first) {
    LOG.info("A conductor {} was alive a moment ago; looking whether it still is", host);
    for (Duration waited = Duration.ZERO; mayGoOn(waited); waited = waited.plus(LOOK_AGAIN)) {
      pause();
      Optional<ConductorRecord> now = store.conductors().find(host);
      if (now.isEmpty() || now.get().incarnation() == null) {
        return;
      }
      if (!now.get().equals(first)) {
        throw taken(now);
      }
    }
  }

  private IllegalArgumentException taken(Optional<ConductorRecord> other) {
    return new IllegalArgumentException(
        ("A conductor named %s is running already, with the RPC address %s. Give this one another"
                + " name, [DEFAULT] host, or stop the other")
            .formatted(host, other.map(ConductorRecord::rpcAddress).orElse("(none)")));
  }

  /** Without a timeout no lease ever ends; then a silence of some length has to do. */
  private boolean mayGoOn(Duration silence) {
    return options.heartbeatTimeout().isPositive()
        ? store.conductors().isFresh(host, options.heartbeatTimeout())
        : silence.compareTo(options.heartbeatInterval().plusSeconds(2)) < 0;
  }

  private void pause() {
    try {
      sleeper.sleep(LOOK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The start of conductor " + host + " was interrupted", e);
    }
  }

  /**
   * Gives a sign of life. After a silence in which others may have taken over nodes, it first finds
   * out which locks are left.
   */
  void keepAlive() {
    if (replaced) {
      // Whoever took a lock before it was known that the name is gone would wait for ever.
      locks.confirm(List::of);
      return;
    }
    Instant before = lease.now();
    boolean online = !leaving;
    try {
      replaced = !store.conductors().touch(host, self.text(), online);
    } catch (IronicException e) {
      if (e.fault() != Fault.NOT_FOUND) {
        throw e;
      }
      LOG.warn("Conductor {} was removed as dead; it registers again", host);
      doubtful = true;
      replaced = !registerAgain();
    }
    if (replaced) {
      locks.confirm(List::of);
      LOG.error("Another process has registered as conductor {}; this one ends its work", host);
      return;
    }
    // Judged after the sign has arrived: one that was long under way came too late as well.
    if (doubtful || !lease.isValid()) {
      LOG.warn("Conductor {} was not heard of for {}", host, options.heartbeatTimeout());
      doubtful = true;
      locks.confirm(() -> store.nodes().heldBy(host));
      doubtful = false;
    }
    lease.renew(before);
    if (online && leaving) {
      leave();
    }
  }

  /** Callers have to find it again, too; false when another process has the name by now. */
  private boolean registerAgain() {
    String address = rpcAddress;
    try {
      id =
          store.inTransaction(
              () -> {
                long registered = register(null);
                store.conductors().advertise(host, self.text(), address);
                return registered;
              });
      return true;
    } catch (IronicException e) {
      if (e.fault() != Fault.ALREADY_EXISTS) {
        throw e;
      }
      return false;
    }
  }

  /** Tells callers where it is reached, from now on. */
  void advertise(String address) {
    rpcAddress = address;
    store.conductors().advertise(host, self.text(), address);
  }

  /** Whether another process has taken the name. */
  boolean isReplaced() {
    return replaced;
  }

  /** Gets no more nodes from now on; still alive. */
  void leave() {
    leaving = true;
    if (!replaced) {
      store.conductors().touch(host, self.text(), false);
    }
  }

  /** Ends: the name is free at once. */
  void retire() {
    store.conductors().retire(host, self.text());
  }
}
