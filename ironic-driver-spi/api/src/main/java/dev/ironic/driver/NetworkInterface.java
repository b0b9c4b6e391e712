package dev.ironic.driver;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moves a machine between the networks of its life: cleaning, provisioning, tenant, ... */
public interface NetworkInterface extends HardwareInterface {

  /** The networks a machine is moved into for one of our own flows. */
  enum Purpose {
    PROVISIONING,
    CLEANING,
    RESCUING,
    INSPECTION,
    SERVICING
  }

  /** Puts the machine's ports into the network of a flow. */
  void addNetwork(NodeTask task, Purpose purpose);

  /** Takes the machine's ports out of the network of a flow. */
  void removeNetwork(NodeTask task, Purpose purpose);

  /** Connects the instance's networks. */
  void configureTenantNetworks(NodeTask task);

  /** Disconnects the instance's networks. */
  void unconfigureTenantNetworks(NodeTask task);

  /** Called before a changed port is stored. */
  default void portChanged(NodeTask task, PortInfo before, PortInfo after) {}

  /** Called before a changed port group is stored. */
  default void portgroupChanged(NodeTask task, PortgroupInfo before, PortgroupInfo after) {}

  /**
   * Attaches a virtual network interface.
   *
   * @param vif has at least {@code id}; may have {@code port_uuid} or {@code portgroup_uuid}
   */
  void attachVif(NodeTask task, Map<String, @Nullable Object> vif);

  /** Detaches a virtual network interface. */
  void detachVif(NodeTask task, String vifId);

  /** The ids of the attached virtual network interfaces. */
  List<String> vifs(NodeTask task);

  /** Checks what inspection needs of the network. */
  default void validateInspection(NodeTask task) {
    throw DriverException.unsupported("This network interface does not support inspection.");
  }

  /** Checks what rescue needs of the network. */
  default void validateRescue(NodeTask task) {}

  /** Whether the machine must be on for its network to be changed (smart NICs). */
  default boolean needsPowerOn(NodeTask task) {
    return false;
  }

  /** Static network settings for the ramdisk, in the form of {@code network_data.json}. */
  default Map<String, @Nullable Object> nodeNetworkData(NodeTask task) {
    return task.node().networkData();
  }
}
