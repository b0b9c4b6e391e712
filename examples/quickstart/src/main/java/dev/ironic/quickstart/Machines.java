package dev.ironic.quickstart;

import dev.ironic.lab.LabMachine;
import dev.ironic.lab.MachineBackend;
import dev.ironic.lab.MachineSpec;
import dev.ironic.lab.ProcessBackend;
import dev.ironic.lab.QemuBackend;
import dev.ironic.lab.QemuProbe;
import dev.ironic.lab.SampleImage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The two kinds of machine that the quickstart can use, with what each needs to be built first. */
final class Machines {

  private static final String MAC = "52:54:00:12:34:56";
  private static final long PROCESS_IMAGE = 96L << 20;
  private static final long PROCESS_DISK = 256L << 20;
  private static final long QEMU_DISK = 4L << 30;
  private static final int QEMU_MEMORY_MIB = 1024;

  private final Path root;
  private final Path state;
  private final Screen screen;

  Machines(Path root, Path state, Screen screen) {
    this.root = root;
    this.state = state;
    this.screen = screen;
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
    Optional<String> reason = QemuProbe.check();
    if (reason.isPresent()) {
      screen.line("Using a process as the machine, since QEMU cannot be used: " + reason.get());
      return Options.MachineKind.process;
    }
    if (!isRoot()) {
      screen.line("Using a process as the machine: building a ramdisk for QEMU needs root");
      return Options.MachineKind.process;
    }
    screen.line("Using QEMU as the machine; --machine process is quicker and needs no root");
    return Options.MachineKind.qemu;
  }

  /** Builds what is missing and puts up a machine. */
  Prepared prepare(Options.MachineKind kind) throws IOException {
    return switch (kind) {
      case process -> prepareProcess();
      case qemu -> prepareQemu();
    };
  }

  private Prepared prepareProcess() throws IOException {
    Path agent = root.resolve("ironic-agent/target/ironic-agent.jar");
    Path image = state.resolve("sample.img");
    SampleImage.write(image, PROCESS_IMAGE, 42);
    // Nothing boots them: the agent is a process and only reads the kernel's parameters.
    Path nothing = Files.writeString(state.resolve("nothing"), "not used by process machines\n");
    var spec = new MachineSpec("lab-1", MAC, 0, 0, PROCESS_DISK, 256);
    Path folder = state.resolve("machine");
    return prepared(folder, spec, new ProcessBackend(folder, spec, agent), image, nothing, nothing,
        nothing);
  }

  private Prepared prepareQemu() throws IOException {
    Optional<String> reason = QemuProbe.check();
    if (reason.isPresent()) {
      throw new QuickstartException("QEMU cannot be used: " + reason.get());
    }
    Path out = root.resolve("ramdisk/out");
    build("deployment ramdisk", root.resolve("ramdisk/build"), out);
    build("operating system image", root.resolve("ramdisk/build-os-image"), out);
    var spec = new MachineSpec("lab-1", MAC, freePort(), freePort(), QEMU_DISK, QEMU_MEMORY_MIB);
    Path folder = state.resolve("machine");
    return prepared(
        folder,
        spec,
        new QemuBackend(folder, spec),
        out.resolve("os.img"),
        out.resolve("vmlinuz"),
        out.resolve("initramfs.zst"),
        out.resolve("esp.img"));
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

  private void build(String what, Path script, Path out) throws IOException {
    screen.line("Building the " + what + " (only the first time takes minutes)");
    Path log = state.resolve(script.getFileName() + ".log");
    try {
      int status =
          new ProcessBuilder(script.toString(), "--out", out.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor();
      if (status != 0) {
        throw new QuickstartException(
            "The %s could not be built (status %d):%n%s"
                .formatted(what, status, Child.tail(log)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuickstartException("Interrupted");
    }
    Child.lastLine(log).ifPresent(screen::line);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
