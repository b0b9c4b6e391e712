package dev.ironic.core.routing;

import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.ConductorRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The rings as this process knows them: laid out from the database, and anew when they are older
 * than the reset interval. Others may disagree for that long; a node's lock keeps them apart.
 * Thread-safe.
 */
public final class Rings {

  private final ConductorRepository conductors;
  private final RoutingOptions options;
  private final InstantSource clock;
  private final ReentrantLock building = new ReentrantLock();
  private volatile @Nullable Dated cached;

  private record Dated(RingSet rings, Instant madeAt) {}

  /** Nothing is read before the first question. */
  public Rings(ConductorRepository conductors, RoutingOptions options, InstantSource clock) {
    this.conductors = conductors;
    this.options = options;
    this.clock = clock;
  }

  /** The rings, at most one reset interval old. */
  public RingSet current() {
    Dated now = cached;
    if (now != null && isFresh(now)) {
      return now.rings();
    }
    building.lock();
    try {
      Dated again = cached;
      return again != null && isFresh(again) ? again.rings() : build();
    } finally {
      building.unlock();
    }
  }

  /** The rings as the database has them now; they are kept, too. */
  public RingSet fresh() {
    building.lock();
    try {
      return build();
    } finally {
      building.unlock();
    }
  }

  /**
   * The host that serves a node. When the rings kept do not know any, the database is asked, so
   * that a new driver is seen at once.
   */
  public Optional<String> ownerOf(Node node) {
    return current().ownerOf(node).or(() -> fresh().ownerOf(node));
  }

  private boolean isFresh(Dated dated) {
    Duration age = Duration.between(dated.madeAt(), clock.instant());
    // Made in the future: the clock was set back, and nobody knows how old they are.
    return !age.isNegative() && age.compareTo(options.resetInterval()) < 0;
  }

  private RingSet build() {
    Instant madeAt = clock.instant();
    List<ConductorRecord> active = conductors.active(options.heartbeatTimeout());
    var rings =
        new RingSet(
            active,
            conductors.interfaces(active.stream().map(ConductorRecord::id).toList()),
            options);
    cached = new Dated(rings, madeAt);
    return rings;
  }
}
