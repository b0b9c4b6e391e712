package dev.ironic.agent.system;

import java.util.function.IntConsumer;

/**
 * Power of a process machine: the process ends, its exit code says how. The real machine's power is
 * never touched.
 */
public final class ExitPower implements Power {

  /** Exit code for "powered off". */
  public static final int OFF = 0;

  /** Exit code for "start again". */
  public static final int REBOOT = 64;

  private final IntConsumer exit;
  private final Sync sync;

  /** Puts all written data onto the media. */
  @FunctionalInterface
  public interface Sync {
    /** Returns once that is done. */
    void run() throws Exception;
  }

  /**
   * Creates it.
   *
   * @param exit ends the process soon, but not before the present answers are out
   * @param sync how to flush the machine's disks; it comes before any end
   */
  public ExitPower(IntConsumer exit, Sync sync) {
    this.exit = exit;
    this.sync = sync;
  }

  @Override
  public void sync() throws Exception {
    sync.run();
  }

  @Override
  public void off() throws Exception {
    sync.run();
    exit.accept(OFF);
  }

  @Override
  public void reboot() throws Exception {
    sync.run();
    exit.accept(REBOOT);
  }

  @Override
  public void isolate() {
    // The process machine has no network of its own to leave.
  }
}
