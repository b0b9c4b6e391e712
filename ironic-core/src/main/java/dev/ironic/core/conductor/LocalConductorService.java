package dev.ironic.core.conductor;

import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.VolumeConnector;
import dev.ironic.core.model.VolumeTarget;
import dev.ironic.driver.Heartbeat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The conductor of this JVM as others see it: one line per call. Thread-safe. */
record LocalConductorService(
    NodeOperations nodes,
    PowerRequests power,
    HardwareOperations hardware,
    Deployments deployments,
    Provisioning provisioning,
    Rescues rescues,
    ValidateOperation validate,
    VendorOperations vendor,
    DriverOperations drivers,
    ConsoleOperations console,
    PortOperations ports,
    VolumeOperations volumes,
    VifOperations vifs,
    TraitOperations nodeTraits,
    AllocationOperations allocations,
    InspectionOperations inspection,
    Heartbeats heartbeats,
    Draining draining)
    implements ConductorService {

  @Override
  public Node createNode(RequestContext context, Node draft) {
    return nodes.create(draft);
  }

  @Override
  public Node updateNode(RequestContext context, Node before, Node after, boolean resetInterfaces) {
    return nodes.update(context, before, after, resetInterfaces);
  }

  @Override
  public void destroyNode(RequestContext context, String nodeUuid) {
    nodes.destroy(context, nodeUuid);
  }

  @Override
  public void changeNodePowerState(
      RequestContext context, String nodeUuid, String target, @Nullable Integer timeoutSeconds) {
    power.change(context, nodeUuid, target, timeoutSeconds);
  }

  @Override
  public void changeNodeBootMode(RequestContext context, String nodeUuid, String target) {
    hardware.changeBootMode(context, nodeUuid, target);
  }

  @Override
  public void changeNodeSecureBoot(RequestContext context, String nodeUuid, boolean target) {
    hardware.changeSecureBoot(context, nodeUuid, target);
  }

  @Override
  public void doNodeDeploy(
      RequestContext context,
      String nodeUuid,
      boolean rebuild,
      @Nullable Object configDrive,
      @Nullable List<Map<String, @Nullable Object>> deploySteps) {
    deployments.deploy(context, nodeUuid, rebuild, configDrive, deploySteps);
  }

  @Override
  public void doNodeTearDown(RequestContext context, String nodeUuid) {
    deployments.tearDown(context, nodeUuid);
  }

  @Override
  public void doProvisioningAction(RequestContext context, String nodeUuid, String verb) {
    provisioning.act(context, nodeUuid, verb);
  }

  @Override
  public void inspectHardware(RequestContext context, String nodeUuid) {
    inspection.inspect(context, nodeUuid);
  }

  @Override
  public void doNodeClean(
      RequestContext context,
      String nodeUuid,
      List<Map<String, @Nullable Object>> steps,
      boolean disableRamdisk) {
    provisioning.clean(context, nodeUuid, steps, disableRamdisk);
  }

  @Override
  public void doNodeService(
      RequestContext context,
      String nodeUuid,
      List<Map<String, @Nullable Object>> steps,
      boolean disableRamdisk) {
    provisioning.service(context, nodeUuid, steps, disableRamdisk);
  }

  @Override
  public void doNodeRescue(RequestContext context, String nodeUuid, String rescuePassword) {
    rescues.rescue(context, nodeUuid, rescuePassword);
  }

  @Override
  public void doNodeUnrescue(RequestContext context, String nodeUuid) {
    rescues.unrescue(context, nodeUuid);
  }

  @Override
  public Map<String, Validation> validateDriverInterfaces(RequestContext context, String nodeUuid) {
    return validate.validate(context, nodeUuid);
  }

  @Override
  public VendorAnswer vendorPassthru(
      RequestContext context,
      String nodeUuid,
      String method,
      String httpMethod,
      Map<String, @Nullable Object> parameters) {
    return vendor.callNode(context, nodeUuid, method, httpMethod, parameters);
  }

  @Override
  public VendorAnswer driverVendorPassthru(
      RequestContext context,
      String driver,
      String method,
      String httpMethod,
      Map<String, @Nullable Object> parameters) {
    return vendor.callDriver(driver, method, httpMethod, parameters);
  }

  @Override
  public Map<String, VendorMethod> nodeVendorMethods(RequestContext context, String nodeUuid) {
    return vendor.nodeMethods(context, nodeUuid);
  }

  @Override
  public Map<String, VendorMethod> driverVendorMethods(RequestContext context, String driver) {
    return vendor.driverMethods(driver);
  }

  @Override
  public Map<String, String> driverProperties(RequestContext context, String driver) {
    return drivers.properties(driver);
  }

  @Override
  public Map<String, String> raidLogicalDiskProperties(RequestContext context, String driver) {
    return drivers.logicalDiskProperties(driver);
  }

  @Override
  public void setTargetRaidConfig(
      RequestContext context, String nodeUuid, Map<String, @Nullable Object> config) {
    hardware.setTargetRaidConfig(context, nodeUuid, config);
  }

  @Override
  public void setBootDevice(
      RequestContext context, String nodeUuid, String device, boolean persistent) {
    hardware.setBootDevice(context, nodeUuid, device, persistent);
  }

  @Override
  public Map<String, @Nullable Object> bootDevice(RequestContext context, String nodeUuid) {
    return hardware.bootDevice(context, nodeUuid);
  }

  @Override
  public List<String> supportedBootDevices(RequestContext context, String nodeUuid) {
    return hardware.supportedBootDevices(context, nodeUuid);
  }

  @Override
  public void injectNmi(RequestContext context, String nodeUuid) {
    hardware.injectNmi(context, nodeUuid);
  }

  @Override
  public Map<String, Map<String, Map<String, Object>>> supportedIndicators(
      RequestContext context, String nodeUuid, @Nullable String component) {
    return hardware.supportedIndicators(context, nodeUuid, component);
  }

  @Override
  public String indicatorState(
      RequestContext context, String nodeUuid, String component, String indicator) {
    return hardware.indicatorState(context, nodeUuid, component, indicator);
  }

  @Override
  public void setIndicatorState(
      RequestContext context, String nodeUuid, String component, String indicator, String state) {
    hardware.setIndicatorState(context, nodeUuid, component, indicator, state);
  }

  @Override
  public Map<String, String> consoleInformation(RequestContext context, String nodeUuid) {
    return console.information(context, nodeUuid);
  }

  @Override
  public void setConsoleMode(RequestContext context, String nodeUuid, boolean enabled) {
    console.setMode(context, nodeUuid, enabled);
  }

  @Override
  public List<Map<String, @Nullable Object>> virtualMedia(RequestContext context, String nodeUuid) {
    return hardware.virtualMedia(context, nodeUuid);
  }

  @Override
  public void attachVirtualMedia(
      RequestContext context,
      String nodeUuid,
      String deviceType,
      String imageUrl,
      String downloadSource) {
    hardware.attachVirtualMedia(context, nodeUuid, deviceType, imageUrl, downloadSource);
  }

  @Override
  public void detachVirtualMedia(
      RequestContext context, String nodeUuid, List<String> deviceTypes) {
    hardware.detachVirtualMedia(context, nodeUuid, deviceTypes);
  }

  @Override
  public Port createPort(RequestContext context, Port draft) {
    return ports.create(context, draft);
  }

  @Override
  public Port updatePort(RequestContext context, Port before, Port after) {
    return ports.update(context, before, after);
  }

  @Override
  public void destroyPort(RequestContext context, String portUuid) {
    ports.destroy(context, portUuid);
  }

  @Override
  public Portgroup updatePortgroup(RequestContext context, Portgroup before, Portgroup after) {
    return ports.update(context, before, after);
  }

  @Override
  public void destroyPortgroup(RequestContext context, String portgroupUuid) {
    ports.destroyGroup(context, portgroupUuid);
  }

  @Override
  public VolumeConnector updateVolumeConnector(
      RequestContext context, VolumeConnector before, VolumeConnector after) {
    return volumes.update(context, before, after);
  }

  @Override
  public void destroyVolumeConnector(RequestContext context, String connectorUuid) {
    volumes.destroyConnector(context, connectorUuid);
  }

  @Override
  public VolumeTarget updateVolumeTarget(
      RequestContext context, VolumeTarget before, VolumeTarget after) {
    return volumes.update(context, before, after);
  }

  @Override
  public void destroyVolumeTarget(RequestContext context, String targetUuid) {
    volumes.destroyTarget(context, targetUuid);
  }

  @Override
  public void attachVif(
      RequestContext context, String nodeUuid, Map<String, @Nullable Object> vif) {
    vifs.attach(context, nodeUuid, vif);
  }

  @Override
  public void detachVif(RequestContext context, String nodeUuid, String vifId) {
    vifs.detach(context, nodeUuid, vifId);
  }

  @Override
  public List<String> vifs(RequestContext context, String nodeUuid) {
    return vifs.list(context, nodeUuid);
  }

  @Override
  public void addNodeTraits(
      RequestContext context, String nodeUuid, Set<String> traits, boolean replace) {
    nodeTraits.add(context, nodeUuid, traits, replace);
  }

  @Override
  public void removeNodeTraits(
      RequestContext context, String nodeUuid, @Nullable Set<String> traits) {
    nodeTraits.remove(context, nodeUuid, traits);
  }

  @Override
  public Allocation createAllocation(
      RequestContext context, Allocation draft, @Nullable String nodeUuid) {
    return allocations.create(context, draft, nodeUuid);
  }

  @Override
  public void destroyAllocation(RequestContext context, String allocationUuid) {
    allocations.destroy(context, allocationUuid);
  }

  @Override
  public DrainReport drain(RequestContext context) {
    draining.begin();
    return draining.report();
  }

  @Override
  public DrainReport drainReport(RequestContext context) {
    return draining.report();
  }

  @Override
  public void heartbeat(
      RequestContext context, String nodeUuid, Heartbeat heartbeat, @Nullable String agentToken) {
    heartbeats.heartbeat(context, nodeUuid, heartbeat, agentToken);
  }

  @Override
  public Node nodeWithToken(RequestContext context, String nodeUuid) {
    return heartbeats.withToken(context, nodeUuid);
  }

  @Override
  public void continueInspection(
      RequestContext context,
      String nodeUuid,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData) {
    inspection.resume(context, nodeUuid, inventory, pluginData);
  }
}
