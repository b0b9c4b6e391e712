package dev.ironic.driver.tck;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FakeBmc} knows of one machine: its boot override, its virtual devices and the like.
 * Thread-safe.
 */
public final class BmcMachine {

  /** What a virtual device holds. */
  static final class Device {
    final List<String> mediaTypes;
    @Nullable String image;

    Device(List<String> mediaTypes) {
      this.mediaTypes = mediaTypes;
    }
  }

  private final String id;
  private final MachineControl control;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Device> devices = new LinkedHashMap<>();
  private String overrideEnabled = "Disabled";
  private String overrideTarget = "None";
  private String mode = "UEFI";
  private @Nullable String httpBootUri;
  private boolean secureBoot;
  private String indicator = "Off";
  private long version = 1;

  BmcMachine(String id, MachineControl control) {
    this.id = id;
    this.control = control;
    devices.put("Cd", new Device(List.of("CD", "DVD")));
    devices.put("Floppy", new Device(List.of("Floppy", "USBStick")));
  }

  /** Its id in the collection of systems. */
  public String id() {
    return id;
  }

  /**
   * What the machine boots now; forgets an override for one boot. For machines that restart
   * themselves; the BMC does the same when it switches one on.
   */
  public BootSelection takeBootSelection() {
    lock.lock();
    try {
      var media = new LinkedHashMap<String, String>();
      devices.forEach(
          (name, device) -> {
            if (device.image != null) {
              media.put(name, device.image);
            }
          });
      boolean active = !overrideEnabled.equals("Disabled");
      var selection =
          new BootSelection(
              active ? overrideTarget : "None",
              mode,
              secureBoot,
              media,
              active ? httpBootUri : null);
      if (overrideEnabled.equals("Once")) {
        overrideEnabled = "Disabled";
        overrideTarget = "None";
        httpBootUri = null;
        version++;
      }
      return selection;
    } finally {
      lock.unlock();
    }
  }

  /** The image in a virtual device, or null. */
  public @Nullable String image(String device) {
    lock.lock();
    try {
      Device found = devices.get(device);
      return found == null ? null : found.image;
    } finally {
      lock.unlock();
    }
  }

  MachineControl control() {
    return control;
  }

  /** Does what a {@code ResetType} says. */
  void reset(String type) {
    lock.lock();
    try {
      version++;
      boolean on = control.power() == MachineControl.Power.ON;
      switch (type) {
        case "On", "ForceOn" -> start(!on);
        case "ForceOff" -> stop(on, false);
        case "GracefulShutdown", "PushPowerButton" -> stop(on, true);
        case "ForceRestart", "PowerCycle" -> {
          stop(on, false);
          start(true);
        }
        case "GracefulRestart" -> {
          stop(on, true);
          if (control.power() == MachineControl.Power.OFF) {
            start(true);
          } else {
            Thread.ofVirtual().name("bmc-restart-" + id).start(this::startOnceOff);
          }
        }
        case "Nmi" -> control.injectNmi();
        default -> throw new IllegalArgumentException("no reset type " + type);
      }
    } finally {
      lock.unlock();
    }
  }

  private void start(boolean needed) {
    if (needed) {
      control.powerOn(takeBootSelection());
    }
  }

  private void stop(boolean needed, boolean graceful) {
    if (needed) {
      control.powerOff(graceful);
    }
  }

  private void startOnceOff() {
    for (int tenths = 0; tenths < 3000; tenths++) {
      lock.lock();
      try {
        if (control.power() == MachineControl.Power.OFF) {
          start(true);
          return;
        }
      } finally {
        lock.unlock();
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Applies the properties of {@code Boot} that were given and checked. */
  void patchBoot(Map<?, ?> boot) {
    lock.lock();
    try {
      version++;
      if (boot.get("BootSourceOverrideTarget") instanceof String value) {
        overrideTarget = value;
        if (value.equals("None")) {
          overrideEnabled = "Disabled";
        }
      }
      if (boot.get("BootSourceOverrideEnabled") instanceof String value) {
        overrideEnabled = value;
      }
      if (boot.get("BootSourceOverrideMode") instanceof String value) {
        mode = value;
      }
      if (boot.containsKey("HttpBootUri")) {
        httpBootUri = boot.get("HttpBootUri") instanceof String value ? value : null;
      }
    } finally {
      lock.unlock();
    }
  }

  void patchSecureBoot(boolean enabled) {
    lock.lock();
    try {
      version++;
      secureBoot = enabled;
    } finally {
      lock.unlock();
    }
  }

  void patchIndicator(String state) {
    lock.lock();
    try {
      version++;
      indicator = state;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Inserts an image.
   *
   * @throws IOException when the machine cannot have it
   * @throws IllegalStateException when there is one already
   */
  void insert(String device, String url) throws IOException {
    lock.lock();
    try {
      Device found = device(device);
      if (found.image != null) {
        throw new IllegalStateException("device " + device + " already holds " + found.image);
      }
      control.mediaInserted(device, url);
      found.image = url;
      version++;
    } finally {
      lock.unlock();
    }
  }

  void eject(String device) {
    lock.lock();
    try {
      Device found = device(device);
      if (found.image != null) {
        found.image = null;
        version++;
        control.mediaEjected(device);
      }
    } finally {
      lock.unlock();
    }
  }

  Map<String, Device> devices() {
    return devices;
  }

  private Device device(String name) {
    Device found = devices.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no device " + name);
    }
    return found;
  }

  /** What ends up in {@code Boot}. */
  Map<String, Object> bootDocument() {
    lock.lock();
    try {
      var boot = new LinkedHashMap<String, Object>();
      boot.put("BootSourceOverrideEnabled", overrideEnabled);
      boot.put("BootSourceOverrideTarget", overrideTarget);
      boot.put("BootSourceOverrideMode", mode);
      if (httpBootUri != null) {
        boot.put("HttpBootUri", httpBootUri);
      }
      boot.put("BootSourceOverrideTarget@Redfish.AllowableValues", BmcSchema.BOOT_TARGETS);
      return boot;
    } finally {
      lock.unlock();
    }
  }

  boolean secureBoot() {
    return secureBoot;
  }

  String indicator() {
    return indicator;
  }

  long version() {
    return version;
  }
}
