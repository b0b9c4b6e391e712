package dev.ironic.core.conductor;

import dev.ironic.core.inspection.InspectionOptions;
import dev.ironic.core.store.Store;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.ImageService;
import java.util.random.RandomGenerator;

/**
 * The operations that are not part of a node's life cycle, put together for one conductor.
 *
 * @param nodes creation, change and deletion of nodes
 * @param traits their traits
 * @param ports ports and port groups
 * @param volumes volume connectors and targets
 * @param vifs virtual network interfaces
 * @param hardware boot device and the like
 * @param consoles consoles
 * @param validation checks of the interfaces
 * @param vendor vendor methods
 * @param drivers what is known of a driver without a node
 * @param allocations allocations
 * @param inspection inspection
 */
record Operations(
    NodeOperations nodes,
    TraitOperations traits,
    PortOperations ports,
    VolumeOperations volumes,
    VifOperations vifs,
    HardwareOperations hardware,
    ConsoleOperations consoles,
    ValidateOperation validation,
    VendorOperations vendor,
    DriverOperations drivers,
    AllocationOperations allocations,
    InspectionOperations inspection) {

  /**
   * Puts them together.
   *
   * @param engine runs the flows
   * @param inspection its plan for inspection
   * @param random spreads allocations over nodes
   * @param images publishes what is put into virtual devices
   */
  static Operations of(
      TaskManager tasks,
      FlowEngine engine,
      InspectPlan inspection,
      DriverConfig config,
      RandomGenerator random,
      ImageService images) {
    Store store = tasks.store();
    var work = new NodeWork(tasks);
    var traits = new TraitOperations(work, store);
    return new Operations(
        new NodeOperations(
            work,
            store,
            tasks.drivers(),
            config.flag("conductor", "allow_deleting_available_nodes", true)),
        traits,
        new PortOperations(work, store),
        new VolumeOperations(work, store),
        new VifOperations(work),
        new HardwareOperations(work, images),
        new ConsoleOperations(work),
        new ValidateOperation(work, tasks.host()),
        new VendorOperations(work, tasks.drivers(), tasks.workers()),
        new DriverOperations(tasks.drivers()),
        new AllocationOperations(
            work,
            store,
            tasks.workers(),
            new AllocationCandidates(store, random),
            tasks.sleeper(),
            tasks.options(),
            tasks.host()),
        new InspectionOperations(
            work,
            engine,
            inspection,
            InspectionOptions.from(config).discoveryDriver() != null,
            tasks.clock()));
  }
}
