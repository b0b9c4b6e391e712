package dev.ironic.driver;

import java.net.URI;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the conductor does with images on behalf of drivers. Thread-safe; methods block. Failures
 * are {@link DriverException}s that name the image and the cause.
 */
public interface ImageService {

  /**
   * Builds a boot medium for the deployment ramdisk with the node's parameters, and publishes it.
   *
   * @param kernelParameters name to value; a null value is a bare flag
   * @return where a BMC can fetch it
   */
  URI publishBootIso(NodeTask task, Map<String, @Nullable String> kernelParameters);

  /** Removes the node's boot medium; does nothing where there is none. */
  void unpublishBootIso(NodeTask task);

  /**
   * Makes an image that an operator wants in a virtual device available to the node's BMC.
   *
   * @param deviceType {@code cdrom}, {@code disk} or {@code floppy}
   * @param imageUrl an address with the scheme http, https or file
   * @param downloadSource {@code local} to fetch and publish the image; {@code http} to let the BMC
   *     fetch a web address itself
   * @return where the BMC can fetch it
   */
  URI publishMedium(NodeTask task, String deviceType, String imageUrl, String downloadSource);

  /**
   * Removes what {@link #publishMedium} published; does nothing where there is nothing.
   *
   * @param deviceTypes the devices; empty for all
   */
  void unpublishMedia(NodeTask task, Collection<String> deviceTypes);

  /**
   * Makes the instance's image available to the agent: passes an HTTP source through, or caches,
   * checks and publishes it.
   *
   * @return what the agent needs, in the form of its {@code image_info}: {@code id}, {@code urls},
   *     {@code disk_format}, {@code os_hash_algo}, {@code os_hash_value}, {@code checksum}, ...
   */
  Map<String, @Nullable Object> prepareInstanceImage(NodeTask task);

  /** Removes what {@link #prepareInstanceImage} published; does nothing where there is nothing. */
  void cleanUpInstanceImage(NodeTask task);

  /** Checks the instance's image settings, without network access. */
  void validateInstanceImage(NodeTask task);

  /**
   * The instance's config drive as base64 of a gzip-compressed ISO 9660 image, or a URL.
   *
   * @return null where the instance has none
   */
  @Nullable String configDrive(NodeTask task);

  /** The files that machines load over the network by themselves. */
  default BootFiles bootFiles(BootFiles.Service service) {
    throw DriverException.unsupported("This conductor has no boot files");
  }

  /** What a ramdisk is booted for; the settings of the two differ. */
  enum RamdiskUse {
    DEPLOY,
    RESCUE
  }

  /**
   * A ramdisk to boot.
   *
   * @param kernel the address of its kernel
   * @param initramfs the address of its initial file system
   */
  record Ramdisk(String kernel, String initramfs) {}

  /**
   * The ramdisk of a node: its own, that of its architecture, or that of all.
   *
   * @throws DriverException when there is none; it tells which settings are missing
   */
  default Ramdisk ramdisk(NodeInfo node, RamdiskUse use) {
    throw DriverException.unsupported("This conductor has no ramdisk");
  }
}
