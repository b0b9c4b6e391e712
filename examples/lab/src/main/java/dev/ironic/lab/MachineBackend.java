package dev.ironic.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What makes a machine run, behind its BMC. Methods are called by one thread at a time, except
 * {@link #running}.
 */
public interface MachineBackend {

  /**
   * Switches on; only called while it does not run.
   *
   * @param boot what it boots now
   * @param restart what it boots when it restarts itself; asked at each such restart, by any thread
   */
  void start(BootSource boot, Supplier<BootSource> restart) throws IOException;

  /**
   * Switches off, without waiting until it is off.
   *
   * @param graceful true to ask the system in it
   */
  void stop(boolean graceful);

  /** Whether it is on; it is all through a restart of its own. It may go off by itself. */
  boolean running();

  /** What it writes to its serial console over its whole life. */
  Path console();

  /** Its disk. */
  Path disk();

  /** Under which address the machine reaches this host. */
  default String hostAddress() {
    return "127.0.0.1";
  }

  /** Kernel parameters that the deployment ramdisk needs to work in this kind of machine. */
  String kernelParameters();
}
