package dev.ironic.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class LeftoversTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Leftovers leftovers =
      new Leftovers(
          new Screen(
              new PrintStream(printed, true, StandardCharsets.UTF_8), false, Clock.systemUTC()));
  private final List<String> closed = new ArrayList<>();

  @Test
  void theLastAddedGoesFirstAndEachGoesOnce() {
    leftovers.add(() -> closed.add("machine"));
    leftovers.add(() -> closed.add("services"));
    leftovers.close();
    leftovers.close();
    assertThat(closed).containsExactly("services", "machine");
  }

  @Test
  void whatComesTooLateIsClosedAtOnce() {
    leftovers.close();
    leftovers.add(() -> closed.add("late"));
    assertThat(closed).containsExactly("late");
  }

  @Test
  void aFailureIsToldAndTheRestStillGoes() {
    leftovers.add(() -> closed.add("machine"));
    leftovers.add(
        () -> {
          throw new IOException("disk full");
        });
    leftovers.close();
    assertThat(closed).containsExactly("machine");
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("disk full");
  }

  @Test
  void aProcessGoesWithThoseItStarted()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Process shell =
        new ProcessBuilder("sh", "-c", "sleep 300 & echo started; wait")
            .redirectErrorStream(true)
            .start();
    leftovers.add(shell);
    assertThat(shell.inputReader().readLine()).isEqualTo("started");
    List<ProcessHandle> children = shell.descendants().toList();
    assertThat(children).hasSize(1);
    leftovers.close();
    assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
    children.getFirst().onExit().get(10, TimeUnit.SECONDS);
    assertThat(children.getFirst().isAlive()).isFalse();
  }
}
