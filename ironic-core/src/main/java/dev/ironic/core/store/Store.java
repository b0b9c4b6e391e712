package dev.ironic.core.store;

import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Chassis;
import dev.ironic.core.model.DeployTemplate;
import dev.ironic.core.model.InspectionRule;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.Runbook;
import dev.ironic.core.model.VolumeConnector;
import dev.ironic.core.model.VolumeTarget;
import java.time.Clock;
import java.util.function.Supplier;

/** The database. Thread-safe. Closing it closes its connections. */
public interface Store extends AutoCloseable {

  /** Nodes. */
  NodeRepository nodes();

  /** Ports. */
  Repository<Port> ports();

  /** Port groups. */
  Repository<Portgroup> portgroups();

  /** Chassis. */
  Repository<Chassis> chassis();

  /** Allocations; the link between an allocation and its node is set and removed with the row. */
  Repository<Allocation> allocations();

  /** Conductors. */
  ConductorRepository conductors();

  /** Deploy templates with their steps. */
  Repository<DeployTemplate> deployTemplates();

  /** Runbooks with their steps. */
  Repository<Runbook> runbooks();

  /** Inspection rules. */
  Repository<InspectionRule> inspectionRules();

  /** Volume connectors. */
  Repository<VolumeConnector> volumeConnectors();

  /** Volume targets. */
  Repository<VolumeTarget> volumeTargets();

  /** The journal. */
  FlowRepository flows();

  /** The clock that gives the times that are stored; what they are compared with. */
  Clock clock();

  /**
   * Does work in one transaction: all of it is stored, or nothing. Joins a transaction of the same
   * thread. Must be short and must not talk to hardware.
   */
  <R> R inTransaction(Supplier<R> work);

  @Override
  void close();
}
