package dev.ironic.driver.ipmi;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A BMC that speaks IPMI on a real socket: the program {@code ipmi_sim} of OpenIPMI, whose machine
 * is two files. Not thread-safe.
 */
final class BmcSimulator implements AutoCloseable {

  static final String USER = "admin";
  static final String PASSWORD = "secret";

  /** What the simulator calls to read and switch the machine. */
  private static final String CHASSIS =
      """
      #!/bin/sh
      cd "$(dirname "$0")"
      case "$2 $3" in
        "get power") echo "power:$(cat power)" ;;
        "get boot") echo "boot:$(cat boot)" ;;
        "set power") echo "$4" > power ;;
        "set shutdown") echo 0 > power ;;
        "set boot") echo "$4" > boot ;;
      esac
      """;

  private static final String LAN =
      """
      name "sim"
      set_working_mc 0x20
      startlan 1
        addr 127.0.0.1 %d
        priv_limit admin
        allowed_auths_admin none md2 md5 straight
        guid a123456789abcdefa123456789abcdef
      endlan
      chassis_control "%s 0x20"
      user 2 true "%s" "%s" admin 10 none md2 md5 straight
      """;

  private static final String MACHINE =
      """
      mc_setbmc 0x20
      mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
      mc_enable 0x20
      """;

  private final Path folder;
  private final int port;
  private final Process process;

  private BmcSimulator(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /** The programs that are needed and are not on this machine. */
  static List<String> missing() {
    String path = String.valueOf(System.getenv("PATH"));
    return List.of("ipmi_sim", "ipmitool").stream()
        .filter(
            program ->
                Arrays.stream(path.split(File.pathSeparator, -1))
                    .noneMatch(each -> Files.isExecutable(Path.of(each, program))))
        .toList();
  }

  /** Starts one, with a machine that is off, and waits until it answers. */
  static BmcSimulator start(Path folder) throws IOException, InterruptedException {
    int port;
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Path chassis = Files.writeString(folder.resolve("chassis"), CHASSIS);
    if (!chassis.toFile().setExecutable(true)) {
      throw new IOException(chassis + " cannot be made executable");
    }
    Files.writeString(folder.resolve("boot"), "default\n");
    Files.createDirectories(folder.resolve("state"));
    Path lan =
        Files.writeString(folder.resolve("lan.conf"), LAN.formatted(port, chassis, USER, PASSWORD));
    Path machine = Files.writeString(folder.resolve("machine.emu"), MACHINE);
    Process process =
        new ProcessBuilder(
                "ipmi_sim",
                "-c",
                lan.toString(),
                "-f",
                machine.toString(),
                "-s",
                folder.resolve("state").toString(),
                "-d",
                "-n")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    var simulator = new BmcSimulator(folder, port, process);
    simulator.power(false);
    simulator.awaitAnswer();
    return simulator;
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    var runner = new ProcessRunner();
    for (int attempt = 0; attempt < 20; attempt++) {
      CommandRunner.Output output =
          runner.run(
              List.of(
                  "ipmitool",
                  "-I",
                  "lanplus",
                  "-H",
                  "127.0.0.1",
                  "-p",
                  "" + port,
                  "-U",
                  USER,
                  "-C",
                  "3",
                  "-R",
                  "1",
                  "-N",
                  "1",
                  "-E",
                  "mc",
                  "info"),
              Map.of("IPMI_PASSWORD", PASSWORD),
              Duration.ofSeconds(10));
      if (output.exit() == 0) {
        return;
      }
    }
    close();
    throw new IOException("ipmi_sim does not answer: " + Files.readString(folder.resolve("log")));
  }

  int port() {
    return port;
  }

  /** Switches the machine without its BMC. */
  void power(boolean on) throws IOException {
    Files.writeString(folder.resolve("power"), on ? "1\n" : "0\n");
  }

  /** What the machine was told to boot from. */
  String boot() throws IOException {
    return Files.readString(folder.resolve("boot")).strip();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
