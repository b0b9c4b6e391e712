package dev.ironic.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Power without an emulator: a script writes down how it was started and ends as it is told. */
class QemuPowerTest {

  private static final MachineSpec SPEC =
      new MachineSpec("lab-1", "52:54:00:00:00:01", 4001, 4002, 1 << 20, 512);

  @TempDir private Path folder = Path.of("");

  /**
   * A machine whose emulator runs the shell lines after it has said hello.
   *
   * @param lines {@code $boot} counts the starts
   */
  private QemuBackend machine(String lines) throws IOException {
    Path program = folder.resolve("qemu");
    Files.writeString(
        program,
        """
        #!/bin/sh
        cd %s
        echo "$*" >> boots
        boot=$(wc -l < boots)
        echo '{"QMP": {"version": {}, "capabilities": []}}'
        read -r negotiation
        %s
        """
            .formatted(folder, lines));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Path variables = Files.createFile(folder.resolve("template.fd"));
    return new QemuBackend(
        folder.resolve("machine"),
        new QemuHost(program, variables, variables),
        Accelerator.TCG,
        SPEC);
  }

  private static String ending(String reason) {
    return "echo '{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, \"reason\": \"%s\"}}'; exit 0"
        .formatted(reason);
  }

  private static void awaitOff(QemuBackend machine) {
    Awaitility.await("off").atMost(Duration.ofSeconds(20)).until(() -> !machine.running());
  }

  @Test
  void aRestartBootsWhatTheBmcSaysByThenAndTheMachineStaysOn() throws IOException {
    QemuBackend machine =
        machine("[ $boot -lt 3 ] && { " + ending("guest-reset") + "; }; exec sleep 60");
    var restarts = new AtomicInteger();
    var seenOff = new AtomicInteger();
    machine.start(
        new BootSource.Iso(folder.resolve("first.iso")),
        () -> {
          if (!machine.running()) {
            seenOff.incrementAndGet();
          }
          return restarts.incrementAndGet() == 1
              ? new BootSource.Iso(folder.resolve("second.iso"))
              : new BootSource.Disk();
        });
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> Files.readAllLines(folder.resolve("boots")).size() == 3);
      var boots = Files.readAllLines(folder.resolve("boots"));
      assertThat(boots.get(0)).contains("first.iso");
      assertThat(boots.get(1)).contains("second.iso").doesNotContain("first.iso");
      assertThat(boots.get(2)).doesNotContain(".iso");
      assertThat(seenOff).hasValue(0);
      assertThat(machine.running()).isTrue();
    } finally {
      machine.stop(false);
    }
    awaitOff(machine);
  }

  @Test
  void aShutdownLeavesItOff() throws IOException {
    QemuBackend machine = machine(ending("guest-shutdown"));
    machine.start(new BootSource.Disk(), BootSource.Disk::new);
    awaitOff(machine);
    assertThat(Files.readAllLines(folder.resolve("boots"))).hasSize(1);
  }

  @Test
  void gracefullyThePowerButtonIsPressed() throws IOException {
    QemuBackend machine =
        machine("read -r command; echo \"$command\" > button; " + ending("guest-shutdown"));
    machine.start(new BootSource.Disk(), BootSource.Disk::new);
    machine.stop(true);
    awaitOff(machine);
    assertThat(folder.resolve("button")).content().contains("system_powerdown");
  }

  @Test
  void whatIgnoresItsButtonIsCut() throws IOException {
    QemuBackend machine = machine("exec sleep 60");
    machine.start(new BootSource.Disk(), BootSource.Disk::new);
    machine.stop(true);
    assertThat(machine.running()).isTrue();
    machine.stop(false);
    awaitOff(machine);
  }

  @Test
  void afterTheCutItCanBeSwitchedOnAtOnce() throws IOException {
    QemuBackend machine = machine("exec sleep 60");
    machine.start(new BootSource.Disk(), BootSource.Disk::new);
    machine.stop(false);
    machine.start(new BootSource.Disk(), BootSource.Disk::new);
    try {
      assertThat(machine.running()).isTrue();
    } finally {
      machine.stop(false);
    }
    awaitOff(machine);
  }
}
