package dev.ironic.driver.generic;

import dev.ironic.driver.DeployInterface;
import dev.ironic.driver.DeployStep;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NetworkInterface;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepProgress;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys by the agent: the machine boots a ramdisk whose agent fetches the image and writes it.
 * Everything that takes long happens in the agent, which is asked how far it is, so a conductor
 * that takes over finds the work where it is. Thread-safe.
 */
public final class DirectDeploy implements DeployInterface {

  private static final Logger LOG = LoggerFactory.getLogger(DirectDeploy.class);
  private static final Duration POLL = Duration.ofSeconds(2);
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "image_http_proxy", "The proxy for the agent's downloads over HTTP. Optional.",
          "image_https_proxy", "The proxy for the agent's downloads over HTTPS. Optional.",
          "image_no_proxy", "Hosts that are reached without proxy, with commas. Optional.",
          "deploy_forces_oob_reboot",
              "Whether the machine is switched off by its controller at the end instead of by the"
                  + " agent. Optional; default false.",
          "agent_verify_ca",
              "How an agent without a certificate of its own is checked: true, false or a path."
                  + " Optional.",
          "fast_track", "Whether a running agent is used again. Optional.");

  private final DriverContext context;
  private final AgentOptions options;
  private final AgentPresence presence;
  private final AgentClient agent;
  private final InBandSteps inBand;

  /** Reads its options; opens no connection yet. */
  public DirectDeploy(DriverContext context) {
    this.context = context;
    this.options = AgentOptions.from(context.config());
    this.presence = new AgentPresence(options, context.clock());
    this.agent = new AgentClient(options);
    this.inBand = new InBandSteps(agent, options, context.clock(), this::bootAgent);
  }

  @Override
  public Map<String, String> properties() {
    return PROPERTIES;
  }

  @Override
  public void close() {
    agent.close();
  }

  @Override
  public void validate(NodeTask task) {
    task.boot().validate(task);
    if (task.storage().shouldWriteImage(task)) {
      context.images().validateInstanceImage(task);
    }
    for (String proxy : List.of("image_http_proxy", "image_https_proxy")) {
      String value = task.node().driverInfoText(proxy).orElse("");
      if (value.contains("://") && !value.matches("(?i)https?://.+")) {
        throw DriverException.invalid(
            "%s in driver_info must be a URL with the scheme http or https".formatted(proxy));
      }
    }
  }

  @Override
  public StepResult prepare(NodeTask task) {
    switch (task.node().provisionStateName()) {
      case "adopting" -> {}
      case "active", "unrescuing" -> task.boot().prepareInstance(task);
      default -> prepareDeployment(task);
    }
    return StepResult.done();
  }

  private void prepareDeployment(NodeTask task) {
    boolean fast = fastTrack(task);
    if (!fast) {
      powerOff(task);
    }
    task.network().unconfigureTenantNetworks(task);
    task.network().addNetwork(task, NetworkInterface.Purpose.PROVISIONING);
    task.storage().attachVolumes(task);
    if (!task.storage().shouldWriteImage(task)) {
      task.boot().prepareInstance(task);
      return;
    }
    if (context.images().prepareInstanceImage(task).get("urls") instanceof List<?> urls
        && !urls.isEmpty()) {
      task.update(node -> node.instance("image_url", urls.getFirst()));
    }
    if (!fast) {
      bootAgent(task);
    }
  }

  /** Boots the agent; done when it has reported and told what it offers. */
  @DeployStep(priority = 100)
  public StepResult deploy(NodeTask task) {
    if (!task.storage().shouldWriteImage(task)) {
      return StepResult.done();
    }
    if (fastTrack(task)) {
      return agentReady(task, StepKind.DEPLOY);
    }
    task.powerAction(PowerState.REBOOT);
    return StepResult.waiting();
  }

  /** Has the agent fetch and write the image. */
  @DeployStep(priority = 80, repeat = Repeat.PROBE)
  public StepResult writeImage(NodeTask task) {
    if (!task.storage().shouldWriteImage(task)) {
      return StepResult.done();
    }
    try {
      return judgeWriting(
          agent.start(task, "standby.prepare_image", ImageInfo.of(task, context, options)));
    } catch (DriverException e) {
      if (e.kind() != DriverException.Kind.AGENT_BUSY) {
        throw e;
      }
      // A command whose answer got lost runs all the same.
      return judgeWriting(writing(task).orElseThrow(() -> e));
    }
  }

  private Optional<CommandResult> writing(NodeTask task) {
    return agent.lastCommand(task).filter(command -> command.name().equals("prepare_image"));
  }

  private StepResult probeWriting(NodeTask task) {
    Optional<CommandResult> last;
    try {
      last = writing(task);
    } catch (DriverException e) {
      return InBandSteps.whileGone(e);
    }
    if (last.isEmpty()) {
      LOG.info("The agent is not writing the image; starting it again");
      return writeImage(task);
    }
    return judgeWriting(last.get());
  }

  private static StepResult judgeWriting(CommandResult command) {
    return switch (command.status()) {
      case SUCCEEDED -> StepResult.done();
      case RUNNING ->
          StepResult.pollAfter(
              POLL,
              command
                  .progress("Writing the image")
                  .orElseGet(() -> StepProgress.of("Writing the image")));
      case FAILED, CLEAN_VERSION_MISMATCH ->
          StepResult.failed("The agent failed to write the image: " + command.errorText());
    };
  }

  /** Makes the machine boot what was written. */
  @DeployStep(priority = 60)
  public void prepareInstanceBoot(NodeTask task) {
    if (!task.storage().shouldWriteImage(task)) {
      return;
    }
    Map<String, @Nullable Object> uuids =
        agent.run(task, "standby.get_partition_uuids", Map.of()).result();
    Object root = uuids.get("root uuid");
    task.update(node -> node.internal("root_uuid_or_disk_id", root));
    String bootMode = ImageInfo.bootMode(task.node());
    if (bootMode.equals("uefi")) {
      var params = new LinkedHashMap<String, @Nullable Object>();
      params.put("root_uuid", root);
      params.put("efi_system_part_uuid", uuids.get("efi system partition uuid"));
      params.put("prep_boot_part_uuid", uuids.get("PReP Boot partition uuid"));
      params.put("target_boot_mode", bootMode);
      agent.run(task, "image.install_bootloader", params);
    }
    task.boot().prepareInstance(task);
  }

  /** Ends the agent, and with it the ramdisk. */
  @DeployStep(priority = 40)
  public void tearDownAgent(NodeTask task) {
    if (!task.storage().shouldWriteImage(task) || task.node().internalText("agent_url").isEmpty()) {
      return;
    }
    if (task.node().disablePowerOff()) {
      agent.run(task, "system.lockdown", Map.of());
      return;
    }
    try {
      if (AgentOptions.isTrue(task.node().driverInfo().get("deploy_forces_oob_reboot"))) {
        agent.run(task, "standby.sync", Map.of());
      } else {
        agent.start(task, "standby.power_off", Map.of());
        awaitPowerOff(task);
      }
    } catch (DriverException e) {
      LOG.warn("The agent did not end by itself, switching the machine off: {}", e.getMessage());
    }
    task.powerAction(PowerState.POWER_OFF);
  }

  private void awaitPowerOff(NodeTask task) {
    for (int attempt = 0; attempt <= options.powerOffRetries(); attempt++) {
      if (task.power().powerState(task) == PowerState.POWER_OFF) {
        return;
      }
      task.sleep(options.powerOffInterval());
    }
    LOG.warn("The machine is still on after the agent was told to power off");
  }

  /** Connects the instance's networks. */
  @DeployStep(priority = 30)
  public void switchToTenantNetwork(NodeTask task) {
    task.network().removeNetwork(task, NetworkInterface.Purpose.PROVISIONING);
    task.network().configureTenantNetworks(task);
  }

  /** Starts the instance. */
  @DeployStep(priority = 20)
  public void bootInstance(NodeTask task) {
    task.powerAction(task.node().disablePowerOff() ? PowerState.REBOOT : PowerState.POWER_ON);
  }

  @Override
  public void tearDown(NodeTask task) {
    powerOff(task);
    task.storage().detachVolumes(task);
    task.network().unconfigureTenantNetworks(task);
    task.network().removeNetwork(task, NetworkInterface.Purpose.PROVISIONING);
  }

  @Override
  public void cleanUp(NodeTask task) {
    context.images().cleanUpInstanceImage(task);
    task.boot().cleanUpRamdisk(task);
    task.boot().cleanUpInstance(task);
  }

  @Override
  public void takeOver(NodeTask task) {
    // The image service publishes again on demand; nothing else of a node is kept locally.
  }

  @Override
  public void giveUp(NodeTask task) {
    context.images().cleanUpInstanceImage(task);
    context.images().unpublishBootIso(task);
    context.images().unpublishMedia(task, List.of());
    task.boot().giveUp(task);
  }

  @Override
  public StepResult prepareSteps(NodeTask task, StepKind kind) {
    NetworkInterface.Purpose purpose = purpose(kind);
    boolean fast = fastTrack(task);
    if (kind == StepKind.SERVICE) {
      powerOff(task);
      task.network().unconfigureTenantNetworks(task);
    }
    task.network().addNetwork(task, purpose);
    tellHowToErase(task);
    if (fast && kind != StepKind.SERVICE) {
      return agentReady(task, kind);
    }
    bootAgent(task);
    task.powerAction(PowerState.REBOOT);
    return StepResult.waiting();
  }

  @Override
  public void tearDownSteps(NodeTask task, StepKind kind) {
    if (kind == StepKind.SERVICE) {
      powerOff(task);
      task.boot().cleanUpRamdisk(task);
      task.network().removeNetwork(task, purpose(kind));
      task.network().configureTenantNetworks(task);
      task.boot().prepareInstance(task);
      task.powerAction(task.node().disablePowerOff() ? PowerState.REBOOT : PowerState.POWER_ON);
      return;
    }
    boolean fast = fastTrack(task);
    if (!fast) {
      powerOff(task);
    }
    task.boot().cleanUpRamdisk(task);
    task.network().removeNetwork(task, purpose(kind));
  }

  private static NetworkInterface.Purpose purpose(StepKind kind) {
    return switch (kind) {
      case CLEAN -> NetworkInterface.Purpose.CLEANING;
      case SERVICE -> NetworkInterface.Purpose.SERVICING;
      case DEPLOY, VERIFY -> NetworkInterface.Purpose.PROVISIONING;
    };
  }

  private void tellHowToErase(NodeTask task) {
    AgentOptions.Erase erase = options.erase();
    task.update(
        node ->
            node.internal("agent_erase_devices_iterations", erase.iterations())
                .internal("agent_erase_devices_zeroize", erase.zeros())
                .internal("agent_continue_if_secure_erase_failed", erase.continueOnFailure())
                .internal("agent_enable_nvme_secure_erase", erase.nvmeSecureErase())
                .internal("agent_enable_ata_secure_erase", erase.ataSecureErase())
                .internal("disk_erasure_concurrency", erase.concurrency())
                .internal("agent_erase_skip_read_only", erase.skipReadOnly()));
  }

  @Override
  public StepResult agentReady(NodeTask task, StepKind kind) {
    if (task.node().internalText("agent_url").isEmpty()) {
      return StepResult.waiting();
    }
    try {
      inBand.refresh(task, kind);
      return StepResult.done();
    } catch (DriverException e) {
      return switch (e.kind()) {
        case UNREACHABLE, AGENT_BUSY -> {
          LOG.info("The agent is not ready yet: {}", e.getMessage());
          yield StepResult.waiting();
        }
        default -> throw e;
      };
    }
  }

  @Override
  public List<Step> steps(NodeTask task, StepKind kind) {
    var all = new ArrayList<>(DeployInterface.super.steps(task, kind));
    Set<String> own = all.stream().map(Step::name).collect(Collectors.toSet());
    inBand.offered(task, kind, InterfaceKind.DEPLOY).stream()
        .filter(step -> !own.contains(step.name()))
        .forEach(all::add);
    return all;
  }

  @Override
  public StepResult executeStep(NodeTask task, StepKind kind, Step step) {
    return isOwn(task, kind, step)
        ? DeployInterface.super.executeStep(task, kind, step)
        : inBand.execute(task, kind, step);
  }

  @Override
  public StepResult probeStep(NodeTask task, StepKind kind, Step step) {
    if (!isOwn(task, kind, step)) {
      return inBand.probe(task, kind, step);
    }
    return switch (step.name()) {
      case "deploy" -> agentReady(task, StepKind.DEPLOY);
      case "write_image" -> probeWriting(task);
      default -> StepResult.done();
    };
  }

  private boolean isOwn(NodeTask task, StepKind kind, Step step) {
    return DeployInterface.super.steps(task, kind).stream()
        .anyMatch(own -> own.name().equals(step.name()));
  }

  @Override
  public void collectLogs(NodeTask task) {
    AgentLogs.collect(task, agent, options, context.clock());
  }

  @Override
  public boolean fastTrack(NodeTask task) {
    NodeInfo node = task.node();
    return options.fastTrackWanted(node)
        && node.lastError() == null
        && task.storage().shouldWriteImage(task)
        && node.internalText("agent_url").isPresent()
        && node.powerState() == PowerState.POWER_ON
        && presence.alive(node);
  }

  /** Makes the next boot load the agent. */
  private void bootAgent(NodeTask task) {
    var parameters = new LinkedHashMap<String, @Nullable String>();
    parameters.put("ipa-api-url", options.apiUrlFor(task.node()));
    task.boot().prepareRamdisk(task, parameters);
  }

  private static void powerOff(NodeTask task) {
    if (!task.node().disablePowerOff()) {
      task.powerAction(PowerState.POWER_OFF);
    }
  }
}
