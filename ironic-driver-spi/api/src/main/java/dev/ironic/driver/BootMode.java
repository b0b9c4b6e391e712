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
}
