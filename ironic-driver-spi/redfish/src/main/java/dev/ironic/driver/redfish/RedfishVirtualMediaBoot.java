package dev.ironic.driver.redfish;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootInterface;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PortInfo;
import dev.ironic.driver.PowerState;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boots the deployment ramdisk from a virtual CD that carries the node's parameters, among them the
 * agent's token, so that neither DHCP nor trust in the network is needed. Thread-safe.
 */
public final class RedfishVirtualMediaBoot implements BootInterface {

  private static final Logger LOG = LoggerFactory.getLogger(RedfishVirtualMediaBoot.class);
  private static final String CDROM = "cdrom";

  /** The states in which a ramdisk has to be booted; in others there is nothing to prepare. */
  private static final Set<String> TRANSITIONAL =
      Set.of(
          "deploying",
          "wait call-back",
          "deploy hold",
          "cleaning",
          "clean wait",
          "clean hold",
          "rescuing",
          "rescue wait",
          "inspecting",
          "inspect wait",
          "servicing",
          "service wait",
          "service hold");

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "deploy_kernel",
          "The deployment ramdisk's kernel; by default [conductor]deploy_kernel. Required unless"
              + " deploy_iso is given.",
          "deploy_ramdisk",
          "The deployment ramdisk; by default [conductor]deploy_ramdisk. Required unless deploy_iso"
              + " is given.",
          "deploy_iso",
          "A ready-made ISO image of the deployment ramdisk; no parameters can be put into it."
              + " Optional.");

  private final BmcConnections connections;
  private final FirmwareModes modes;
  private final BootDevices bootDevices;
  private final ImageService images;
  private final SecureRandom random = new SecureRandom();

  RedfishVirtualMediaBoot(DriverContext context, BmcConnections connections) {
    this.connections = connections;
    this.modes = new FirmwareModes(connections.options(), context.clock());
    this.bootDevices = new BootDevices(connections.options());
    this.images = context.images();
  }

  @Override
  public Map<String, String> properties() {
    var all = new LinkedHashMap<>(RedfishDriverInfo.PROPERTIES);
    all.putAll(PROPERTIES);
    return all;
  }

  @Override
  public Set<String> capabilities() {
    return Set.of("ramdisk_boot");
  }

  @Override
  public void validate(NodeTask task) {
    RedfishDriverInfo.parse(task.node().driverInfo(), connections.options());
    boolean kernel = task.node().driverInfoText("deploy_kernel").isPresent();
    boolean ramdisk = task.node().driverInfoText("deploy_ramdisk").isPresent();
    if (kernel != ramdisk) {
      throw DriverException.missing(
          "driver_info has %s but not %s; give both or neither"
              .formatted(
                  kernel ? "deploy_kernel" : "deploy_ramdisk",
                  kernel ? "deploy_ramdisk" : "deploy_kernel"));
    }
  }

  @Override
  public void validateRescue(NodeTask task) {
    validate(task);
  }

  @Override
  public void validateInspection(NodeTask task) {
    validate(task);
  }

  @Override
  public void close() {
    connections.close();
  }

  @Override
  public void prepareRamdisk(NodeTask task, Map<String, @Nullable String> kernelParameters) {
    if (!TRANSITIONAL.contains(task.node().provisionStateName())) {
      LOG.debug("Nothing to boot in state {}", task.node().provisionStateName());
      return;
    }
    RedfishBmc bmc = connections.of(task);
    if (task.deploy().fastTrack(task) && VirtualDevices.holdsImage(bmc, CDROM)) {
      return;
    }
    refuseDell(bmc);
    if (!task.node().disablePowerOff()) {
      task.powerAction(PowerState.POWER_OFF);
    }
    String url = image(task, kernelParameters);
    VirtualDevices.insert(task, bmc, CDROM, url);
    modes.synchroniseMode(task, bmc);
    bootDevices.set(task, bmc, BootDevice.CDROM, false);
  }

  private String image(NodeTask task, Map<String, @Nullable String> kernelParameters) {
    String ready = task.node().driverInfoText("deploy_iso").orElse(null);
    if (ready != null) {
      return ready;
    }
    var parameters = new LinkedHashMap<>(kernelParameters);
    parameters.put("ipa-agent-token", newToken(task));
    parameters.put("boot_method", "vmedia");
    if (connections.options().debug()) {
      parameters.put("ipa-debug", "1");
    }
    String mac = bootMac(task);
    if (mac != null) {
      parameters.put("BOOTIF", mac);
    }
    addExtra(task.node(), parameters);
    URI published = images.publishBootIso(task, parameters);
    return published.toString();
  }

  /** Gives the machine a token before it boots, so that nobody else can ask for one. */
  private String newToken(NodeTask task) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    task.update(
        node ->
            node.internal("agent_secret_token", token)
                .internal("agent_secret_token_pregenerated", true));
    return token;
  }

  private void addExtra(NodeInfo node, Map<String, @Nullable String> parameters) {
    String extra =
        node.driverInfoText("kernel_append_params")
            .map(text -> text.replace("%default%", connections.options().kernelAppendParams()))
            .orElse(connections.options().kernelAppendParams());
    for (String word : extra.strip().split("\\s+", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      int equals = word.indexOf('=');
      if (equals < 0) {
        parameters.putIfAbsent(word, null);
      } else {
        parameters.putIfAbsent(word.substring(0, equals), word.substring(equals + 1));
      }
    }
  }

  /** The network card to boot over: one with a virtual interface, else the first that may. */
  private static @Nullable String bootMac(NodeTask task) {
    List<PortInfo> candidates = task.ports().stream().filter(PortInfo::pxeEnabled).toList();
    return candidates.stream()
        .filter(port -> port.internalInfo().get("tenant_vif_port_id") != null)
        .findFirst()
        .or(() -> candidates.stream().findFirst())
        .map(PortInfo::address)
        .orElse(null);
  }

  private static void refuseDell(RedfishBmc bmc) {
    RedfishResource system = bmc.system();
    if (!bmc.vendor(system).contains("dell")) {
      return;
    }
    String version = bmc.manager(system).text("FirmwareVersion").orElse("");
    if (!version.startsWith("6.") && !version.startsWith("7.")) {
      throw DriverException.invalid(
          "The BMC at %s is a Dell with firmware %s, which needs the boot interface idrac-redfish-virtual-media"
              .formatted(bmc.client().address(), version));
    }
  }

  @Override
  public void cleanUpRamdisk(NodeTask task) {
    if (task.deploy().fastTrack(task)) {
      return;
    }
    if (!task.node().disablePowerOff()) {
      task.powerAction(PowerState.POWER_OFF);
    }
    RedfishBmc bmc = connections.of(task);
    VirtualDevices.eject(bmc, List.of(CDROM));
    images.unpublishBootIso(task);
  }

  @Override
  public void prepareInstance(NodeTask task) {
    RedfishBmc bmc = connections.of(task);
    VirtualDevices.eject(bmc, List.of());
    images.unpublishBootIso(task);
    modes.synchroniseMode(task, bmc);
    if (BootMode.secureBootWantedBy(task.node())) {
      modes.setSecureBoot(task, bmc, true);
    }
    RedfishResource system = bmc.system();
    boolean keepsOwnOrder =
        bmc.vendor(system).contains("lenovo") && BootDevices.mode(system) == BootMode.UEFI;
    if (!keepsOwnOrder) {
      bootDevices.set(task, bmc, BootDevice.DISK, true);
    }
  }

  @Override
  public void cleanUpInstance(NodeTask task) {
    RedfishBmc bmc = connections.of(task);
    if (BootMode.secureBootWantedBy(task.node())) {
      try {
        modes.setSecureBoot(task, bmc, false);
      } catch (DriverException e) {
        if (e.kind() != DriverException.Kind.UNSUPPORTED) {
          throw e;
        }
        LOG.warn("Leaving secure boot as it is: {}", e.getMessage());
      }
    }
    VirtualDevices.eject(bmc, List.of());
  }
}
