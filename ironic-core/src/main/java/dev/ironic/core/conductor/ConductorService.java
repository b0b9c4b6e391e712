package dev.ironic.core.conductor;

import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.VolumeConnector;
import dev.ironic.core.model.VolumeTarget;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a conductor does for others: one method per remote call. The conductor of this JVM and one
 * reached over the network look the same. Nodes are named by UUID. Methods that start work return
 * as soon as the request is checked and accepted; failures after that are found on the node.
 *
 * <p>All methods throw {@link dev.ironic.core.IronicException}. Arguments and results are records,
 * maps, lists, enums and scalars, so that they can travel. Thread-safe.
 */
public interface ConductorService {

  /**
   * What a vendor method answered.
   *
   * @param value what to send back, or null
   * @param async whether the method goes on after the answer
   * @param attach whether the value is a body of its own
   */
  record VendorAnswer(@Nullable Object value, boolean async, boolean attach) {}

  /**
   * What a vendor method is called with, as listed.
   *
   * @param httpMethods in upper case
   * @param async whether it runs after the answer
   * @param attach whether the result is a body of its own
   * @param requireExclusiveLock whether it needs the node's lock
   * @param description for the operator
   */
  record VendorMethod(
      List<String> httpMethods,
      boolean async,
      boolean attach,
      boolean requireExclusiveLock,
      String description) {}

  /**
   * The outcome of a check of one interface.
   *
   * @param result whether it is fine; null where the interface does not apply
   * @param reason why not; null if it is fine
   */
  record Validation(@Nullable Boolean result, @Nullable String reason) {}

  /**
   * How far a conductor is with giving its work away.
   *
   * @param host its host name
   * @param draining whether it takes no new work
   * @param running how many pieces of work it still has
   * @param nodes UUIDs of the nodes whose lock it holds
   */
  record DrainReport(String host, boolean draining, int running, List<String> nodes) {}

  /**
   * Asks the conductor to take no new work, to hand what runs over to the others at the next
   * boundary of a step, and to end then. Asking again only tells how far it is.
   */
  DrainReport drain(RequestContext context);

  /** Tells how far the conductor is with giving its work away; nothing changes. */
  DrainReport drainReport(RequestContext context);

  /** Stores a new node, with defaults for its interfaces. */
  Node createNode(RequestContext context, Node draft);

  /**
   * Changes a node: what differs between the two versions is checked and written.
   *
   * @param resetInterfaces whether interfaces not changed go back to defaults (with a new driver)
   */
  Node updateNode(RequestContext context, Node before, Node after, boolean resetInterfaces);

  /** Deletes a node. */
  void destroyNode(RequestContext context, String nodeUuid);

  /**
   * Switches power.
   *
   * @param target wire name of a power state
   * @param timeoutSeconds how long to wait, or null for the configured time
   */
  void changeNodePowerState(
      RequestContext context, String nodeUuid, String target, @Nullable Integer timeoutSeconds);

  /** Sets the boot mode: {@code bios} or {@code uefi}. */
  void changeNodeBootMode(RequestContext context, String nodeUuid, String target);

  /** Switches secure boot. */
  void changeNodeSecureBoot(RequestContext context, String nodeUuid, boolean target);

  /**
   * Deploys, or deploys again.
   *
   * @param configDrive a map, a text (base64 or URL), or null for none
   * @param deploySteps steps of the user, or null
   */
  void doNodeDeploy(
      RequestContext context,
      String nodeUuid,
      boolean rebuild,
      @Nullable Object configDrive,
      @Nullable List<Map<String, @Nullable Object>> deploySteps);

  /** Takes the instance off the machine and cleans it. */
  void doNodeTearDown(RequestContext context, String nodeUuid);

  /** Does manage, provide, abort, adopt or unhold. */
  void doProvisioningAction(RequestContext context, String nodeUuid, String verb);

  /** Inspects. */
  void inspectHardware(RequestContext context, String nodeUuid);

  /** Cleans with the steps given. */
  void doNodeClean(
      RequestContext context,
      String nodeUuid,
      List<Map<String, @Nullable Object>> steps,
      boolean disableRamdisk);

  /** Services with the steps given. */
  void doNodeService(
      RequestContext context,
      String nodeUuid,
      List<Map<String, @Nullable Object>> steps,
      boolean disableRamdisk);

  /** Boots the rescue system. */
  void doNodeRescue(RequestContext context, String nodeUuid, String rescuePassword);

  /** Boots the instance again. */
  void doNodeUnrescue(RequestContext context, String nodeUuid);

  /** Checks all interfaces of a node but vendor's, by wire name of the kind. */
  Map<String, Validation> validateDriverInterfaces(RequestContext context, String nodeUuid);

  /** Calls a vendor method of a node. */
  VendorAnswer vendorPassthru(
      RequestContext context,
      String nodeUuid,
      String method,
      String httpMethod,
      Map<String, @Nullable Object> parameters);

  /** Calls a vendor method of a driver. */
  VendorAnswer driverVendorPassthru(
      RequestContext context,
      String driver,
      String method,
      String httpMethod,
      Map<String, @Nullable Object> parameters);

  /** Lists the vendor methods of a node. */
  Map<String, VendorMethod> nodeVendorMethods(RequestContext context, String nodeUuid);

  /** Lists the vendor methods of a driver. */
  Map<String, VendorMethod> driverVendorMethods(RequestContext context, String driver);

  /** The {@code driver_info} keys that a driver's default interfaces understand. */
  Map<String, String> driverProperties(RequestContext context, String driver);

  /** The properties of a logical disk that a driver understands. */
  Map<String, String> raidLogicalDiskProperties(RequestContext context, String driver);

  /** Sets the RAID configuration wanted. */
  void setTargetRaidConfig(
      RequestContext context, String nodeUuid, Map<String, @Nullable Object> config);

  /** Sets the boot device, by wire name. */
  void setBootDevice(RequestContext context, String nodeUuid, String device, boolean persistent);

  /** Reads the boot device: {@code boot_device} and {@code persistent}. */
  Map<String, @Nullable Object> bootDevice(RequestContext context, String nodeUuid);

  /** The wire names of the boot devices supported. */
  List<String> supportedBootDevices(RequestContext context, String nodeUuid);

  /** Sends a non-maskable interrupt. */
  void injectNmi(RequestContext context, String nodeUuid);

  /** Component to indicator to its properties. */
  Map<String, Map<String, Map<String, Object>>> supportedIndicators(
      RequestContext context, String nodeUuid, @Nullable String component);

  /** Reads an indicator. */
  String indicatorState(
      RequestContext context, String nodeUuid, String component, String indicator);

  /** Sets an indicator. */
  void setIndicatorState(
      RequestContext context, String nodeUuid, String component, String indicator, String state);

  /** How to reach the console. */
  Map<String, String> consoleInformation(RequestContext context, String nodeUuid);

  /** Switches the console. */
  void setConsoleMode(RequestContext context, String nodeUuid, boolean enabled);

  /** Virtual media devices. */
  List<Map<String, @Nullable Object>> virtualMedia(RequestContext context, String nodeUuid);

  /**
   * Inserts a medium.
   *
   * @param downloadSource who fetches the image: {@code local} for the conductor, {@code http} for
   *     the BMC
   */
  void attachVirtualMedia(
      RequestContext context,
      String nodeUuid,
      String deviceType,
      String imageUrl,
      String downloadSource);

  /** Ejects media; an empty list means all. */
  void detachVirtualMedia(RequestContext context, String nodeUuid, List<String> deviceTypes);

  /** Stores a new port. */
  Port createPort(RequestContext context, Port draft);

  /** Changes a port. */
  Port updatePort(RequestContext context, Port before, Port after);

  /** Deletes a port. */
  void destroyPort(RequestContext context, String portUuid);

  /** Changes a port group. */
  Portgroup updatePortgroup(RequestContext context, Portgroup before, Portgroup after);

  /** Deletes a port group. */
  void destroyPortgroup(RequestContext context, String portgroupUuid);

  /** Changes a volume connector. */
  VolumeConnector updateVolumeConnector(
      RequestContext context, VolumeConnector before, VolumeConnector after);

  /** Deletes a volume connector. */
  void destroyVolumeConnector(RequestContext context, String connectorUuid);

  /** Changes a volume target. */
  VolumeTarget updateVolumeTarget(RequestContext context, VolumeTarget before, VolumeTarget after);

  /** Deletes a volume target. */
  void destroyVolumeTarget(RequestContext context, String targetUuid);

  /** Attaches a virtual network interface. */
  void attachVif(RequestContext context, String nodeUuid, Map<String, @Nullable Object> vif);

  /** Detaches a virtual network interface. */
  void detachVif(RequestContext context, String nodeUuid, String vifId);

  /** The ids of the attached virtual network interfaces. */
  List<String> vifs(RequestContext context, String nodeUuid);

  /**
   * Adds traits.
   *
   * @param replace whether the others go
   */
  void addNodeTraits(RequestContext context, String nodeUuid, Set<String> traits, boolean replace);

  /** Removes traits; null removes all. */
  void removeNodeTraits(RequestContext context, String nodeUuid, @Nullable Set<String> traits);

  /** Stores an allocation and finds a node for it. */
  Allocation createAllocation(RequestContext context, Allocation draft, @Nullable String nodeUuid);

  /** Deletes an allocation. */
  void destroyAllocation(RequestContext context, String allocationUuid);

  /**
   * Takes an agent's heartbeat.
   *
   * @param agentToken what the agent proves itself with
   */
  void heartbeat(
      RequestContext context,
      String nodeUuid,
      dev.ironic.driver.Heartbeat heartbeat,
      @Nullable String agentToken);

  /**
   * Reads a node for an agent's lookup, with a token made for it if there is none yet; the token is
   * in clear in {@code driver_internal_info} only the first time, masked afterwards.
   */
  Node nodeWithToken(RequestContext context, String nodeUuid);

  /** Takes the data of an inspection. */
  void continueInspection(
      RequestContext context,
      String nodeUuid,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData);
}
