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

  /**
   * Creates it.
   *
   * @param exit ends the process soon, but not before the present answers are out
   */
  public ExitPower(IntConsumer exit) {
    this.exit = exit;
  }

  @Override
  public void sync() {
    // Each write to a file disk is flushed by the command that made it.
  }

  @Override
  public void off() {
    exit.accept(OFF);
  }

  @Override
  public void reboot() {
    exit.accept(REBOOT);
  }

  @Override
  public void isolate() {
    // The process machine has no network of its own to leave.
  }
}
