package dev.ironic.core.store;

import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conductors and what they offer. On PostgreSQL their freshness is a matter of the database's clock
 * alone, so that the clocks of hosts need not agree; SQLite is used on one host.
 */
public interface ConductorRepository extends Repository<ConductorRecord> {

  /**
   * Stores or renews a conductor as online, under a name that no other process has, and replaces
   * the interfaces it offers.
   *
   * @param incarnation which process it is
   * @throws dev.ironic.core.IronicException ALREADY_EXISTS when another process has the name
   */
  default ConductorRecord register(
      String hostname,
      String group,
      List<String> drivers,
      Collection<ConductorInterface> interfaces,
      String incarnation) {
    return register(hostname, group, drivers, interfaces, incarnation, null);
  }

  /**
   * The same in the place of a process that is over. Of several that want its place at once, one
   * gets it.
   *
   * @param former the row as it was seen when its process was over; null for none. When it has
   *     given a sign of life since, it keeps its name
   */
  ConductorRecord register(
      String hostname,
      String group,
      List<String> drivers,
      Collection<ConductorInterface> interfaces,
      String incarnation,
      @Nullable ConductorRecord former);

  /**
   * Keeps the row fresh.
   *
   * @return false when another process has registered under the name; nothing is written then
   * @throws dev.ironic.core.IronicException NOT_FOUND when there is no such row
   */
  boolean touch(String hostname, String incarnation, boolean online);

  /** Marks the conductor as ended, unless another process has its name. */
  void retire(String hostname, String incarnation);

  /** Whether the row was fresh within a time, online or not. */
  boolean isFresh(String hostname, Duration timeout);

  /**
   * Tells callers where a conductor's RPC is reached, unless another process has its name; it stays
   * until told otherwise.
   *
   * @param rpcAddress null for nowhere but in its own process
   */
  void advertise(String hostname, String incarnation, @Nullable String rpcAddress);

  /** Conductors that are online and fresh. */
  List<ConductorRecord> active(Duration timeout);

  /** Conductors that have not been fresh for so long. */
  List<ConductorRecord> offline(Duration timeout);

  /** What conductors offer, of all or of one. */
  List<ConductorInterface> interfaces(Collection<Long> conductorIds);
}
