package dev.ironic.agent.system;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Power of the real machine, by its tools and, where those are refused, by the kernel itself. */
public final class HostPower implements Power {

  private static final Logger log = LoggerFactory.getLogger(HostPower.class);

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Path SYSRQ = Path.of("/proc/sysrq-trigger");

  private final Tools tools;
  private final Sleeper sleeper;

  /** Creates it. */
  public HostPower(Tools tools, Sleeper sleeper) {
    this.tools = tools;
    this.sleeper = sleeper;
  }

  @Override
  public void sync() throws IOException, InterruptedException {
    tools.require(LIMIT, "sync");
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
    try (var names = Files.list(Path.of("/sys/block"))) {
      for (String name : names.map(p -> p.getFileName().toString()).toList()) {
        boolean real = Files.exists(Path.of("/sys/block", name, "device"));
        if (real && tools.present("blockdev")) {
          tools.run(LIMIT, "blockdev", "--flushbufs", "/dev/" + name);
        }
      }
    }
  }

  @Override
  public void off() throws IOException, InterruptedException {
    end("poweroff", 'o');
  }

  @Override
  public void reboot() throws IOException, InterruptedException {
    end("reboot", 'b');
  }

  @Override
  public void isolate() throws IOException, InterruptedException {
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (!network.isLoopback()) {
        tools.run(LIMIT, "ip", "link", "set", network.getName(), "down");
      }
    }
  }

  // Only systemd acts on the plain form; a ramdisk's init is often a script that would not notice.
  private void end(String tool, char key) throws IOException, InterruptedException {
    tools.require(LIMIT, "sync");
    List<List<String>> commands = new ArrayList<>();
    if (Files.readString(Path.of("/proc/1/comm")).strip().equals("systemd")) {
      commands.add(List.of(tool));
    }
    commands.add(List.of(tool, "-f"));
    commands.add(List.of("busybox", tool, "-f"));
    for (List<String> command : commands) {
      try {
        Tools.Output output = tools.run(LIMIT, command.toArray(new String[0]));
        if (output.exit() == 0) {
          sleeper.sleep(Duration.ofSeconds(10));
        }
        log.warn("{} did not end the machine: {}", command, output);
      } catch (IOException e) {
        log.warn("{} could not be run: {}", command, e.toString());
      }
    }
    for (char step : new char[] {'s', 'u', key}) { // sync, remount read-only, end
      Files.writeString(SYSRQ, String.valueOf(step));
    }
  }
}
