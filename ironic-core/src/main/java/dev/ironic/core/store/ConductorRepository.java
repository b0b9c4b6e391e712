package dev.ironic.core.store;

import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conductors and what they offer. */
public interface ConductorRepository extends Repository<ConductorRecord> {

  /** Stores or renews a conductor as online, and replaces the interfaces it offers. */
  ConductorRecord register(
      String hostname,
      String group,
      List<String> drivers,
      Collection<ConductorInterface> interfaces);

  /** Keeps the row fresh. */
  void touch(String hostname, boolean online);

  /**
   * Tells callers where a conductor's RPC is reached; it stays until told otherwise.
   *
   * @param rpcAddress null for nowhere but in its own process
   */
  void advertise(String hostname, @Nullable String rpcAddress);

  /** Conductors that are online and fresh. */
  List<ConductorRecord> active(Duration timeout);

  /** Conductors that have not been fresh for so long. */
  List<ConductorRecord> offline(Duration timeout);

  /** What conductors offer, of all or of one. */
  List<ConductorInterface> interfaces(Collection<Long> conductorIds);
}
