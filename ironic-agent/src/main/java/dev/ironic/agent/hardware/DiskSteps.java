package dev.ironic.agent.hardware;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.command.Progress;
import dev.ironic.agent.disk.Disk;
import dev.ironic.agent.disk.DiskEraser;
import dev.ironic.agent.json.JsonMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The steps about disks, the same for block devices and files. */
public final class DiskSteps {

  /** Erases one disk in the best way its hardware has. */
  @FunctionalInterface
  public interface Eraser {
    /**
     * Erases by the hardware itself.
     *
     * @param node with the conductor's wishes in driver_internal_info
     * @return false if the hardware has no way of its own, and overwriting must do
     */
    boolean erase(BlockDevice device, JsonMap node) throws Exception;
  }

  /** Lists the disks. */
  @FunctionalInterface
  public interface Devices {
    /** All of them. */
    List<BlockDevice> list() throws Exception;
  }

  /** Writes an image; bound late, because the writer needs the managers that offer this step. */
  @FunctionalInterface
  public interface ImageWriting {
    /** Does it and returns a sentence about it. */
    String write(JsonMap imageInfo, @Nullable String configDrive, Progress progress)
        throws Exception;
  }

  private final Devices devices;
  private final Eraser eraser;
  private final Guard guard;
  private final ImageWriting writing;

  /** Objects to erasing a disk. */
  @FunctionalInterface
  public interface Guard {
    /** Throws if the disk must be kept. */
    void check(Disk disk, BlockDevice device) throws Exception;
  }

  /**
   * Creates them.
   *
   * @param guard asked before any erasure
   */
  public DiskSteps(Devices devices, Eraser eraser, Guard guard, ImageWriting writing) {
    this.devices = devices;
    this.eraser = eraser;
    this.guard = guard;
    this.writing = writing;
  }

  /** The steps. */
  public List<Step> steps() {
    return List.of(
        step("erase_devices", Map.of(Step.Kind.CLEAN, 10), this::eraseDevices),
        step(
            "erase_devices_metadata",
            Map.of(Step.Kind.CLEAN, 99, Step.Kind.DEPLOY, 0),
            this::eraseMetadata),
        step("erase_devices_express", Map.of(Step.Kind.CLEAN, 0), this::eraseExpress),
        new Step(
            "write_image",
            "deploy",
            Map.of(Step.Kind.DEPLOY, 0, Step.Kind.SERVICE, 0),
            false,
            true,
            List.of(
                new Step.Argument("image_info", true, "The image, as in standby.prepare_image."),
                new Step.Argument("configdrive", false, "Base64 text of gzip data, or its URL.")),
            call ->
                writing.write(
                    call.arguments().map("image_info"),
                    call.arguments().text("configdrive"),
                    call.progress())));
  }

  private static Step step(String name, Map<Step.Kind, Integer> priorities, Step.Action action) {
    return new Step(name, "deploy", priorities, false, true, List.of(), action);
  }

  private @Nullable Object eraseDevices(Step.Call call) throws Exception {
    for (BlockDevice device : eligible(call.node())) {
      if (device.readOnly()) {
        refuseReadOnly(device, call.node());
        continue;
      }
      check(device, call.node());
      if (!eraser.erase(device, call.node())) {
        overwrite(device, call.progress());
      }
    }
    return null;
  }

  private @Nullable Object eraseExpress(Step.Call call) throws Exception {
    for (BlockDevice device : eligible(call.node())) {
      if (device.readOnly()) {
        continue;
      }
      check(device, call.node());
      boolean fast = "nvme".equals(device.transport()) && eraser.erase(device, call.node());
      if (!fast) {
        metadata(device);
      }
    }
    return null;
  }

  // One disk's failure does not keep the others from being erased; all are told in the end.
  private @Nullable Object eraseMetadata(Step.Call call) throws Exception {
    Map<String, String> failures = new TreeMap<>();
    for (BlockDevice device : eligible(call.node()).reversed()) {
      if (device.readOnly()) {
        continue;
      }
      check(device, call.node());
      try {
        metadata(device);
      } catch (java.io.IOException e) {
        failures.put(device.name(), e.toString());
      }
    }
    if (!failures.isEmpty()) {
      throw new AgentException(
          ErrorKind.BLOCK_DEVICE_ERASE, "Failed to erase the metadata of: " + failures);
    }
    return null;
  }

  private List<BlockDevice> eligible(JsonMap node) throws Exception {
    return RootDevice.withoutSkipped(devices.list(), node).stream()
        .filter(device -> !"ir-vfd-dev".equals(device.label())) // the virtual floppy of the BMC
        .toList();
  }

  private void check(BlockDevice device, JsonMap node) throws Exception {
    if (node.map("driver_internal_info").flag("wipe_special_filesystems", true)) {
      try (Disk disk = open(device)) {
        guard.check(disk, device);
      }
    }
  }

  private static void refuseReadOnly(BlockDevice device, JsonMap node) {
    if (!node.map("driver_internal_info").flag("agent_erase_skip_read_only", false)) {
      throw new AgentException(
          ErrorKind.BLOCK_DEVICE_ERASE,
          device.name()
              + " is read-only; set agent_erase_skip_read_only for the node to leave it out");
    }
  }

  private static void metadata(BlockDevice device) throws java.io.IOException {
    try (Disk disk = open(device)) {
      DiskEraser.eraseMetadata(disk);
    }
  }

  private static void overwrite(BlockDevice device, Progress progress) throws java.io.IOException {
    try (Disk disk = open(device)) {
      DiskEraser.eraseAll(disk, progress);
    }
  }

  private static Disk open(BlockDevice device) throws java.io.IOException {
    return Disk.open(device.path(), device.size(), device.logicalSector());
  }
}
