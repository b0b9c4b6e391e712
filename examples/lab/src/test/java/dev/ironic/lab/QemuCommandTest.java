package dev.ironic.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class QemuCommandTest {

  private static final QemuHost HOST =
      new QemuHost(Path.of("/usr/bin/qemu"), Path.of("/fw/code.fd"), Path.of("/fw/vars.fd"));
  private static final MachineSpec SPEC =
      new MachineSpec("lab-1", "52:54:00:00:00:01", 4001, 4002, 1 << 20, 1024);

  private static List<String> command(String folder, BootSource boot) {
    Path place = Path.of(folder);
    var files =
        new QemuFiles(
            place.resolve("disk.img"),
            place.resolve("vars.fd"),
            place.resolve("serial.log"),
            place.resolve("qemu.log"));
    return QemuCommand.of(HOST, Accelerator.TCG, SPEC, files, boot);
  }

  @Test
  void bootsTheDiskUnlessThereIsAMedium() {
    assertThat(command("/lab", new BootSource.Disk()))
        .noneMatch(word -> word.contains("media=cdrom"))
        .contains("virtio-blk-pci,drive=disk,bootindex=2,serial=lab-disk");
    assertThat(command("/lab", new BootSource.Iso(Path.of("/lab/cd.iso"))))
        .contains("ide-cd,drive=cd,bootindex=1")
        .contains("if=none,id=cd,media=cdrom,format=raw,readonly=on,file=/lab/cd.iso");
  }

  @Test
  void forwardsTheAgentAndTheDeployedSystemOnThisHostOnly() {
    assertThat(command("/lab", new BootSource.Disk()))
        .contains("user,id=net,hostfwd=tcp:127.0.0.1:4001-:9999,hostfwd=tcp:127.0.0.1:4002-:80");
  }

  @Test
  void commasInPathsDoNotEndAValue() {
    assertThat(command("/lab,rw=off", new BootSource.Disk()))
        .anyMatch(word -> word.endsWith("file=/lab,,rw=off/disk.img"));
  }

  @Test
  void noDeviceOfTheHostIsInTheMachine() {
    assertThat(command("/lab", new BootSource.Iso(Path.of("/lab/cd.iso"))))
        .noneMatch(word -> word.contains("/dev/"));
  }
}
