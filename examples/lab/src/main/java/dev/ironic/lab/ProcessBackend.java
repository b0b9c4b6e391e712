package dev.ironic.lab;

import dev.ironic.core.image.IsoReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A machine without a machine: the deployment agent runs as a process of this host on a file that
 * is the disk. Needs nothing but a JDK. Booting the disk means to look at it as firmware and a
 * first boot would: a partition table, and the config drive's host name.
 */
public final class ProcessBackend implements MachineBackend {

  /** The agent's way to say that the machine is to go off. */
  private static final int OFF = 0;

  /** The agent's way to say that the machine is to restart. */
  private static final int REBOOT = 64;

  private static final int KILL_AFTER_SECONDS = 10;

  private final Path folder;
  private final MachineSpec spec;
  private final Path agentJar;
  private volatile @Nullable Process agent;
  private volatile boolean systemUp;
  private volatile boolean stopped;
  private volatile Supplier<BootSource> restart = BootSource.Disk::new;

  /**
   * Creates a machine with an empty disk.
   *
   * @param folder where it lives; made if missing
   * @param agentJar the runnable agent
   */
  public ProcessBackend(Path folder, MachineSpec spec, Path agentJar) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.spec = spec;
    this.agentJar = agentJar;
    if (!Files.exists(disk())) {
      try (var file = new java.io.RandomAccessFile(disk().toFile(), "rw")) {
        file.setLength(spec.diskBytes());
      }
    }
    Files.writeString(console(), "", StandardOpenOption.CREATE);
  }

  @Override
  public void start(BootSource boot, Supplier<BootSource> again) throws IOException {
    stopped = false;
    restart = again;
    boot(boot);
  }

  private void boot(BootSource source) throws IOException {
    switch (source) {
      case BootSource.Iso iso -> startAgent(iso.file());
      case BootSource.Disk disk -> bootDisk();
    }
  }

  @Override
  public void stop(boolean graceful) {
    stopped = true;
    systemUp = false;
    Process running = agent;
    if (running == null) {
      return;
    }
    if (graceful) {
      running.destroy();
      running
          .onExit()
          .completeOnTimeout(running, KILL_AFTER_SECONDS, TimeUnit.SECONDS)
          .thenAccept(Process::destroyForcibly);
    } else {
      running.destroyForcibly();
    }
  }

  @Override
  public boolean running() {
    Process process = agent;
    return systemUp || (process != null && process.isAlive());
  }

  @Override
  public Path console() {
    return folder.resolve("serial.log");
  }

  @Override
  public Path disk() {
    return folder.resolve("disk.img");
  }

  @Override
  public String kernelParameters() {
    return "ipa-listen-port=0 ipa-advertise-host=127.0.0.1";
  }

  private void startAgent(Path iso) throws IOException {
    Path parameters = folder.resolve("cmdline");
    Files.writeString(parameters, kernelParameters(iso));
    say("Booting " + iso.getFileName());
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx256m",
                    "-jar",
                    agentJar.toString(),
                    "--cmdline-file",
                    parameters.toString(),
                    "--disk",
                    disk().toString(),
                    "--mac",
                    spec.mac()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()))
            .start();
    agent = process;
    process.onExit().thenAccept(this::ended);
  }

  private void ended(Process process) {
    int status = process.exitValue();
    say("The agent ended with status " + status);
    if (stopped || status == OFF) {
      return;
    }
    if (status == REBOOT) {
      try {
        boot(restart.get());
      } catch (IOException e) {
        say("No bootable device: " + e.getMessage());
      }
    } else {
      // A ramdisk that crashes leaves the machine on.
      systemUp = true;
    }
  }

  private void bootDisk() {
    try {
      systemUp = true;
      say(DiskBoot.look(disk()));
    } catch (IOException e) {
      say("No bootable device: " + e.getMessage());
    }
  }

  private void say(String line) {
    try {
      Files.writeString(console(), line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The words after the kernel's name in the boot loader's configuration. */
  static String kernelParameters(Path iso) throws IOException {
    try (IsoReader reader = IsoReader.open(iso)) {
      return reader
          .readText("EFI/BOOT/grub.cfg")
          .orElse("")
          .lines()
          .map(String::strip)
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("linux"))
          .findFirst()
          .map(line -> line.replaceFirst("^\\S+\\s+\\S+\\s*", "").replace("'", ""))
          .orElseThrow(
              () -> new IOException("The medium has no EFI/BOOT/grub.cfg that starts a kernel"));
    }
  }
}
