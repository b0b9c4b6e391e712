package dev.ironic.lab;

import dev.ironic.core.image.IsoReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks at a disk as a first boot from it would. */
final class DiskBoot {

  private DiskBoot() {}

  /**
   * The line that a deployed system writes to its console.
   *
   * @throws IOException when nothing could be booted; the message says why
   */
  static String look(Path disk) throws IOException {
    List<PartitionTable.Partition> partitions = PartitionTable.read(disk);
    for (PartitionTable.Partition partition : partitions) {
      Optional<JsonNode> metadata = metadata(disk, partition.start());
      if (metadata.isPresent()) {
        JsonNode found = metadata.get();
        String host = found.path("hostname").asString(found.path("name").asString("localhost"));
        return "DEPLOYED-OS-UP hostname=%s uuid=%s"
            .formatted(host, found.path("uuid").asString(""));
      }
    }
    return "DEPLOYED-OS-UP hostname=localhost uuid=";
  }

  private static Optional<JsonNode> metadata(Path disk, long start) throws IOException {
    try (IsoReader reader = IsoReader.open(disk, start)) {
      return reader.label().equalsIgnoreCase("config-2")
          ? reader.readText("openstack/latest/meta_data.json").map(new JsonMapper()::readTree)
          : Optional.empty();
    } catch (IOException e) {
      // Not an ISO 9660 volume: an ordinary partition.
      return Optional.empty();
    }
  }
}
