package dev.ironic.agent.boot;

import dev.ironic.agent.disk.Disk;
import dev.ironic.agent.disk.Partition;
import dev.ironic.agent.disk.PartitionTable;
import dev.ironic.agent.hardware.BlockDevice;
import dev.ironic.agent.system.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The boot entries that UEFI firmware remembers, by efibootmgr. */
public final class EfiBootManager {

  private static final Logger log = LoggerFactory.getLogger(EfiBootManager.class);

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Pattern ENTRY =
      Pattern.compile("^Boot([0-9A-Fa-f]{4})\\*?\\s+([^\\t]*)(?:\\t(.*))?$");

  /** Loaders by name, best first; those for removable media come last. */
  private static final List<String> LOADERS =
      List.of(
          "shimx64.efi",
          "shimaa64.efi",
          "shim.efi",
          "grubx64.efi",
          "grubaa64.efi",
          "grub.efi",
          "systemd-bootx64.efi",
          "bootmgfw.efi",
          "bootx64.efi",
          "bootaa64.efi");

  private static final Set<String> CSV_NAMES =
      Set.of("bootx64.csv", "bootaa64.csv", "bootia32.csv", "boot.csv");

  /**
   * A loader found on a system partition.
   *
   * @param path from the partition's root, with backslashes
   * @param label what the entry shall be called
   */
  record Loader(String path, String label) {}

  private record Entry(String number, String label, String path) {}

  private final Tools tools;

  /** Creates it. */
  public EfiBootManager(Tools tools) {
    this.tools = tools;
  }

  /**
   * Adds an entry for the loader on a disk, replacing those of the same label. Without efibootmgr
   * or a loader nothing happens: firmware then looks for the removable-media path by itself.
   */
  public void install(BlockDevice device) throws IOException, InterruptedException {
    if (!tools.present("efibootmgr")) {
      log.warn("efibootmgr is missing; the firmware must find \\EFI\\BOOT by itself");
      return;
    }
    Optional<Partition> system;
    try (Disk disk = Disk.open(device.path(), device.size(), device.logicalSector())) {
      system = PartitionTable.partitions(disk).stream().filter(Partition::isEfiSystem).findFirst();
    }
    if (system.isEmpty()) {
      log.warn("{} has no EFI system partition; no boot entry is made", device.name());
      return;
    }
    int number = system.get().number();
    String partition = partitionPath(device.name(), number);
    Path mount = Files.createTempDirectory("esp-");
    List<Loader> loaders;
    tools.require(LIMIT, "mount", "-t", "vfat", "-o", "ro", partition, mount.toString());
    try {
      loaders = loaders(mount);
    } finally {
      tools.run(LIMIT, "umount", mount.toString());
      Files.delete(mount);
    }
    if (loaders.isEmpty()) {
      log.warn("{} holds no boot loader; no boot entry is made", partition);
      return;
    }
    for (Loader loader : loaders) {
      deleteLabel(loader.label);
      tools.require(
          LIMIT,
          "efibootmgr",
          "-v",
          "-c",
          "-d",
          device.name(),
          "-p",
          "" + number,
          "-w",
          "-L",
          loader.label,
          "-l",
          loader.path);
      log.info("boot entry {} starts {} on {}", loader.label, loader.path, partition);
    }
  }

  /** Deletes all entries whose path one of the patterns is found in. */
  public void deleteEntries(List<Pattern> patterns) throws IOException, InterruptedException {
    if (!tools.present("efibootmgr")) {
      throw new IOException("efibootmgr is not installed here");
    }
    for (Entry entry : entries()) {
      if (patterns.stream().anyMatch(p -> p.matcher(entry.path).find())) {
        log.info("deleting boot entry {} {}", entry.number, entry.label);
        tools.require(LIMIT, "efibootmgr", "-b", entry.number, "-B");
      }
    }
  }

  private void deleteLabel(String label) throws IOException, InterruptedException {
    for (Entry entry : entries()) {
      if (entry.label.equals(label)) {
        tools.require(LIMIT, "efibootmgr", "-b", entry.number, "-B");
      }
    }
  }

  private List<Entry> entries() throws IOException, InterruptedException {
    List<Entry> entries = new ArrayList<>();
    for (String line : tools.require(LIMIT, "efibootmgr", "-v").split("\n", -1)) {
      Matcher entry = ENTRY.matcher(line);
      if (entry.matches()) {
        String path = entry.group(3);
        entries.add(new Entry(entry.group(1), entry.group(2).strip(), path == null ? "" : path));
      }
    }
    return entries;
  }

  /** What to start from a mounted system partition: what its CSV files name, else known loaders. */
  static List<Loader> loaders(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root, 6)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    List<Loader> loaders = new ArrayList<>();
    for (Path file : files) {
      if (CSV_NAMES.contains(lowerName(file))) {
        csv(root, file).ifPresent(loaders::add);
      }
    }
    if (!loaders.isEmpty()) {
      return loaders;
    }
    for (String name : LOADERS) {
      for (Path file : files) {
        if (lowerName(file).equals(name)) {
          return List.of(new Loader(efiPath(root, file), "ironic1"));
        }
      }
    }
    return List.of();
  }

  // One line: loader's file name beside the CSV file, label, and more that does not matter here.
  private static Optional<Loader> csv(Path root, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    boolean wide = bytes.length > 1 && (bytes[1] == 0 || bytes[0] == (byte) 0xff);
    String text = new String(bytes, wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
    String[] fields = text.replace("\ufeff", "").strip().split(",", -1);
    Path loader = file.resolveSibling(fields[0].strip());
    if (fields.length < 2 || !Files.isRegularFile(loader)) {
      return Optional.empty();
    }
    return Optional.of(new Loader(efiPath(root, loader), fields[1].strip()));
  }

  private static String efiPath(Path root, Path file) {
    return "\\" + root.relativize(file).toString().replace('/', '\\');
  }

  private static String lowerName(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT);
  }

  private static String partitionPath(String device, int number) {
    boolean digit = Character.isDigit(device.charAt(device.length() - 1));
    return device + (digit ? "p" : "") + number;
  }
}
