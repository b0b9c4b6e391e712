package dev.ironic.agent.extension;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.Command;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.command.Extension;
import dev.ironic.agent.hardware.HardwareManager;
import dev.ironic.agent.hardware.HardwareManagers;
import dev.ironic.agent.hardware.Inventory;
import dev.ironic.agent.image.Deployment;
import dev.ironic.agent.ironic.NodeContext;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The small extensions: {@code image}, {@code log}, {@code poll}, {@code rescue}, {@code system}.
 */
public final class MachineExtensions {

  private static final Logger log = LoggerFactory.getLogger(MachineExtensions.class);

  private MachineExtensions() {}

  /** Boot loader of the written image. */
  public static Extension image(Deployment deployment, boolean ignoreFailures) {
    return new Extension(
        "image",
        List.of(
            Command.async(
                "install_bootloader",
                Set.of("root_uuid"),
                Set.of(
                    "efi_system_part_uuid",
                    "prep_boot_part_uuid",
                    "target_boot_mode",
                    "ignore_bootloader_failure"),
                (params, progress) -> {
                  boolean ignore = params.flag("ignore_bootloader_failure", ignoreFailures);
                  try {
                    deployment.installBootLoader(params.text("target_boot_mode", "bios"));
                  } catch (InterruptedException e) {
                    throw e;
                  } catch (Exception e) {
                    if (!ignore) {
                      throw e;
                    }
                    log.warn("installing the boot loader failed, as may be", e);
                  }
                  return null;
                })));
  }

  /** Logs of this run; the agent's own come from the given supplier. */
  public static Extension log(HardwareManagers managers, Supplier<byte[]> ownLog) {
    return new Extension(
        "log",
        List.of(
            Command.sync(
                "collect_system_logs",
                Set.of(),
                Set.of(),
                (params, progress) -> {
                  Map<String, byte[]> files =
                      new TreeMap<>(managers.dispatch("logs", HardwareManager::logs));
                  files.put("ironic-agent.log", ownLog.get());
                  String packed = Base64.getEncoder().encodeToString(TarGz.pack(files));
                  return Map.of("system_logs", packed);
                })));
  }

  /** Questions of conductors that poll instead of waiting for heartbeats. */
  public static Extension poll(Inventory inventory, NodeContext node, boolean standalone) {
    return new Extension(
        "poll",
        List.of(
            Command.sync(
                "get_hardware_info", Set.of(), Set.of(), (params, progress) -> inventory.collect()),
            Command.sync(
                "set_node_info",
                Set.of("node_info"),
                Set.of(),
                (params, progress) -> {
                  if (!standalone) {
                    throw new AgentException(
                        ErrorKind.INVALID_COMMAND,
                        "set_node_info is only for an agent without an API URL");
                  }
                  node.update(params.map("node_info"));
                  return null;
                })));
  }

  /**
   * Rescue.
   *
   * @param folder where the ramdisk's service looks for the password; null where there is none
   * @param marker file that keeps a restarted agent from serving again
   * @param stopServing ends the API and the heartbeats
   */
  public static Extension rescue(
      @org.jspecify.annotations.Nullable Path folder, Path marker, Runnable stopServing) {
    return new Extension(
        "rescue",
        List.of(
            Command.sync(
                "finalize_rescue",
                Set.of("rescue_password"),
                Set.of("hashed"),
                (params, progress) -> {
                  if (folder == null) {
                    throw new AgentException(
                        ErrorKind.COMMAND_EXECUTION, "a process machine can't be rescued");
                  }
                  if (!params.flag("hashed", false)) {
                    throw new AgentException(
                        ErrorKind.COMMAND_EXECUTION,
                        "this agent takes hashed rescue passwords only: set the conductor's"
                            + " option require_rescue_password_hashed");
                  }
                  store(folder, params.text("rescue_password", ""));
                  java.nio.file.Files.writeString(marker, "");
                  stopServing.run();
                  return null;
                })));
  }

  /** Closing down without powering off. */
  public static Extension system(Runnable lockdown) {
    return new Extension(
        "system",
        List.of(
            Command.sync(
                "lockdown",
                Set.of(),
                Set.of(),
                (params, progress) -> {
                  lockdown.run();
                  return null;
                })));
  }

  private static void store(Path folder, String password) throws java.io.IOException {
    java.nio.file.Files.createDirectories(folder);
    Path file = folder.resolve("ipa-rescue-password");
    java.nio.file.Files.deleteIfExists(file);
    java.nio.file.Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    java.nio.file.Files.writeString(file, password);
  }
}
