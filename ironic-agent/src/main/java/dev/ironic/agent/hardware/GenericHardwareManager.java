package dev.ironic.agent.hardware;

import dev.ironic.agent.boot.EfiBootManager;
import dev.ironic.agent.system.Sleeper;
import dev.ironic.agent.system.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Any machine that runs Linux, by /sys, /proc and the usual tools. */
public final class GenericHardwareManager implements HardwareManager {

  private static final Logger log = LoggerFactory.getLogger(GenericHardwareManager.class);

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path EFI = Path.of("/sys/firmware/efi");
  private static final Path DMI = Path.of("/sys/class/dmi/id");
  private static final int BMC_CHANNELS = 11;

  private final Tools tools;
  private final Sleeper sleeper;
  private final LinuxDisks disks;
  private final EfiBootManager boot;
  private final int diskAttempts;
  private final Duration diskPause;
  private final @Nullable String bootInterface;
  private final BooleanSupplier skipBmc;
  private final List<Step> steps;

  /**
   * Creates it.
   *
   * @param diskAttempts how often to look for a disk at start
   * @param diskPause the time between
   * @param bootInterface the raw BOOTIF value, or null
   * @param skipBmc true once it is known that nobody wants the BMC's address
   * @param diskSteps the steps about disks
   */
  public GenericHardwareManager(
      Tools tools,
      Sleeper sleeper,
      int diskAttempts,
      Duration diskPause,
      @Nullable String bootInterface,
      BooleanSupplier skipBmc,
      List<Step> diskSteps) {
    this.tools = tools;
    this.sleeper = sleeper;
    this.disks = new LinuxDisks(tools);
    this.boot = new EfiBootManager(tools);
    this.diskAttempts = diskAttempts;
    this.diskPause = diskPause;
    this.bootInterface = bootInterface;
    this.skipBmc = skipBmc;
    this.steps =
        java.util.stream.Stream.concat(diskSteps.stream(), new FirmwareSteps(boot).steps().stream())
            .toList();
  }

  @Override
  public String name() {
    return "generic_hardware_manager";
  }

  @Override
  public String version() {
    return "1.2";
  }

  @Override
  public SupportLevel support() {
    return Files.isDirectory(Path.of("/sys/block")) ? SupportLevel.GENERIC : SupportLevel.NONE;
  }

  @Override
  public void initialize() throws IOException, InterruptedException {
    for (int attempt = 1; blockDevices().isEmpty(); attempt++) {
      if (attempt >= diskAttempts) {
        log.warn("no disk has shown up; going on without");
        return;
      }
      sleeper.sleep(diskPause);
      if (tools.present("udevadm")) {
        tools.run(LIMIT, "udevadm", "settle");
      }
    }
  }

  @Override
  public List<BlockDevice> blockDevices() throws IOException, InterruptedException {
    return disks.list();
  }

  @Override
  public List<NetworkCard> networkCards() throws IOException {
    return LinuxNetwork.list();
  }

  @Override
  public Map<String, @Nullable Object> cpu() throws IOException, InterruptedException {
    Map<String, @Nullable Object> cpu = Machine.cpuOfThisProcess();
    if (!tools.present("lscpu")) {
      return cpu;
    }
    Map<String, String> fields = new TreeMap<>();
    for (String line : tools.require(LIMIT, "lscpu").split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    cpu.put("model_name", fields.get("Model name"));
    cpu.put("frequency", fields.get("CPU max MHz"));
    cpu.put("architecture", fields.getOrDefault("Architecture", Machine.architecture()));
    cpu.put("flags", List.of(fields.getOrDefault("Flags", "").split("\\s+")));
    String sockets = fields.get("Socket(s)");
    cpu.put(
        "socket_count",
        sockets != null && sockets.matches("[0-9]+") ? Integer.valueOf(sockets) : null);
    return cpu;
  }

  @Override
  public Map<String, @Nullable Object> memory() throws IOException, InterruptedException {
    Map<String, @Nullable Object> memory = new LinkedHashMap<>();
    long total =
        1024
            * Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    memory.put("total", total);
    memory.put("physical_mb", physicalMegabytes(total));
    return memory;
  }

  // What is plugged in, not what is left over by firmware and kernel.
  private long physicalMegabytes(long total) throws IOException, InterruptedException {
    if (tools.present("dmidecode")) {
      Tools.Output output = tools.run(LIMIT, "dmidecode", "--type", "17");
      Matcher size =
          Pattern.compile("^\\s*Size: ([0-9]+) ([MGT])B$", Pattern.MULTILINE).matcher(output.out());
      long megabytes = 0;
      while (size.find()) {
        int shift = "MGT".indexOf(size.group(2)) * 10;
        megabytes += Long.parseLong(size.group(1)) << shift;
      }
      if (megabytes > 0) {
        return megabytes;
      }
    }
    return total >> 20;
  }

  @Override
  public Map<String, @Nullable Object> managementController()
      throws IOException, InterruptedException {
    Map<String, @Nullable Object> wire = new LinkedHashMap<>();
    wire.put("bmc_address", null);
    wire.put("bmc_v6address", null);
    boolean device = Files.exists(Path.of("/dev/ipmi0")) || Files.exists(Path.of("/dev/ipmi/0"));
    if (skipBmc.getAsBoolean() || !device || !tools.present("ipmitool")) {
      return wire;
    }
    wire.put("bmc_address", "0.0.0.0");
    wire.put("bmc_v6address", "::/0");
    for (int channel = 1; channel <= BMC_CHANNELS; channel++) {
      Tools.Output output = tools.run(LIMIT, "ipmitool", "lan", "print", "" + channel);
      String address = field(output.out(), "IP Address");
      if (output.exit() == 0 && address != null && !address.equals("0.0.0.0")) {
        wire.put("bmc_address", address);
        String mac = field(output.out(), "MAC Address");
        if (mac != null) {
          wire.put("bmc_mac", mac);
        }
        return wire;
      }
    }
    return wire;
  }

  private static @Nullable String field(String text, String name) {
    Matcher line =
        Pattern.compile("^" + name + "\\s*: (\\S+)\\s*$", Pattern.MULTILINE).matcher(text);
    return line.find() ? line.group(1) : null;
  }

  @Override
  public Map<String, @Nullable Object> systemVendor() {
    Map<String, @Nullable Object> vendor = new LinkedHashMap<>();
    vendor.put("product_name", dmi("product_name"));
    vendor.put("serial_number", dmi("product_serial"));
    vendor.put("manufacturer", dmi("sys_vendor"));
    Map<String, Object> firmware = new LinkedHashMap<>();
    firmware.put("vendor", dmi("bios_vendor"));
    firmware.put("version", dmi("bios_version"));
    firmware.put("build_date", dmi("bios_date"));
    vendor.put("firmware", firmware);
    return vendor;
  }

  private static String dmi(String name) {
    String value = LinuxNetwork.read(DMI.resolve(name));
    return value == null ? "" : value;
  }

  @Override
  public Map<String, @Nullable Object> boot() {
    Map<String, @Nullable Object> wire = new LinkedHashMap<>();
    wire.put("current_boot_mode", Files.isDirectory(EFI) ? "uefi" : "bios");
    wire.put("pxe_interface", bootInterface);
    return wire;
  }

  @Override
  public String hostname() throws IOException {
    String name = LinuxNetwork.read(Path.of("/proc/sys/kernel/hostname"));
    return name == null ? InetAddress.getLocalHost().getHostName() : name;
  }

  @Override
  public void partitionsChanged(BlockDevice device) throws IOException, InterruptedException {
    for (String[] command :
        new String[][] {
          {"blockdev", "--rereadpt", device.name()},
          {"partx", "--update", device.name()},
          {"partprobe", device.name()}
        }) {
      if (tools.present(command[0]) && tools.run(LIMIT, command).exit() == 0) {
        if (tools.present("udevadm")) {
          tools.run(LIMIT, "udevadm", "settle");
        }
        return;
      }
    }
    log.warn("the kernel could not be made to read the partition table of {}", device.name());
  }

  @Override
  public Map<String, byte[]> logs() throws InterruptedException {
    Map<String, byte[]> files = new TreeMap<>();
    Map<String, String[]> commands =
        Map.of(
            "dmesg", new String[] {"dmesg"},
            "lsblk", new String[] {"lsblk", "--all", "--paths"},
            "ip_addr", new String[] {"ip", "addr"},
            "mount", new String[] {"mount"},
            "df", new String[] {"df"},
            "ps", new String[] {"ps", "aux"},
            "efibootmgr", new String[] {"efibootmgr", "-v"});
    for (Map.Entry<String, String[]> entry : commands.entrySet()) {
      if (tools.present(entry.getValue()[0])) {
        try {
          String text = tools.run(LIMIT, entry.getValue()).out();
          files.put(entry.getKey(), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          files.put(entry.getKey(), e.toString().getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return files;
  }

  @Override
  public void installBootLoader(BlockDevice device, String targetBootMode)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(EFI)) {
      log.info("not started by UEFI: {} boots by its own boot sector", device.name());
      return;
    }
    if (!targetBootMode.equals("uefi")) {
      log.warn("the target boot mode is {}, but the machine runs in UEFI mode", targetBootMode);
    }
    boot.install(device);
  }

  @Override
  public List<Step> steps() {
    return steps;
  }
}
