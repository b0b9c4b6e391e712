package dev.ironic.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A machine in QEMU with UEFI firmware, one disk, one network card, a CD drive and a serial
 * console. Needs no root; no device of the host is in it. Every boot is a process of its own, so
 * that a restart boots what the BMC says by then.
 */
public final class QemuBackend implements MachineBackend {

  private static final Logger LOG = LoggerFactory.getLogger(QemuBackend.class);
  private static final int END_SECONDS = 10;

  private final QemuHost host;
  private final Accelerator accelerator;
  private final MachineSpec spec;
  private final QemuFiles files;
  private volatile @Nullable PowerCycle cycle;

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
  public void start(BootSource boot, Supplier<BootSource> restart) throws IOException {
    PowerCycle before = cycle;
    if (before != null) {
      before.awaitEnd();
    }
    var next = new PowerCycle(restart, boot);
    cycle = next;
    Thread.ofVirtual().name("qemu " + spec.name()).start(next::follow);
  }

  @Override
  public void stop(boolean graceful) {
    PowerCycle present = cycle;
    if (present == null) {
      return;
    }
    if (graceful) {
      present.pressPowerButton();
    } else {
      present.cut();
    }
  }

  @Override
  public boolean running() {
    PowerCycle present = cycle;
    return present != null && !present.ended();
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

  /** A boot: the process and the line to it. */
  private record Boot(Process process, QemuMonitor monitor) {}

  private Boot boot(BootSource source) throws IOException {
    Process process =
        new ProcessBuilder(QemuCommand.of(host, accelerator, spec, files, source))
            .redirectError(ProcessBuilder.Redirect.to(files.errors().toFile()))
            .start();
    return new Boot(process, QemuMonitor.open(process));
  }

  /** From power-on to power-off, with all restarts in between. */
  private final class PowerCycle {

    private final Supplier<BootSource> restart;
    private final CountDownLatch over = new CountDownLatch(1);
    private Boot present;
    private boolean cut;

    PowerCycle(Supplier<BootSource> restart, BootSource first) throws IOException {
      this.restart = restart;
      present = boot(first);
    }

    synchronized void pressPowerButton() {
      try {
        present.monitor.execute("system_powerdown");
      } catch (IOException e) {
        LOG.info("Machine {} was off already: {}", spec.name(), e.getMessage());
      }
    }

    synchronized void cut() {
      cut = true;
      present.process.destroyForcibly();
    }

    boolean ended() {
      return over.getCount() == 0;
    }

    /** The disk is held until then. */
    void awaitEnd() throws IOException {
      try {
        if (!over.await(END_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException("Machine %s is still on".formatted(spec.name()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted", e);
      }
    }

    void follow() {
      Boot boot = present();
      try {
        for (Boot next = boot; next != null; next = following(boot)) {
          boot = next;
          boot.monitor.read();
          report(boot.process.waitFor());
        }
      } catch (IOException e) {
        LOG.error("Lost sight of machine {}", spec.name(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        present().process.destroyForcibly();
        over.countDown();
      }
    }

    private synchronized Boot present() {
      return present;
    }

    /** The boot after a restart; null when the machine has gone off. */
    private @Nullable Boot following(Boot last) throws IOException {
      if (!last.monitor.restarts()) {
        return null;
      }
      // Asked without the lock: the BMC holds its own while it cuts the power.
      BootSource source = restart.get();
      synchronized (this) {
        if (cut) {
          return null;
        }
        present = boot(source);
        return present;
      }
    }

    private synchronized void report(int status) throws IOException {
      if (status != 0 && !cut) {
        LOG.error(
            "QEMU of machine {} ended with status {}: {}",
            spec.name(),
            status,
            Files.readString(files.errors(), StandardCharsets.ISO_8859_1).strip());
      }
    }
  }
}
