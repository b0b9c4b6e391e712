package dev.ironic.lab;

import dev.ironic.driver.tck.BmcMachine;
import dev.ironic.driver.tck.BootSelection;
import dev.ironic.driver.tck.FakeBmc;
import dev.ironic.driver.tck.MachineControl;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A machine with a Redfish BMC. Closing it switches it off and stops its BMC. Thread-safe. */
public final class LabMachine implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LabMachine.class);
  private static final String USER = "admin";
  private static final String PASSWORD = "lab-secret";

  private final MachineSpec spec;
  private final MachineBackend backend;
  private final FakeBmc bmc;
  private final BmcMachine system;
  private volatile boolean closed;

  private LabMachine(Path folder, MachineSpec spec, MachineBackend backend) {
    this.spec = spec;
    this.backend = backend;
    bmc = FakeBmc.builder().credentials(USER, PASSWORD).start();
    system = bmc.add(spec.name(), new Control(folder));
  }

  /**
   * Puts a BMC before a machine.
   *
   * @param folder where media are kept that are inserted
   */
  public static LabMachine start(Path folder, MachineSpec spec, MachineBackend backend)
      throws IOException {
    return new LabMachine(Files.createDirectories(folder), spec, backend);
  }

  /** Its BMC, to look at what it was asked and to give it faults. */
  public FakeBmc bmc() {
    return bmc;
  }

  /** What makes it run. */
  public MachineBackend backend() {
    return backend;
  }

  /** The addresses of its network cards. */
  public List<String> macs() {
    return List.of(spec.mac());
  }

  /**
   * The {@code driver_info} to enrol it with, but for the images of the ramdisk.
   *
   * @param apiPort port of this host at which the API is served
   */
  public Map<String, Object> driverInfo(int apiPort) {
    var info = new LinkedHashMap<String, Object>();
    info.put("redfish_address", bmc.uri().toString());
    info.put("redfish_username", USER);
    info.put("redfish_password", PASSWORD);
    info.put("redfish_system_id", "/redfish/v1/Systems/" + spec.name());
    info.put("redfish_verify_ca", false);
    info.put(
        "kernel_append_params",
        "ipa-api-url=http://%s:%d ipa-insecure=1 %s"
            .formatted(backend.hostAddress(), apiPort, backend.kernelParameters()));
    return info;
  }

  @Override
  public void close() {
    closed = true;
    backend.stop(false);
    bmc.close();
  }

  /** The wires between the BMC and the machine. */
  private final class Control implements MachineControl {

    private final Path folder;
    private final Map<String, Path> media = new ConcurrentHashMap<>();
    private volatile boolean starting;

    Control(Path folder) {
      this.folder = folder;
    }

    @Override
    public Power power() {
      return backend.running() ? Power.ON : starting ? Power.POWERING_ON : Power.OFF;
    }

    @Override
    public void powerOn(BootSelection boot) {
      BootSource source = source(boot);
      starting = true;
      Thread.ofVirtual()
          .name("power on " + spec.name())
          .start(
              () -> {
                try {
                  // A restart is a boot like any other: an override for one boot is over by then.
                  backend.start(source, () -> source(system.takeBootSelection()));
                  if (closed) {
                    backend.stop(false);
                  }
                } catch (IOException e) {
                  log.error("Machine {} cannot start", spec.name(), e);
                } finally {
                  starting = false;
                }
              });
    }

    private BootSource source(BootSelection boot) {
      Path cd = media.get("Cd");
      return boot.target().equals("Cd") && cd != null
          ? new BootSource.Iso(cd)
          : new BootSource.Disk();
    }

    @Override
    public void powerOff(boolean graceful) {
      backend.stop(graceful);
    }

    @Override
    public void mediaInserted(String device, String imageUrl) throws IOException {
      // A service may advertise the address that machines know this host by.
      URI url = URI.create(imageUrl.replace("//" + backend.hostAddress(), "//127.0.0.1"));
      Path file = folder.resolve(device + ".iso");
      try (InputStream in = url.toURL().openStream()) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      media.put(device, file);
    }

    @Override
    public void mediaEjected(String device) {
      media.remove(device);
    }

    @Override
    public List<String> macAddresses() {
      return macs();
    }
  }
}
