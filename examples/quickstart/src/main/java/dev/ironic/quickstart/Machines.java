package dev.ironic.quickstart;

import dev.ironic.lab.LabMachine;
import dev.ironic.lab.MachineBackend;
import dev.ironic.lab.MachineSpec;
import dev.ironic.lab.ProcessBackend;
import dev.ironic.lab.SampleImage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The two kinds of machine that the quickstart can use, with what each needs to be built first. */
final class Machines {

  private static final String MAC = "52:54:00:12:34:56";
  private static final long PROCESS_IMAGE = 384L << 20;
  private static final long PROCESS_DISK = 512L << 20;

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
  Options.MachineKind choose() {
    screen.line("Using a process as the machine: QEMU machines are not part of the lab yet");
    return Options.MachineKind.process;
  }

  /** Builds what is missing and puts up a machine. */
  Prepared prepare(Options.MachineKind kind) throws IOException {
    return switch (kind) {
      case process -> prepareProcess();
      case qemu ->
          throw new QuickstartException(
              "QEMU machines are not part of the lab yet; use --machine process");
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
