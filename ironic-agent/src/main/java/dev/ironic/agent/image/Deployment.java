package dev.ironic.agent.image;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.command.Progress;
import dev.ironic.agent.disk.ConfigDrive;
import dev.ironic.agent.disk.Disk;
import dev.ironic.agent.disk.Partition;
import dev.ironic.agent.disk.PartitionTable;
import dev.ironic.agent.hardware.BlockDevice;
import dev.ironic.agent.hardware.HardwareManager;
import dev.ironic.agent.hardware.HardwareManagers;
import dev.ironic.agent.ironic.NodeContext;
import dev.ironic.agent.json.JsonMap;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From an image to a disk the machine can start from: the image, its partition table, the config
 * drive. One operation at a time; what it left behind may be asked from any thread.
 */
public final class Deployment {

  private static final Logger log = LoggerFactory.getLogger(Deployment.class);

  private static final int MAX_CONFIG_DRIVE_TEXT = 96 << 20;

  private final HardwareManagers managers;
  private final NodeContext node;
  private final ImageDownloader downloader;
  private final ImageWriter writer;
  private final RootDisk rootDisk;
  private volatile Map<String, Object> partitionUuids = Map.of();

  /** Finds the disk to deploy to. */
  @FunctionalInterface
  public interface RootDisk {
    /** Chooses it by what is known about the node now. */
    BlockDevice find() throws Exception;
  }

  /** Creates it. */
  public Deployment(
      HardwareManagers managers,
      NodeContext node,
      ImageDownloader downloader,
      ImageWriter writer,
      RootDisk rootDisk) {
    this.managers = managers;
    this.node = node;
    this.downloader = downloader;
    this.writer = writer;
    this.rootDisk = rootDisk;
  }

  /**
   * Writes an image and a config drive.
   *
   * @param configDrive base64 text of gzip data, or a URL of such text, or null for none
   * @return a sentence for the operator
   */
  public String write(JsonMap imageInfo, @Nullable String configDrive, Progress progress)
      throws Exception {
    ImageInfo image = ImageInfo.parse(imageInfo, node.md5Allowed());
    BlockDevice device = rootDisk.find();
    log.info("writing image {} to {}", image.id(), device.name());
    byte[] drive = configDrive == null || configDrive.isBlank() ? null : fetch(configDrive);
    writer.write(image, device, progress);
    String identifier;
    try (Disk disk = Disk.open(device.path(), device.size(), device.logicalSector())) {
      if (PartitionTable.moveBackupToEnd(disk)) {
        log.info("moved the backup partition table to the end of {}", device.name());
      }
      if (PartitionTable.partitions(disk).isEmpty()) {
        throw new AgentException(
            ErrorKind.DEPLOYMENT,
            "no partitions are on %s after writing image %s: a whole-disk image must hold a GPT or"
                    .formatted(device.name(), image.id())
                + " MBR partition table");
      }
      if (drive != null) {
        Partition partition = ConfigDrive.write(disk, drive);
        log.info("config drive is in partition {} of {}", partition.number(), device.name());
      }
      identifier = PartitionTable.diskIdentifier(disk);
      partitionUuids = describe(identifier, device, PartitionTable.partitions(disk));
    }
    managers.dispatch(
        "partitionsChanged",
        manager -> {
          manager.partitionsChanged(device);
          return true;
        });
    return "image (%s) written to device %s root_uuid=%s"
        .formatted(image.id(), device.name(), identifier);
  }

  /** Members of the answer about the partitions of the written image; empty before writing. */
  public Map<String, Object> partitionUuids() {
    return partitionUuids;
  }

  /** Makes the firmware start the written disk. */
  public void installBootLoader(String targetBootMode) throws Exception {
    BlockDevice device = rootDisk.find();
    managers.dispatch(
        "installBootLoader",
        (HardwareManager manager) -> {
          manager.installBootLoader(device, targetBootMode);
          return true;
        });
  }

  private byte[] fetch(String configDrive) throws InterruptedException {
    String text = configDrive.strip();
    boolean url = text.startsWith("http://") || text.startsWith("https://");
    return ConfigDrive.decode(
        url
            ? downloader.fetchSmall(URI.create(text), MAX_CONFIG_DRIVE_TEXT)
            : text.getBytes(StandardCharsets.UTF_8));
  }

  // Names of devices are only of use to those on this machine; the conductor wants the first.
  private static Map<String, Object> describe(
      String identifier, BlockDevice device, List<Partition> partitions) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("root uuid", identifier);
    partitions.stream()
        .filter(Partition::isEfiSystem)
        .findFirst()
        .ifPresent(esp -> wire.put("efi system partition uuid", esp.uuid()));
    Map<String, Object> names = new LinkedHashMap<>();
    String separator =
        Character.isDigit(device.name().charAt(device.name().length() - 1)) ? "p" : "";
    partitions.forEach(
        p ->
            names.put(
                p.label().isEmpty() ? "partition " + p.number() : p.label(),
                device.name() + separator + p.number()));
    wire.put("partitions", names);
    return wire;
  }
}
