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
import javax.sql.DataSource;

/**
 * The store in SQLite or PostgreSQL.
 *
 * <pre>{@code
 * try (Store store = SqlStore.open(DatabaseUrl.parse("sqlite:///ironic.sqlite"), clock)) { ... }
 * }</pre>
 */
public final class SqlStore implements Store {

  private final Database database;
  private final Clock clock;
  private final NodeRepository nodes;
  private final Repository<Port> ports;
  private final Repository<Portgroup> portgroups;
  private final Repository<Chassis> chassis;
  private final Repository<Allocation> allocations;
  private final SqlConductors conductors;
  private final Repository<DeployTemplate> deployTemplates;
  private final Repository<Runbook> runbooks;
  private final Repository<InspectionRule> inspectionRules;
  private final Repository<VolumeConnector> volumeConnectors;
  private final Repository<VolumeTarget> volumeTargets;
  private final FlowRepository flows;

  private SqlStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
    conductors = new SqlConductors(database, clock);
    var locks = new NodeLocks(database, clock, conductors);
    nodes = new SqlNodes(database, clock, locks);
    ports = new SqlRepository<>(database, clock, Tables.PORTS);
    portgroups = new SqlPortgroups(database, clock);
    chassis = new SqlChassis(database, clock);
    allocations = new SqlAllocations(database, clock);
    deployTemplates = new SqlDeployTemplates(database, clock);
    runbooks = new SqlRunbooks(database, clock);
    inspectionRules = new SqlRepository<>(database, clock, Tables.INSPECTION_RULES);
    volumeConnectors = new SqlRepository<>(database, clock, Tables.VOLUME_CONNECTORS);
    volumeTargets = new SqlRepository<>(database, clock, Tables.VOLUME_TARGETS);
    flows = new SqlFlows(database, clock, locks);
  }

  /**
   * Opens a database and brings its schema up to date.
   *
   * @param url where it is; a SQLite file is created if it is missing
   * @param clock gives the times that are stored
   * @throws IllegalStateException if it cannot be reached or upgraded
   */
  public static SqlStore open(DatabaseUrl url, Clock clock) {
    return open(Sources.open(url), clock);
  }

  /**
   * Opens a database that several hosts may share. Times are those of the database's clock where it
   * is a server: {@code local} is set right by it at the start, and with each sign of life of a
   * conductor.
   */
  public static SqlStore openShared(DatabaseUrl url, Clock local) {
    SqlStore store = open(url, new DatabaseClock(local));
    store.conductors.readClock();
    return store;
  }

  /**
   * Opens a database through a source of the embedder, who closes it after the store. With SQLite
   * one of its connections is kept for writing, and it should give connections with WAL, foreign
   * keys and a busy timeout switched on.
   */
  public static SqlStore open(DataSource source, Clock clock) {
    return open(new Sources(source, 0, () -> {}), clock);
  }

  private static SqlStore open(Sources sources, Clock clock) {
    try {
      new Migrations(sources.source()).upgrade();
      return new SqlStore(new Database(sources), clock);
    } catch (RuntimeException e) {
      sources.close();
      throw e;
    }
  }

  @Override
  public NodeRepository nodes() {
    return nodes;
  }

  @Override
  public Repository<Port> ports() {
    return ports;
  }

  @Override
  public Repository<Portgroup> portgroups() {
    return portgroups;
  }

  @Override
  public Repository<Chassis> chassis() {
    return chassis;
  }

  @Override
  public Repository<Allocation> allocations() {
    return allocations;
  }

  @Override
  public ConductorRepository conductors() {
    return conductors;
  }

  @Override
  public Repository<DeployTemplate> deployTemplates() {
    return deployTemplates;
  }

  @Override
  public Repository<Runbook> runbooks() {
    return runbooks;
  }

  @Override
  public Repository<InspectionRule> inspectionRules() {
    return inspectionRules;
  }

  @Override
  public Repository<VolumeConnector> volumeConnectors() {
    return volumeConnectors;
  }

  @Override
  public Repository<VolumeTarget> volumeTargets() {
    return volumeTargets;
  }

  @Override
  public FlowRepository flows() {
    return flows;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  /** How many statements have run since the store was opened. */
  public long statementsRun() {
    return database.statements();
  }

  @Override
  public <R> R inTransaction(Supplier<R> work) {
    return database.write(session -> work.get());
  }

  @Override
  public void close() {
    database.close();
  }
}
