package dev.ironic.rpc;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.store.ConductorRepository;
import java.util.function.Function;

/** Reaches conductors by host name, at the addresses that they registered. Thread-safe. */
public final class RemoteConductors implements Function<String, ConductorService> {

  private final ConductorRepository conductors;
  private final RpcClient client;

  /** Creates the way to all conductors of a database. */
  public RemoteConductors(ConductorRepository conductors, RpcClient client) {
    this.conductors = conductors;
    this.client = client;
  }

  /**
   * The conductor of that name.
   *
   * @throws IronicException NOT_TAKEN while it has not said where it is reached
   */
  @Override
  public ConductorService apply(String host) {
    return client.conductor(
        conductors
            .find(host)
            .map(ConductorRecord::rpcAddress)
            .orElseThrow(
                () ->
                    new IronicException(
                        Fault.NOT_TAKEN,
                        "Conductor %s has not registered an RPC address yet; try again later"
                            .formatted(host))));
  }
}
