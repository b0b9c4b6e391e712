package dev.ironic.driver;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a machine boots from. */
public enum BootDevice {
  PXE,
  DISK,
  CDROM,
  BIOS,
  SAFE,
  WANBOOT,
  UEFIHTTP,
  FLOPPY;

  /** The name on the wire: {@code pxe}, {@code disk}, ... */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds a device by its name on the wire. */
  public static Optional<BootDevice> ofWireName(String name) {
    return Arrays.stream(values()).filter(device -> device.wireName().equals(name)).findFirst();
  }

  /**
   * What a machine is set to boot from.
   *
   * @param device null where the hardware does not tell
   * @param persistent false for the next boot only; null where the hardware does not tell
   */
  public record Selection(@Nullable BootDevice device, @Nullable Boolean persistent) {}
}
