package dev.ironic.agent.disk;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Puts a config drive's bytes into the partition that the deployed system looks for by label. */
public final class ConfigDrive {

  /** The label of the volume. */
  public static final String LABEL = "config-2";

  private static final int PARTITION_SIZE = 64 << 20;
  private static final int MEBIBYTE = 1 << 20;

  private ConfigDrive() {}

  /**
   * Decodes what the conductor sends: base64 text around gzip data.
   *
   * @throws AgentException if it is anything else or unpacks to more than 64 MiB
   */
  public static byte[] decode(byte[] text) {
    byte[] packed;
    try {
      packed = Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new AgentException(
          ErrorKind.INVALID_COMMAND_PARAMS,
          "The config drive is neither a URL nor base64 text: " + e.getMessage());
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] content = in.readNBytes(PARTITION_SIZE + 1);
      if (content.length > PARTITION_SIZE) {
        throw tooLarge("more than " + PARTITION_SIZE);
      }
      return content;
    } catch (IOException e) {
      throw new AgentException(
          ErrorKind.INVALID_COMMAND_PARAMS,
          "The config drive is base64 text, but not of gzip data: " + e.getMessage());
    }
  }

  /**
   * Writes the content into the partition so labelled, or into a new one at the end of the disk.
   *
   * @return the partition
   * @throws AgentException if there is no room
   */
  public static Partition write(Disk disk, byte[] content) throws IOException {
    if (content.length > PARTITION_SIZE) {
      throw tooLarge(Integer.toString(content.length));
    }
    Partition partition = existing(disk).orElse(null);
    if (partition == null) {
      partition = create(disk, content.length);
    } else if (partition.size() < content.length) {
      throw new AgentException(
          ErrorKind.DEPLOYMENT,
          "The image's own partition %d labelled %s has %d bytes, the config drive needs %d."
              .formatted(partition.number(), LABEL, partition.size(), content.length));
    }
    disk.write(partition.offset(), ByteBuffer.wrap(content));
    disk.zero(partition.offset() + content.length, partition.size() - content.length);
    disk.flush();
    return partition;
  }

  private static Optional<Partition> existing(Disk disk) throws IOException {
    for (Partition partition : PartitionTable.partitions(disk)) {
      if (partition.label().equalsIgnoreCase(LABEL)
          || VolumeLabel.read(disk, partition).filter(LABEL::equalsIgnoreCase).isPresent()) {
        return Optional.of(partition);
      }
    }
    return Optional.empty();
  }

  private static Partition create(Disk disk, int length) throws IOException {
    Optional<Partition> usual = PartitionTable.addAtEnd(disk, PARTITION_SIZE, LABEL);
    if (usual.isPresent()) {
      return usual.get();
    }
    // A disk hardly larger than its image may still have room for what is really needed.
    long least = Math.max(1, Math.ceilDiv(length, MEBIBYTE)) * (long) MEBIBYTE;
    return PartitionTable.addAtEnd(disk, least, LABEL)
        .orElseThrow(
            () ->
                new AgentException(
                    ErrorKind.DEPLOYMENT,
                    ("The config drive of %d bytes has no place on %s (%d bytes): there are no %d"
                            + " free bytes at its end, no free partition entry, or no partition"
                            + " table. Use a smaller image or a larger disk.")
                        .formatted(length, disk.path(), disk.size(), least)));
  }

  private static AgentException tooLarge(String bytes) {
    return new AgentException(
        ErrorKind.INVALID_COMMAND_PARAMS,
        "The config drive has " + bytes + " bytes, its partition only " + PARTITION_SIZE + ".");
  }
}
