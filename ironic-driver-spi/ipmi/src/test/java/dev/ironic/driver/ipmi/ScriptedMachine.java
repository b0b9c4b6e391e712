package dev.ironic.driver.ipmi;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Answers in place of the program for a machine with power. Thread-safe. */
final class ScriptedMachine implements CommandRunner {

  volatile boolean on;
  private final CountDownLatch hung = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile @Nullable String hanging;

  /** From now on the program hangs with this BMC. */
  void hangs(String address) {
    hanging = address;
  }

  void awaitHung() {
    await(hung);
  }

  void release() {
    released.countDown();
  }

  @Override
  public Output run(List<String> command, Map<String, String> environment, @Nullable Duration limit)
      throws IOException {
    if (command.getLast().equals("-h")) {
      return new Output(0, "usage", "");
    }
    if (hanging != null && command.contains(hanging)) {
      hung.countDown();
      await(released);
    }
    switch (command.getLast()) {
      case "on", "reset" -> on = true;
      case "off", "soft" -> on = false;
      case "status" -> {
        return new Output(0, "Chassis Power is %s\n".formatted(on ? "on" : "off"), "");
      }
      default -> throw new IOException("Not scripted: " + command);
    }
    return new Output(0, "", "");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while hanging", e);
    }
  }
}
