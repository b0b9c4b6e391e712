package dev.ironic.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether hardware virtualisation really works: many hosts have a {@code /dev/kvm} under
 * which no kernel ever says a word.
 */
public final class KvmProbe {

  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final String SIGN = "Linux version";

  private final Path device;

  /**
   * Creates a probe.
   *
   * @param device normally {@code /dev/kvm}
   */
  public KvmProbe(Path device) {
    this.device = device;
  }

  /**
   * Boots a kernel for up to 15 seconds. It never gets further than to look for its root.
   *
   * @param kernel any Linux kernel with a serial console
   * @param folder for the probe's output
   */
  public Accelerator choose(QemuHost host, Path kernel, Path folder)
      throws IOException, InterruptedException {
    if (!Files.isReadable(device) || !Files.isWritable(device)) {
      return Accelerator.TCG;
    }
    Path console = Files.createDirectories(folder).resolve("kvm-probe.log");
    Files.deleteIfExists(console);
    Process process =
        new ProcessBuilder(command(host, kernel, console))
            .directory(folder.toFile()) // under a useless KVM it may abort and leave its core
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      for (long left = LIMIT.toMillis(); left > 0; left -= LOOK.toMillis()) {
        boolean ended = process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (says(console)) {
          return Accelerator.KVM;
        }
        if (ended) {
          return Accelerator.TCG;
        }
      }
      return Accelerator.TCG;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static List<String> command(QemuHost host, Path kernel, Path console) {
    var command = new ArrayList<String>();
    command.add(host.program().toString());
    command.addAll(Accelerator.KVM.options());
    command.addAll(
        List.of("-machine", "q35", "-m", "256", "-nodefaults", "-display", "none", "-no-reboot"));
    command.addAll(List.of("-serial", "file:" + console, "-kernel", kernel.toString()));
    command.addAll(List.of("-append", "console=ttyS0,115200 panic=-1"));
    return command;
  }

  private static boolean says(Path console) throws IOException {
    return Files.exists(console)
        && Files.readString(console, StandardCharsets.ISO_8859_1).contains(SIGN);
  }
}
