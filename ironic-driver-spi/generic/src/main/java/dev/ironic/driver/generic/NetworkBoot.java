package dev.ironic.driver.generic;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootFiles;
import dev.ironic.driver.BootInterface;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.ImageService.RamdiskUse;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.KernelLine;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Periodic;
import dev.ironic.driver.PowerState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boots machines over the network: puts kernel, ramdisk and boot loader configuration where their
 * firmware finds them, tells the DHCP server, and chooses the boot device. No token goes this way,
 * since everybody in the network can read along. Thread-safe.
 */
public final class NetworkBoot implements BootInterface {

  private static final Logger LOG = LoggerFactory.getLogger(NetworkBoot.class);
  private static final Set<String> RESCUE = Set.of("rescuing", "rescue wait");
  private static final Set<String> WAITING = Set.of("wait call-back", "clean wait", "rescue wait");
  private static final Set<String> RUNNING = Set.of("active", "adopting");
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "deploy_kernel",
          "The deployment ramdisk's kernel; by default [conductor]deploy_kernel. Required.",
          "deploy_ramdisk",
          "The deployment ramdisk; by default [conductor]deploy_ramdisk. Required.",
          "rescue_kernel",
          "The rescue ramdisk's kernel; by default [conductor]rescue_kernel. Required for rescue.",
          "rescue_ramdisk",
          "The rescue ramdisk; by default [conductor]rescue_ramdisk. Required for rescue.",
          "kernel_append_params",
          "More parameters for the ramdisk's kernel; %default% stands for"
              + " [pxe]kernel_append_params. Optional.",
          "force_persistent_boot_device",
          "Which boot devices are set for good: Always, Never, or Default for the disk alone."
              + " Optional.");

  private final NetworkBootKind kind;
  private final NetworkBootOptions options;
  private final ImageService images;
  private final DhcpProvider dhcp;
  private final NodeBootFiles nodeFiles;
  private final FirmwareSetup firmware;
  private final AgentPresence presence;

  /** Reads its options and puts the files in place that all machines start with. */
  NetworkBoot(NetworkBootKind kind, DriverContext context) {
    this.kind = kind;
    this.options = NetworkBootOptions.from(context.config());
    this.images = context.images();
    this.dhcp = DhcpProvider.from(context);
    this.nodeFiles = new NodeBootFiles(kind, options, dhcp);
    this.firmware = new FirmwareSetup(options.defaultBootMode());
    this.presence = new AgentPresence(AgentOptions.from(context.config()), context.clock());
    try {
      serveLoaders();
      writeStart(images.bootFiles(kind.service()));
    } catch (DriverException e) {
      // Many conductors offer this kind of boot and never use it; who does is told again.
      LOG.warn("Nothing can boot by {} yet: {}", kind.interfaceName(), e.getMessage());
    }
  }

  private void serveLoaders() {
    // Firmware that boots by PXE loads iPXE itself over TFTP.
    Set<BootFiles.Service> services =
        kind.loaderByUrl()
            ? EnumSet.of(kind.service())
            : EnumSet.of(kind.service(), BootFiles.Service.TFTP);
    for (BootFiles.Service service : services) {
      BootFiles files = images.bootFiles(service);
      options.loaders().files().forEach((name, path) -> files.copy(Path.of(path), name));
    }
  }

  private void writeStart(BootFiles files) {
    if (kind.ipxe()) {
      files.write(
          "boot.ipxe", BootScripts.ipxeStart(options.configFolder(), options.fallbackScript()));
    } else {
      files.write(options.grubConfigPath(), BootScripts.grubStart(path(files, "")));
    }
  }

  @Override
  public Map<String, String> properties() {
    return PROPERTIES;
  }

  @Override
  public Set<String> capabilities() {
    return kind.capabilities();
  }

  @Override
  public void validate(NodeTask task) {
    validateCommon(task);
    images.ramdisk(task.node(), RamdiskUse.DEPLOY);
    if (bootsRamdisk(task.node())) {
      instanceRamdisk(task.node());
    }
  }

  @Override
  public void validateRescue(NodeTask task) {
    validateCommon(task);
    images.ramdisk(task.node(), RamdiskUse.RESCUE);
  }

  @Override
  public void validateInspection(NodeTask task) {
    try {
      validateCommon(task);
      images.ramdisk(task.node(), RamdiskUse.DEPLOY);
    } catch (DriverException e) {
      if (e.kind() != DriverException.Kind.MISSING_PARAMETER) {
        throw e;
      }
      throw new DriverException(
          DriverException.Kind.UNSUPPORTED, "Nothing to inspect with: " + e.getMessage(), e);
    }
  }

  private void validateCommon(NodeTask task) {
    NodeInfo node = task.node();
    if (task.ports().isEmpty()) {
      throw DriverException.missing(
          "Node %s does not have any port associated with it".formatted(node.uuid()));
    }
    if (node.driverInfo().get("pxe_template") != null) {
      throw DriverException.invalid(
          "driver_info of node %s names a pxe_template; templates of a node's own are not supported"
              .formatted(node.uuid()));
    }
    dhcp.check();
    BootFiles files = images.bootFiles(kind.service());
    if (kind.service() == BootFiles.Service.HTTP) {
      files.url("");
    }
    Persistence.of(node);
    BootMode.wantedBy(node);
    KernelLine.forNode(node, options.kernelAppendParams(), Map.of());
  }

  @Override
  public void prepareRamdisk(NodeTask task, Map<String, @Nullable String> kernelParameters) {
    boolean rescue = RESCUE.contains(task.node().provisionStateName());
    ImageService.Ramdisk ramdisk =
        images.ramdisk(task.node(), rescue ? RamdiskUse.RESCUE : RamdiskUse.DEPLOY);
    var parameters = new LinkedHashMap<>(kernelParameters);
    if (options.debug()) {
      parameters.put("ipa-debug", "1");
    }
    String request = task.requestId();
    if (request != null && request.startsWith("req-")) {
      parameters.put("ipa-global-request-id", request);
    }
    KernelLine line = KernelLine.forNode(task.node(), options.kernelAppendParams(), parameters);
    boot(task, firmware.synchronise(task), ramdisk, rescue ? "rescue_" : "deploy_", line);
    setDevice(task, kind.device(), Persistence.of(task.node()) == Persistence.ALWAYS);
  }

  private void boot(
      NodeTask task, BootMode mode, ImageService.Ramdisk ramdisk, String prefix, KernelLine line) {
    BootFiles files = images.bootFiles(kind.service());
    writeStart(files);
    offer(task, files, mode);
    String kernel = NodeBootFiles.file(task, prefix + "kernel");
    String initramfs = NodeBootFiles.file(task, prefix + "ramdisk");
    files.fetch(ramdisk.kernel(), kernel);
    files.fetch(ramdisk.initramfs(), initramfs);
    nodeFiles.write(task, files, mode, configuration(files, mode, kernel, initramfs, line));
  }

  private String configuration(
      BootFiles files, BootMode mode, String kernel, String initramfs, KernelLine line) {
    if (kind.ipxe()) {
      return BootScripts.ipxeRamdisk(
          new BootScripts.Ramdisk(files.url(kernel).toString(), files.url(initramfs).toString()),
          line,
          options.downloadTimeout());
    }
    if (mode == BootMode.UEFI) {
      return BootScripts.grubRamdisk(
          new BootScripts.Ramdisk(path(files, "/" + kernel), path(files, "/" + initramfs)),
          line,
          options.tftpServer());
    }
    return BootScripts.pxelinuxRamdisk(new BootScripts.Ramdisk(kernel, initramfs), line);
  }

  /** The path by which GRUB, which knows the server, finds a file. */
  private String path(BootFiles files, String file) {
    return kind.service() == BootFiles.Service.HTTP
        ? files.url("").getPath().replaceFirst("/$", "") + file
        : file;
  }

  private void offer(NodeTask task, BootFiles files, BootMode mode) {
    String architecture = String.valueOf(task.node().properties().get("cpu_arch"));
    String loader = options.loaders().of(kind.ipxe(), architecture, mode);
    dhcp.offer(
        task,
        nodeFiles.ports(task),
        DhcpOption.of(
            kind,
            kind.loaderByUrl() ? files.url(loader).toString() : loader,
            kind.ipxe() ? files.url("boot.ipxe").toString() : "",
            options.tftpServer(),
            dhcp.knowsTags()));
  }

  @Override
  public void giveUp(NodeTask task) {
    nodeFiles.remove(task, images.bootFiles(kind.service()));
  }

  @Override
  public void cleanUpRamdisk(NodeTask task) {
    nodeFiles.remove(task, images.bootFiles(kind.service()));
    dhcp.withdraw(task, nodeFiles.ports(task));
  }

  @Override
  public void prepareInstance(NodeTask task) {
    BootMode mode = firmware.synchronise(task);
    firmware.secure(task);
    Persistence persistence = Persistence.of(task.node());
    if (bootsRamdisk(task.node())) {
      bootInstanceRamdisk(task, mode);
      setDevice(task, kind.device(), persistence != Persistence.NEVER);
      return;
    }
    BootFiles files = images.bootFiles(kind.service());
    nodeFiles.remove(task, files);
    if (options.localBootFallback()) {
      offer(task, files, mode);
      nodeFiles.write(task, files, mode, diskConfiguration(mode));
    }
    if (!RUNNING.contains(task.node().provisionStateName())) {
      task.management().setBootDevice(task, BootDevice.DISK, persistence != Persistence.NEVER);
    }
  }

  private String diskConfiguration(BootMode mode) {
    if (kind.ipxe()) {
      return BootScripts.ipxeDisk();
    }
    return mode == BootMode.UEFI ? BootScripts.grubDisk() : BootScripts.pxelinuxDisk();
  }

  private static boolean bootsRamdisk(NodeInfo node) {
    return node.interfaceName(InterfaceKind.DEPLOY).equals("ramdisk");
  }

  /** What an instance that is a ramdisk consists of; null for one that is an ISO image. */
  private ImageService.@Nullable Ramdisk instanceRamdisk(NodeInfo node) {
    Object kernel = node.instanceInfo().get("kernel");
    Object initramfs = node.instanceInfo().get("ramdisk");
    if (kernel != null && initramfs != null) {
      return new ImageService.Ramdisk(kernel.toString(), initramfs.toString());
    }
    if (node.instanceInfo().get("boot_iso") == null) {
      throw DriverException.missing(
          "The instance of node %s has no ramdisk to boot: set kernel and ramdisk, or boot_iso, in its instance_info"
              .formatted(node.uuid()));
    }
    if (!kind.ipxe()) {
      throw DriverException.invalid(
          "The boot interface %s cannot boot the boot_iso of node %s; use ipxe or http-ipxe"
              .formatted(kind.interfaceName(), node.uuid()));
    }
    return null;
  }

  private void bootInstanceRamdisk(NodeTask task, BootMode mode) {
    NodeInfo node = task.node();
    ImageService.Ramdisk ramdisk = instanceRamdisk(node);
    if (ramdisk != null) {
      Object arguments = node.instanceInfo().get("ramdisk_kernel_arguments");
      String append = "root=/dev/ram0 " + (arguments == null ? "" : arguments);
      boot(task, mode, ramdisk, "", KernelLine.of(append, Map.of()));
      return;
    }
    BootFiles files = images.bootFiles(kind.service());
    writeStart(files);
    offer(task, files, mode);
    String iso = NodeBootFiles.file(task, "boot_iso");
    files.fetch(String.valueOf(node.instanceInfo().get("boot_iso")), iso);
    nodeFiles.write(task, files, mode, BootScripts.ipxeIso(files.url(iso).toString()));
  }

  @Override
  public void cleanUpInstance(NodeTask task) {
    cleanUpRamdisk(task);
    firmware.unsecure(task);
  }

  private static void setDevice(NodeTask task, BootDevice device, boolean persistent) {
    try {
      task.management().setBootDevice(task, device, persistent);
    } catch (DriverException e) {
      boolean rejected =
          e.kind() == DriverException.Kind.INVALID_PARAMETER
              || e.kind() == DriverException.Kind.UNSUPPORTED;
      if (device == BootDevice.PXE || !rejected) {
        throw e;
      }
      LOG.info("Setting the boot device pxe, since {} was refused: {}", device, e.getMessage());
      task.management().setBootDevice(task, BootDevice.PXE, persistent);
    }
  }

  /** Boots a ramdisk again that did not come up in time, where the operator wants that. */
  @Periodic(
      spacing = 90,
      spacingOption = "pxe.boot_retry_check_interval",
      enabledOption = "pxe.boot_retry_timeout",
      states = {"wait call-back", "clean wait", "rescue wait"},
      maintenance = Periodic.Maintenance.EXCLUDED)
  public void retryBoot(NodeTask task) {
    Duration limit = options.bootRetryTimeout().orElse(null);
    if (limit != null && overdue(task.node(), limit)) {
      boolean ran = task.withLock("booting the ramdisk again", held -> bootAgain(held, limit));
      LOG.debug("Boot retry of node {}: {}", task.node().uuid(), ran ? "tried" : "locked");
    }
  }

  private boolean overdue(NodeInfo node, Duration limit) {
    Instant since = node.provisionUpdatedAt();
    return WAITING.contains(node.provisionStateName())
        && !node.maintenance()
        && (since == null || !presence.isRecent(since, limit))
        && node.internalText("agent_secret_token").isEmpty()
        && !presence.isRecent(node, "agent_last_heartbeat", limit)
        && !presence.isRecent(node, "last_power_state_change", limit);
  }

  private void bootAgain(NodeTask task, Duration limit) {
    if (!overdue(task.node(), limit)) {
      return;
    }
    LOG.warn(
        "The ramdisk of node {} did not come up within {} s; booting it again",
        task.node().uuid(),
        limit.toSeconds());
    task.powerAction(PowerState.POWER_OFF);
    setDevice(task, kind.device(), Persistence.of(task.node()) == Persistence.ALWAYS);
    task.powerAction(PowerState.POWER_ON);
  }

  /** Which boot devices are set for good. */
  private enum Persistence {
    DEFAULT,
    ALWAYS,
    NEVER;

    static Persistence of(NodeInfo node) {
      String text = node.driverInfoText("force_persistent_boot_device").orElse("default");
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "default", "false" -> DEFAULT;
        case "always", "true" -> ALWAYS;
        case "never" -> NEVER;
        default ->
            throw DriverException.invalid(
                "force_persistent_boot_device is '%s'; it must be one of %s"
                    .formatted(text, List.of("Default", "Always", "Never")));
      };
    }
  }
}
