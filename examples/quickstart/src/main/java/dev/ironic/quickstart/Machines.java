package dev.ironic.quickstart;

import dev.ironic.lab.Accelerator;
import dev.ironic.lab.KvmProbe;
import dev.ironic.lab.LabMachine;
import dev.ironic.lab.MachineBackend;
import dev.ironic.lab.MachineSpec;
import dev.ironic.lab.ProcessBackend;
import dev.ironic.lab.QemuBackend;
import dev.ironic.lab.QemuHost;
import dev.ironic.lab.SampleImage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The two kinds of machine that the quickstart can use, with what each needs to be built first. */
final class Machines {

  private static final String MAC = "52:54:00:12:34:56";
  // The agent takes no disk under 4 GiB for its root. The file has holes.
  private static final long QEMU_DISK = 5L << 30;
  private static final int QEMU_MEMORY = 1024;
  private static final long PROCESS_IMAGE = 384L << 20;
  private static final long PROCESS_DISK = 512L << 20;

  private final Path root;
  private final Path state;
  private final Screen screen;
  private final Leftovers leftovers;

  Machines(Path root, Path state, Screen screen, Leftovers leftovers) {
    this.root = root;
    this.state = state;
    this.screen = screen;
    this.leftovers = leftovers;
  }

  /**
   * A machine with all that is needed to enrol and deploy it.
   *
   * @param machine the machine
   * @param image the image to deploy
   * @param ramdisk {@code driver_info} entries for the deployment ramdisk
   */
  record Prepared(LabMachine machine, Path image, Map<String, String> ramdisk) {}

  /** Chooses the best kind that works here, and says why. */
  Options.MachineKind choose() throws IOException {
    Optional<String> obstacle = obstacle();
    screen.line(
        obstacle
            .map(why -> "Using a process as the machine: " + why)
            .orElse("Using a QEMU machine, because this host can run one"));
    return obstacle.isPresent() ? Options.MachineKind.process : Options.MachineKind.qemu;
  }

  /** Why no QEMU machine can run here; empty when one can. */
  private Optional<String> obstacle() throws IOException {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      return Optional.of("QEMU machines need Linux on amd64, and this is " + system);
    }
    try {
      install();
      return Optional.empty();
    } catch (QuickstartException e) {
      return Optional.of("a QEMU machine needs more than is here. " + e.getMessage());
    }
  }

  /** Installs what QEMU machines need of the host, or says what that would be. */
  private void install() throws IOException {
    var missing = new ArrayList<>(QemuHost.missing(path()));
    missing.addAll(new RamdiskBuild(root, screen, leftovers).missing());
    new DebianPackages(state.resolve("apt.log"), screen, leftovers).install(missing);
  }

  private static String path() {
    return Objects.requireNonNullElse(System.getenv("PATH"), "");
  }

  /** Builds what is missing and puts up a machine. */
  Prepared prepare(Options.MachineKind kind) throws IOException {
    return switch (kind) {
      case process -> prepareProcess();
      case qemu -> prepareQemu();
    };
  }

  private Prepared prepareQemu() throws IOException {
    install();
    QemuHost host =
        QemuHost.find(path())
            .orElseThrow(
                () ->
                    new QuickstartException(
                        "QEMU or its UEFI firmware is not where Debian puts it"));
    var build = new RamdiskBuild(root, screen, leftovers);
    build.run();
    Path kernel = build.result("vmlinuz");
    Path folder = state.resolve("machine");
    Accelerator accelerator = accelerator(host, kernel, folder);
    var spec = new MachineSpec("lab-1", MAC, freePort(), freePort(), QEMU_DISK, QEMU_MEMORY);
    return prepared(
        folder,
        spec,
        new QemuBackend(folder, host, accelerator, spec),
        build.result("os.img"),
        kernel,
        build.result("initramfs.zst"),
        build.result("esp.img"));
  }

  private Accelerator accelerator(QemuHost host, Path kernel, Path folder) throws IOException {
    try {
      Accelerator found =
          new KvmProbe(Path.of("/dev/kvm")).choose(host, kernel, Files.createDirectories(folder));
      screen.line(
          switch (found) {
            case KVM -> "QEMU uses KVM: a kernel booted under it";
            case TCG -> "QEMU translates (TCG): no kernel boots under KVM here";
          });
      return found;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuickstartException("Interrupted");
    }
  }

  private Prepared prepareProcess() throws IOException {
    Path agent = root.resolve("ironic-agent/target/ironic-agent.jar");
    Path image = state.resolve("sample.img");
    SampleImage.write(image, PROCESS_IMAGE, 42);
    // Nothing boots them: the agent is a process and only reads the kernel's parameters.
    Path nothing = Files.writeString(state.resolve("nothing"), "not used by process machines\n");
    var spec = new MachineSpec("lab-1", MAC, 0, 0, PROCESS_DISK, 256);
    Path folder = state.resolve("machine");
    return prepared(
        folder, spec, new ProcessBackend(folder, spec, agent), image, nothing, nothing, nothing);
  }

  private static Prepared prepared(
      Path folder,
      MachineSpec spec,
      MachineBackend backend,
      Path image,
      Path kernel,
      Path ramdisk,
      Path bootloader)
      throws IOException {
    var files = new LinkedHashMap<String, String>();
    files.put("deploy_kernel", "file://" + kernel.toAbsolutePath());
    files.put("deploy_ramdisk", "file://" + ramdisk.toAbsolutePath());
    files.put("bootloader", "file://" + bootloader.toAbsolutePath());
    return new Prepared(LabMachine.start(folder, spec, backend), image, files);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
