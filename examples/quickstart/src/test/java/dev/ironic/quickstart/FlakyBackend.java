package dev.ironic.quickstart;

import dev.ironic.lab.BootSource;
import dev.ironic.lab.MachineBackend;
import java.io.IOException;
import java.nio.file.Path;

/** A machine that can be made to switch on and then do nothing, as with a cable pulled out. */
final class FlakyBackend implements MachineBackend {

  private final MachineBackend machine;
  private volatile boolean dumb;
  private volatile boolean onButDumb;

  FlakyBackend(MachineBackend machine) {
    this.machine = machine;
  }

  /** Whether nothing is booted when it is switched on. */
  void dumb(boolean value) {
    dumb = value;
  }

  @Override
  public void start(BootSource boot) throws IOException {
    if (dumb) {
      onButDumb = true;
    } else {
      machine.start(boot);
    }
  }

  @Override
  public void stop(boolean graceful) {
    onButDumb = false;
    machine.stop(graceful);
  }

  @Override
  public boolean running() {
    return onButDumb || machine.running();
  }

  @Override
  public Path console() {
    return machine.console();
  }

  @Override
  public Path disk() {
    return machine.disk();
  }

  @Override
  public String kernelParameters() {
    return machine.kernelParameters();
  }
}
