package dev.ironic.agent;

import dev.ironic.agent.command.Extension;
import dev.ironic.agent.command.Progress;
import dev.ironic.agent.extension.MachineExtensions;
import dev.ironic.agent.extension.StandbyExtension;
import dev.ironic.agent.extension.StepExtension;
import dev.ironic.agent.hardware.BlockDevice;
import dev.ironic.agent.hardware.ClusterFileSystems;
import dev.ironic.agent.hardware.DiskSteps;
import dev.ironic.agent.hardware.FileHardwareManager;
import dev.ironic.agent.hardware.GenericHardwareManager;
import dev.ironic.agent.hardware.HardwareManager;
import dev.ironic.agent.hardware.HardwareManagers;
import dev.ironic.agent.hardware.Inventory;
import dev.ironic.agent.hardware.RootDevice;
import dev.ironic.agent.hardware.SecureErase;
import dev.ironic.agent.hardware.Step;
import dev.ironic.agent.http.Trust;
import dev.ironic.agent.http.WebClient;
import dev.ironic.agent.image.Deployment;
import dev.ironic.agent.image.ImageDownloader;
import dev.ironic.agent.image.ImageWriter;
import dev.ironic.agent.ironic.IronicApi;
import dev.ironic.agent.ironic.NodeContext;
import dev.ironic.agent.json.JsonMap;
import dev.ironic.agent.system.ExitPower;
import dev.ironic.agent.system.HostPower;
import dev.ironic.agent.system.Power;
import dev.ironic.agent.system.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of an agent together: hardware first, commands once the rest is known. */
final class Assembly {

  private static final Logger log = LoggerFactory.getLogger(Assembly.class);

  private final AgentOptions options;
  private final NodeContext node;
  private final Agent.Surroundings surroundings;
  private final Tools tools = new Tools();
  private final Power power;
  private final ImageDownloader downloader;
  private @Nullable Deployment deployment;
  private List<Extension> extensions = List.of();

  Assembly(
      AgentOptions options,
      Agent.Surroundings surroundings,
      Trust trust,
      NodeContext node,
      IntConsumer exit) {
    this.options = options;
    this.node = node;
    this.surroundings = surroundings;
    HostPower host = new HostPower(tools, surroundings.sleeper());
    // Each write to a file disk is flushed by the command that made it.
    ExitPower.Sync sync = options.disks().isEmpty() ? host::sync : () -> {};
    this.power = options.powerByExitCode() ? new ExitPower(exit, sync) : host;
    this.downloader =
        new ImageDownloader(
            new WebClient(trust, options.download().silence()),
            options.download(),
            node,
            surroundings.clock(),
            surroundings.sleeper());
  }

  Tools tools() {
    return tools;
  }

  /** The bundled manager for this kind of machine, and those that were added to the class path. */
  HardwareManagers hardware() throws Exception {
    List<HardwareManager> candidates = new ArrayList<>();
    ServiceLoader.load(HardwareManager.class).forEach(candidates::add);
    candidates.add(options.disks().isEmpty() ? generic() : file());
    return new HardwareManagers(candidates);
  }

  private HardwareManager generic() {
    GenericHardwareManager[] self = new GenericHardwareManager[1];
    SecureErase secureErase = new SecureErase(tools);
    DiskSteps steps =
        new DiskSteps(
            () -> self[0].blockDevices(), secureErase::erase, this::guard, this::writeImage);
    self[0] =
        new GenericHardwareManager(
            tools,
            surroundings.sleeper(),
            options.diskWaitAttempts(),
            options.diskWaitDelay(),
            options.bootInterface(),
            node::bmcDetectionSkipped,
            steps.steps());
    return self[0];
  }

  private HardwareManager file() {
    FileHardwareManager lister =
        new FileHardwareManager(options.disks(), options.macs(), List.of());
    DiskSteps steps =
        new DiskSteps(
            lister::blockDevices, (device, about) -> false, this::guard, this::writeImage);
    return new FileHardwareManager(options.disks(), options.macs(), steps.steps());
  }

  private void guard(dev.ironic.agent.disk.Disk disk, BlockDevice device) throws IOException {
    if (options.guardSpecialFilesystems()) {
      ClusterFileSystems.refuse(disk, device);
    }
  }

  private String writeImage(JsonMap imageInfo, @Nullable String configDrive, Progress progress)
      throws Exception {
    Deployment bound = deployment;
    if (bound == null) {
      throw new IllegalStateException("steps run only after the agent has started");
    }
    return bound.write(imageInfo, configDrive, progress);
  }

  /** Builds the commands. */
  void bind(
      HardwareManagers managers,
      Inventory inventory,
      @Nullable IronicApi api,
      Runnable stopServing,
      Runnable lockdown) {
    ImageWriter writer =
        new ImageWriter(
            downloader, node, tools, Path.of(System.getProperty("java.io.tmpdir"), "ironic-agent"));
    boolean files = !options.disks().isEmpty();
    Deployment bound =
        new Deployment(
            managers,
            node,
            downloader,
            writer,
            () -> {
              refreshHints(api, inventory);
              List<BlockDevice> devices =
                  managers.dispatch("blockDevices", HardwareManager::blockDevices);
              return RootDevice.choose(devices, node.node(), files);
            });
    deployment = bound;
    Path rescueFolder = files ? null : Path.of("/etc/ipa-rescue-config");
    extensions =
        List.of(
            StepExtension.create(Step.Kind.CLEAN, managers, node),
            StepExtension.create(Step.Kind.DEPLOY, managers, node),
            StepExtension.create(Step.Kind.SERVICE, managers, node),
            StandbyExtension.create(bound, node, power),
            MachineExtensions.image(bound, options.ignoreBootloaderFailure()),
            MachineExtensions.log(managers, surroundings.ownLog()),
            MachineExtensions.poll(inventory, node, api == null),
            MachineExtensions.rescue(rescueFolder, Path.of("/etc/.rescued"), stopServing),
            MachineExtensions.system(
                () -> {
                  lockdown.run();
                  isolate();
                }),
            new Extension("flow", List.of()));
  }

  List<Extension> extensions() {
    return extensions;
  }

  // Hints may have been set on the node after this agent was looked up.
  private void refreshHints(@Nullable IronicApi api, Inventory inventory) throws Exception {
    if (api != null && RootDevice.hints(node.node()).members().isEmpty()) {
      try {
        node.updateNode(api.lookup(inventory.macs(), node.uuid()).map("node"));
      } catch (IOException e) {
        log.warn("the node could not be looked up again: {}", e.getMessage());
      }
    }
  }

  private void isolate() {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                surroundings.sleeper().sleep(java.time.Duration.ofSeconds(2)); // answer first
                power.isolate();
              } catch (Exception e) {
                log.error("the networks could not be left", e);
              }
            });
  }
}
