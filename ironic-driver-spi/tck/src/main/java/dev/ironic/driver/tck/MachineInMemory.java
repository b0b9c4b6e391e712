package dev.ironic.driver.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A machine that is only a state, for tests. Thread-safe. */
public final class MachineInMemory implements MachineControl {

  private volatile Power power = Power.OFF;
  private final List<BootSelection> boots = new CopyOnWriteArrayList<>();
  private final List<String> macAddresses;
  private volatile boolean ignoresGracefulShutdown;
  private final AtomicInteger nmis = new AtomicInteger();

  /** Creates a machine without network cards, switched off. */
  public MachineInMemory() {
    this(List.of());
  }

  /** Creates a machine that is switched off. */
  public MachineInMemory(List<String> macAddresses) {
    this.macAddresses = List.copyOf(macAddresses);
  }

  @Override
  public Power power() {
    return power;
  }

  @Override
  public void powerOn(BootSelection boot) {
    boots.add(boot);
    power = Power.ON;
  }

  @Override
  public void powerOff(boolean graceful) {
    if (!graceful || !ignoresGracefulShutdown) {
      power = Power.OFF;
    }
  }

  @Override
  public void injectNmi() {
    nmis.incrementAndGet();
  }

  @Override
  public List<String> macAddresses() {
    return macAddresses;
  }

  /** Changes power as the machine itself would, behind the BMC's back. */
  public void becomes(Power state) {
    power = state;
  }

  /** Makes the operating system deaf to requests to shut down. */
  public void ignoreGracefulShutdown() {
    ignoresGracefulShutdown = true;
  }

  /** What it was started with so far, oldest first. */
  public List<BootSelection> boots() {
    return new ArrayList<>(boots);
  }

  /** What it was started with last, or null. */
  public @Nullable BootSelection lastBoot() {
    return boots.isEmpty() ? null : boots.getLast();
  }

  /** How many non-maskable interrupts it received. */
  public int nmis() {
    return nmis.get();
  }
}
