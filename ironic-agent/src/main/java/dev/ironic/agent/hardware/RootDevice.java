package dev.ironic.agent.hardware;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.json.JsonMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Which disk an image goes to. */
public final class RootDevice {

  private static final long LEAST = 4L << 30;

  private RootDevice() {}

  /**
   * The hints of a node: those of the instance, else those of the machine.
   *
   * @return empty if there are none
   */
  public static JsonMap hints(JsonMap node) {
    JsonMap instance = node.map("instance_info").map("root_device");
    return instance.members().isEmpty() ? node.map("properties").map("root_device") : instance;
  }

  /**
   * Chooses.
   *
   * @param fileDisks true on process machines, whose disks may be as small as a test likes
   * @throws AgentException if no disk fits, naming those there are
   */
  public static BlockDevice choose(List<BlockDevice> devices, JsonMap node, boolean fileDisks) {
    List<BlockDevice> candidates = withoutSkipped(devices, node);
    JsonMap hints = hints(node);
    if (hints.members().isEmpty()) {
      long least = fileDisks ? 1 : LEAST;
      return candidates.stream()
          .filter(d -> d.size() >= least && !d.readOnly())
          .min(Comparator.comparingLong(BlockDevice::size).thenComparing(BlockDevice::name))
          .orElseThrow(
              () ->
                  new AgentException(
                      ErrorKind.DEVICE_NOT_FOUND,
                      "no disk of at least " + least + " bytes among " + describe(candidates)));
    }
    return parse(hints)
        .find(candidates)
        .orElseThrow(
            () ->
                new AgentException(
                    ErrorKind.DEVICE_NOT_FOUND,
                    "no disk matches the root device hints %s among %s"
                        .formatted(hints.members(), describe(candidates))));
  }

  /** The devices without those the node's property skip_block_devices describes. */
  public static List<BlockDevice> withoutSkipped(List<BlockDevice> devices, JsonMap node) {
    List<BlockDevice> rest = new ArrayList<>(devices);
    for (Object entry : node.map("properties").list("skip_block_devices")) {
      if (entry instanceof Map<?, ?> map && !map.containsKey("volume_name")) {
        RootDeviceHints skipped = parse(JsonMap.of(map));
        rest.removeIf(skipped::matches);
      }
    }
    return rest;
  }

  private static RootDeviceHints parse(JsonMap hints) {
    try {
      return RootDeviceHints.parse(hints);
    } catch (IllegalArgumentException e) {
      throw new AgentException(ErrorKind.DEVICE_NOT_FOUND, String.valueOf(e.getMessage()), e);
    }
  }

  private static List<String> describe(List<BlockDevice> devices) {
    return devices.stream().map(d -> d.name() + " (" + d.size() + " bytes)").toList();
  }
}
