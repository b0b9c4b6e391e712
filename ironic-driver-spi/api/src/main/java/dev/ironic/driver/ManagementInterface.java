package dev.ironic.driver;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Boot device, boot mode, sensors and the like. */
public interface ManagementInterface extends HardwareInterface {

  /** The devices that {@link #setBootDevice} accepts. */
  Set<BootDevice> supportedBootDevices(NodeTask task);

  /**
   * Chooses what the machine boots from.
   *
   * @param persistent false for the next boot only
   */
  void setBootDevice(NodeTask task, BootDevice device, boolean persistent);

  /** What the machine is set to boot from. */
  BootDevice.Selection bootDevice(NodeTask task);

  /** The boot modes that {@link #setBootMode} accepts. */
  default Set<BootMode> supportedBootModes(NodeTask task) {
    throw unsupported("boot modes");
  }

  /** Sets the boot mode and waits until it is in effect. */
  default void setBootMode(NodeTask task, BootMode mode) {
    throw unsupported("setting the boot mode");
  }

  /** The boot mode in effect, or null where the hardware does not tell. */
  default @Nullable BootMode bootMode(NodeTask task) {
    throw unsupported("reading the boot mode");
  }

  /** Whether secure boot is on, or null where the hardware's licence does not allow to know. */
  default @Nullable Boolean secureBoot(NodeTask task) {
    throw unsupported("reading the secure boot state");
  }

  /** Switches secure boot and waits until it is in effect. */
  default void setSecureBoot(NodeTask task, boolean enabled) {
    throw unsupported("setting the secure boot state");
  }

  /** {@code OK}, {@code Warning}, {@code Critical}, or null. */
  default @Nullable String health(NodeTask task) {
    throw unsupported("reading the health");
  }

  /** Sensor type to sensor id to its fields. */
  default Map<String, Map<String, Map<String, Object>>> sensors(NodeTask task) {
    throw unsupported("sensors");
  }

  /** Sends a non-maskable interrupt. */
  default void injectNmi(NodeTask task) {
    throw unsupported("injecting an NMI");
  }

  /**
   * The indicators of the machine.
   *
   * @param component only those of this component, or null for all
   * @return component to indicator id to {@code readonly} and {@code states}
   */
  default Map<String, Map<String, Map<String, Object>>> supportedIndicators(
      NodeTask task, @Nullable String component) {
    throw unsupported("indicators");
  }

  /** Sets an indicator to {@code on}, {@code off} or {@code blinking}. */
  default void setIndicator(NodeTask task, String component, String indicator, String state) {
    throw unsupported("indicators");
  }

  /** Reads an indicator: {@code on}, {@code off}, {@code blinking} or {@code unknown}. */
  default String indicator(NodeTask task, String component, String indicator) {
    throw unsupported("indicators");
  }

  /** The vendor's name as the hardware tells it. */
  default String detectVendor(NodeTask task) {
    throw unsupported("detecting the vendor");
  }

  /** The MAC addresses that the controller knows. */
  default List<String> macAddresses(NodeTask task) {
    throw unsupported("listing MAC addresses");
  }

  /** Virtual media: {@code media_types}, {@code inserted} and {@code image} of each device. */
  default List<Map<String, @Nullable Object>> virtualMedia(NodeTask task) {
    throw unsupported("virtual media");
  }

  /** Inserts an image into a virtual device. */
  default void attachVirtualMedia(NodeTask task, String deviceType, String imageUrl) {
    throw unsupported("virtual media");
  }

  /** Ejects virtual devices; an empty list means all. */
  default void detachVirtualMedia(NodeTask task, List<String> deviceTypes) {
    throw unsupported("virtual media");
  }

  private static DriverException unsupported(String what) {
    return DriverException.unsupported("This management interface does not support " + what + ".");
  }
}
