package dev.ironic.agent.hardware;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process machine: its disks are files, its network cards are addresses it was given, and
 * nothing of the real host is touched. Runs without privileges on any system.
 */
public final class FileHardwareManager implements HardwareManager {

  private static final int SECTOR = 512;

  private final List<Path> disks;
  private final List<String> macs;
  private final List<Step> steps;

  /**
   * Creates it.
   *
   * @param disks the files; their lengths are the disks' sizes
   * @param macs the network cards' addresses
   * @param steps what it offers
   */
  public FileHardwareManager(List<Path> disks, List<String> macs, List<Step> steps) {
    this.disks = List.copyOf(disks);
    this.macs = List.copyOf(macs);
    this.steps = List.copyOf(steps);
  }

  @Override
  public String name() {
    return "file_hardware_manager";
  }

  @Override
  public String version() {
    return "1.0";
  }

  @Override
  public SupportLevel support() {
    return SupportLevel.MAINLINE;
  }

  @Override
  public void initialize() throws IOException {
    for (Path disk : disks) {
      if (!Files.isRegularFile(disk) || Files.size(disk) == 0) {
        throw new IOException(
            "--disk " + disk + " is not a file with content: make it first, as large as the disk");
      }
    }
  }

  @Override
  public List<BlockDevice> blockDevices() throws IOException {
    List<BlockDevice> devices = new ArrayList<>();
    for (int i = 0; i < disks.size(); i++) {
      Path disk = disks.get(i);
      long size = Files.size(disk);
      devices.add(
          new BlockDevice(
              disk.toString(),
              disk,
              "File disk",
              size - size % SECTOR,
              false,
              null,
              macs.getFirst().replace(":", "") + "-" + i,
              "ironic",
              null,
              null,
              "0:0:0:" + i,
              null,
              SECTOR,
              SECTOR,
              "file",
              null,
              !Files.isWritable(disk),
              null));
    }
    return devices;
  }

  @Override
  public List<NetworkCard> networkCards() {
    List<NetworkCard> cards = new ArrayList<>();
    for (String mac : macs) {
      cards.add(
          new NetworkCard(
              "eth" + cards.size(), mac, null, null, true, null, null, null, null, "process"));
    }
    return cards;
  }

  @Override
  public Map<String, @Nullable Object> cpu() {
    return Machine.cpuOfThisProcess();
  }

  @Override
  public Map<String, @Nullable Object> memory() {
    Map<String, @Nullable Object> memory = new LinkedHashMap<>();
    long bytes = Runtime.getRuntime().maxMemory();
    memory.put("total", bytes);
    memory.put("physical_mb", bytes >> 20);
    return memory;
  }

  @Override
  public Map<String, @Nullable Object> managementController() {
    Map<String, @Nullable Object> none = new LinkedHashMap<>();
    none.put("bmc_address", null);
    none.put("bmc_v6address", null);
    return none;
  }

  @Override
  public Map<String, @Nullable Object> systemVendor() {
    Map<String, @Nullable Object> vendor = new LinkedHashMap<>();
    vendor.put("product_name", "Process machine");
    vendor.put("serial_number", macs.getFirst());
    vendor.put("manufacturer", "ironic");
    vendor.put("firmware", Map.of("vendor", "", "version", "", "build_date", ""));
    return vendor;
  }

  @Override
  public Map<String, @Nullable Object> boot() {
    Map<String, @Nullable Object> boot = new LinkedHashMap<>();
    boot.put("current_boot_mode", "bios");
    boot.put("pxe_interface", null);
    return boot;
  }

  @Override
  public String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public void partitionsChanged(BlockDevice device) {
    // Nobody keeps a copy of a file's partition table.
  }

  @Override
  public Map<String, byte[]> logs() {
    return Map.of();
  }

  @Override
  public void installBootLoader(BlockDevice device, String targetBootMode) {
    // There is no firmware that would have to be told: a process machine "boots" by its disk alone.
  }

  @Override
  public List<Step> steps() {
    return steps;
  }
}
