package dev.ironic.agent.hardware;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A disk as listed. What could not be found out is null.
 *
 * @param name its usual path, as text
 * @param path where to open it
 * @param model what the maker calls it
 * @param size bytes
 * @param rotational true for spinning disks
 * @param wwn world wide name
 * @param serial serial number
 * @param vendor the maker
 * @param wwnWithExtension the long form of the name
 * @param wwnVendorExtension what the long form adds
 * @param hctl SCSI address
 * @param byPath path by position
 * @param logicalSector bytes of a logical sector
 * @param physicalSector bytes of a physical sector
 * @param transport how it is connected, such as sata or nvme
 * @param otherSerial a second spelling of the serial number, for hints
 * @param readOnly true if it can't be written
 * @param label label of a file system on the whole disk
 */
public record BlockDevice(
    String name,
    Path path,
    @Nullable String model,
    long size,
    boolean rotational,
    @Nullable String wwn,
    @Nullable String serial,
    @Nullable String vendor,
    @Nullable String wwnWithExtension,
    @Nullable String wwnVendorExtension,
    @Nullable String hctl,
    @Nullable String byPath,
    int logicalSector,
    int physicalSector,
    @Nullable String transport,
    @Nullable String otherSerial,
    boolean readOnly,
    @Nullable String label) {

  /** Its entry in the inventory. */
  public Map<String, @Nullable Object> toWire() {
    Map<String, @Nullable Object> wire = new LinkedHashMap<>();
    wire.put("name", name);
    wire.put("model", model == null ? "" : model);
    wire.put("size", size);
    wire.put("rotational", rotational);
    wire.put("wwn", wwn);
    wire.put("serial", serial);
    wire.put("vendor", vendor);
    wire.put("wwn_with_extension", wwnWithExtension);
    wire.put("wwn_vendor_extension", wwnVendorExtension);
    wire.put("hctl", hctl);
    wire.put("by_path", byPath);
    wire.put("logical_sectors", logicalSector);
    wire.put("physical_sectors", physicalSector);
    wire.put("tran", transport);
    return wire;
  }
}
