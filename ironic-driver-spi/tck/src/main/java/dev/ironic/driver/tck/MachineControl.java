package dev.ironic.driver.tck;

import java.io.IOException;
import java.util.List;

/**
 * The machine behind a {@link FakeBmc}. Methods are called by the BMC's threads, for one machine
 * one at a time (except {@link #power}), and return soon: what takes longer goes on in the
 * background and shows in {@link #power}.
 */
public interface MachineControl {

  /** Power as the BMC shows it. */
  enum Power {
    ON("On"),
    OFF("Off"),
    POWERING_ON("PoweringOn"),
    POWERING_OFF("PoweringOff");

    private final String redfishName;

    Power(String redfishName) {
      this.redfishName = redfishName;
    }

    /** The value of {@code PowerState}. */
    public String redfishName() {
      return redfishName;
    }
  }

  /** The present state; any thread. */
  Power power();

  /** Switches on; only called while it is off. */
  void powerOn(BootSelection boot);

  /**
   * Switches off; only called while it is on.
   *
   * @param graceful true to ask the operating system, which may take a while or never do it
   */
  void powerOff(boolean graceful);

  /** Receives a non-maskable interrupt. */
  default void injectNmi() {}

  /**
   * An image was inserted into a virtual device. The BMC has not fetched it.
   *
   * @throws IOException when the image cannot be had; the caller of the BMC gets the message
   */
  default void mediaInserted(String device, String imageUrl) throws IOException {}

  /** A virtual device was emptied. */
  default void mediaEjected(String device) {}

  /** The addresses of the machine's network cards. */
  default List<String> macAddresses() {
    return List.of();
  }
}
