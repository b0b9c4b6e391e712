package dev.ironic.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A machine in QEMU with UEFI firmware, one disk, one network card, a CD drive and a serial
 * console. Needs no root; no device of the host is in it. It lives as one process per power cycle.
 */
public final class QemuBackend implements MachineBackend {

  private static final Logger LOG = LoggerFactory.getLogger(QemuBackend.class);
  private static final int END_SECONDS = 10;

  private final QemuHost host;
  private final Accelerator accelerator;
  private final MachineSpec spec;
  private final QemuFiles files;
  private volatile @Nullable Machine machine;
  private volatile boolean stopped;

  /** A power cycle: the process and the line to it. */
  private record Machine(Process process, QemuMonitor monitor) {}

  /**
   * Creates a machine with an empty disk, or finds the one that was there.
   *
   * @param folder where it lives; made if missing
   */
  public QemuBackend(Path folder, QemuHost host, Accelerator accelerator, MachineSpec spec)
      throws IOException {
    this.host = host;
    this.accelerator = accelerator;
    this.spec = spec;
    this.files = QemuFiles.prepare(folder, host, spec.diskBytes());
  }

  @Override
  public void start(BootSource boot) throws IOException {
    stopped = false;
    launch(boot);
  }

  @Override
  public void stop(boolean graceful) {
    Machine running = machine;
    if (running == null) {
      return;
    }
    stopped = true;
    if (!graceful) {
      running.process.destroyForcibly();
      return;
    }
    try {
      running.monitor.execute("system_powerdown");
    } catch (IOException e) {
      LOG.info("Machine {} was off already: {}", spec.name(), e.getMessage());
    }
  }

  @Override
  public boolean running() {
    Machine present = machine;
    return present != null && present.process.isAlive();
  }

  @Override
  public Path console() {
    return files.console();
  }

  @Override
  public Path disk() {
    return files.disk();
  }

  @Override
  public String hostAddress() {
    return QemuCommand.HOST_ADDRESS;
  }

  @Override
  public String kernelParameters() {
    return "ipa-advertise-host=127.0.0.1 ipa-advertise-port=" + spec.agentPort();
  }

  private void launch(BootSource boot) throws IOException {
    awaitEnd();
    Process process =
        new ProcessBuilder(QemuCommand.of(host, accelerator, spec, files, boot))
            .redirectError(ProcessBuilder.Redirect.to(files.errors().toFile()))
            .start();
    var started = new Machine(process, new QemuMonitor(process));
    machine = started;
    Thread.ofVirtual().name("qemu " + spec.name()).start(() -> watch(started));
  }

  /** A power cycle holds the disk until its process is gone. */
  private void awaitEnd() throws IOException {
    Machine before = machine;
    if (before == null) {
      return;
    }
    try {
      before.process.onExit().get(END_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      throw new IOException("Machine %s is still on".formatted(spec.name()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }

  private void watch(Machine running) {
    try {
      running.monitor.read();
      int status = running.process.waitFor();
      if (running.monitor.restarts() && !stopped) {
        launch(new BootSource.Disk());
      } else if (status != 0 && !stopped) {
        LOG.error(
            "QEMU of machine {} ended with status {}: {}",
            spec.name(),
            status,
            Files.readString(files.errors(), StandardCharsets.ISO_8859_1).strip());
      }
    } catch (IOException e) {
      LOG.error("Lost sight of machine {}", spec.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
