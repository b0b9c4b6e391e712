package dev.ironic.driver;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a machine's firmware boots. */
public enum BootMode {
  BIOS,
  UEFI;

  /** The name on the wire: {@code bios} or {@code uefi}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds a mode by its name on the wire. */
  public static Optional<BootMode> ofWireName(String name) {
    return Arrays.stream(values()).filter(mode -> mode.wireName().equals(name)).findFirst();
  }

  /**
   * The mode that a node's deployment asks for: by secure boot, by the instance, by the node's
   * properties, or by an earlier choice of the conductor.
   *
   * @return empty where nobody asks for one
   * @throws DriverException when instance and node contradict each other, or name no mode
   */
  public static Optional<BootMode> wantedBy(NodeInfo node) {
    Optional<String> ofProperties = Capabilities.of(node.properties()).get("boot_mode");
    Optional<String> ofInstance =
        Capabilities.of(node.instanceInfo())
            .get("boot_mode")
            .or(
                () ->
                    Optional.ofNullable(node.instanceInfo().get("deploy_boot_mode"))
                        .map(Object::toString));
    if (secureBootWantedBy(node)) {
      return Optional.of(UEFI);
    }
    if (ofInstance.isPresent()
        && ofProperties.isPresent()
        && !ofInstance.get().equals(ofProperties.get())) {
      throw DriverException.invalid(
          "The instance asks for boot mode %s, but the node's properties say %s"
              .formatted(ofInstance.get(), ofProperties.get()));
    }
    return ofInstance
        .or(() -> ofProperties)
        .or(() -> node.internalText("deploy_boot_mode"))
        .map(
            text ->
                ofWireName(text)
                    .orElseThrow(
                        () ->
                            DriverException.invalid(
                                "The boot mode '%s' must be bios or uefi".formatted(text))));
  }

  /** Whether a node's instance asks for secure boot. */
  public static boolean secureBootWantedBy(NodeInfo node) {
    return Capabilities.of(node.instanceInfo())
        .get("secure_boot")
        .filter("true"::equalsIgnoreCase)
        .isPresent();
  }
}
