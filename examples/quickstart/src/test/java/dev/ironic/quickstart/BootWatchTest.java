package dev.ironic.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.lab.BootSource;
import dev.ironic.lab.MachineBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootWatchTest {

  @TempDir private Path folder = Path.of("");

  private boolean on;
  private Duration now = Duration.ZERO;

  private final class Machine implements MachineBackend {
    @Override
    public void start(BootSource boot, Supplier<BootSource> restart) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void stop(boolean graceful) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean running() {
      return on;
    }

    @Override
    public Path console() {
      return folder.resolve("serial.log");
    }

    @Override
    public Path disk() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String kernelParameters() {
      return "";
    }
  }

  private void say(String text) throws IOException {
    Files.writeString(
        folder.resolve("serial.log"),
        text + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void lookAt(BootWatch watch, int second) {
    now = Duration.ofSeconds(second);
    watch.look();
  }

  @Test
  void timesTheFirstBootOfEachKind() throws IOException {
    var watch = new BootWatch(new Machine(), () -> now);
    say("heartbeat accepted"); // of a life before
    lookAt(watch, 0);
    on = true;
    lookAt(watch, 10);
    assertThat(watch.time(BootWatch.AGENT)).isEmpty();
    say("heartbeat accepted");
    lookAt(watch, 32);
    on = false;
    lookAt(watch, 40);
    on = true;
    lookAt(watch, 50);
    say("DEPLOYED-OS-UP hostname=x");
    lookAt(watch, 61);
    on = false;
    lookAt(watch, 70);
    on = true;
    lookAt(watch, 80);
    say("heartbeat accepted");
    lookAt(watch, 180);
    assertThat(watch.time(BootWatch.AGENT)).hasValue(Duration.ofSeconds(22));
    assertThat(watch.time(BootWatch.SYSTEM)).hasValue(Duration.ofSeconds(11));
  }

  @Test
  void looksNoMoreOnceItIsClosed() throws IOException {
    var watch = new BootWatch(new Machine(), () -> now);
    say("");
    assertThat(watch.look()).isTrue();
    watch.close();
    Files.delete(folder.resolve("serial.log"));
    assertThat(watch.look()).isFalse();
  }
}
