package dev.ironic.agent.hardware;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the machine is made of, in the form conductors store. */
public final class Inventory {

  private final HardwareManagers managers;

  /** Creates it; nothing is asked yet. */
  public Inventory(HardwareManagers managers) {
    this.managers = managers;
  }

  /** Asks for everything. */
  public Map<String, @Nullable Object> collect() throws Exception {
    Map<String, @Nullable Object> wire = new LinkedHashMap<>();
    List<NetworkCard> cards = managers.dispatch("networkCards", HardwareManager::networkCards);
    wire.put("interfaces", cards.stream().map(NetworkCard::toWire).toList());
    wire.put("cpu", managers.dispatch("cpu", HardwareManager::cpu));
    List<BlockDevice> disks = managers.dispatch("blockDevices", HardwareManager::blockDevices);
    wire.put("disks", disks.stream().map(BlockDevice::toWire).toList());
    wire.put("memory", managers.dispatch("memory", HardwareManager::memory));
    wire.putAll(managers.dispatch("managementController", HardwareManager::managementController));
    wire.put("system_vendor", managers.dispatch("systemVendor", HardwareManager::systemVendor));
    wire.put("boot", managers.dispatch("boot", HardwareManager::boot));
    wire.put("hostname", managers.dispatch("hostname", HardwareManager::hostname));
    return wire;
  }

  /** The MAC addresses for the lookup. */
  public List<String> macs() throws Exception {
    return managers.dispatch("networkCards", HardwareManager::networkCards).stream()
        .map(NetworkCard::mac)
        .distinct()
        .toList();
  }
}
