package dev.ironic.agent.hardware;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows one kind of hardware. A manager answers what it can and leaves the rest, by the default
 * methods, to managers of lower support. Others than the bundled ones are found by {@link
 * java.util.ServiceLoader}. Called by one thread at a time.
 */
public interface HardwareManager {

  /** Its name in version maps; stays the same over versions. */
  String name();

  /** Changes whenever its steps change, so that a running operation can tell. */
  String version();

  /** How well it fits this machine; asked once. */
  SupportLevel support();

  /** Prepares the hardware; called once, after {@link #support} and before anything else. */
  default void initialize() throws Exception {}

  /** All disks, those that should not be touched included. */
  default List<BlockDevice> blockDevices() throws Exception {
    throw notMine("blockDevices");
  }

  /** All network interfaces. */
  default List<NetworkCard> networkCards() throws Exception {
    throw notMine("networkCards");
  }

  /** Inventory member cpu. */
  default Map<String, @Nullable Object> cpu() throws Exception {
    throw notMine("cpu");
  }

  /** Inventory member memory. */
  default Map<String, @Nullable Object> memory() throws Exception {
    throw notMine("memory");
  }

  /** Inventory members about the management controller: bmc_address, bmc_v6address, bmc_mac. */
  default Map<String, @Nullable Object> managementController() throws Exception {
    throw notMine("managementController");
  }

  /** Inventory member system_vendor. */
  default Map<String, @Nullable Object> systemVendor() throws Exception {
    throw notMine("systemVendor");
  }

  /** Inventory member boot. */
  default Map<String, @Nullable Object> boot() throws Exception {
    throw notMine("boot");
  }

  /** The host's name. */
  default String hostname() throws Exception {
    throw notMine("hostname");
  }

  /** Makes the system notice a changed partition table. */
  default void partitionsChanged(BlockDevice device) throws Exception {
    throw notMine("partitionsChanged");
  }

  /** Texts for the collection of logs: file name to content. */
  default Map<String, byte[]> logs() throws Exception {
    throw notMine("logs");
  }

  /** Makes the firmware start what is on the disk. */
  default void installBootLoader(BlockDevice device, String targetBootMode) throws Exception {
    throw notMine("installBootLoader");
  }

  /** The steps it offers. */
  default List<Step> steps() {
    return List.of();
  }

  private AgentException notMine(String method) {
    return new AgentException(
        ErrorKind.INCOMPATIBLE_HARDWARE_METHOD, name() + " does not answer " + method);
  }
}
