package dev.ironic.agent.hardware;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.disk.Disk;
import dev.ironic.agent.disk.Partition;
import dev.ironic.agent.disk.PartitionTable;
import java.io.IOException;
import java.util.Map;

/**
 * Partitions that other machines may be using at this moment: a shared disk must not be erased
 * because one of its hosts is cleaned.
 */
public final class ClusterFileSystems {

  private static final Map<String, String> TYPES =
      Map.of(
          "37affc90-ef7d-4e96-91c3-2d7ae055b174", "IBM General Parallel File System",
          "aa31e02a-400f-11db-9590-000c2911d1b8", "VMware VMFS",
          "fb", "VMware VMFS");

  private ClusterFileSystems() {}

  /**
   * Objects if the disk holds one.
   *
   * @throws AgentException naming partition and kind
   */
  public static void refuse(Disk disk, BlockDevice device) throws IOException {
    for (Partition partition : PartitionTable.partitions(disk)) {
      String kind = TYPES.get(partition.type());
      if (kind != null) {
        throw new AgentException(
            ErrorKind.PROTECTED_DEVICE,
            "partition %d of %s is %s; set ipa-guard-special-filesystems=false to erase it"
                .formatted(partition.number(), device.name(), kind));
      }
    }
  }
}
