package dev.ironic.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The emulator is a script here that behaves like one on a good or on a bad host. */
class KvmProbeTest {

  @TempDir private Path folder = Path.of("");

  private QemuHost host(String behaviour) throws IOException {
    Path program = folder.resolve("qemu");
    Files.writeString(
        program,
        """
        #!/bin/sh
        for word in "$@"; do case "$word" in file:*) console=${word#file:} ;; esac; done
        %s
        """
            .formatted(behaviour));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new QemuHost(program, program, program);
  }

  private Accelerator choose(Path device, String behaviour)
      throws IOException, InterruptedException {
    return new KvmProbe(device).choose(host(behaviour), folder.resolve("vmlinuz"), folder);
  }

  @Test
  void withoutTheDeviceNothingIsTried() throws IOException, InterruptedException {
    assertThat(choose(folder.resolve("absent"), "touch " + folder.resolve("ran")))
        .isEqualTo(Accelerator.TCG);
    assertThat(folder.resolve("ran")).doesNotExist();
  }

  @Test
  void aKernelThatSpeaksIsTheProof() throws IOException, InterruptedException {
    Path device = Files.createFile(folder.resolve("kvm"));
    assertThat(choose(device, "echo '[0.0] Linux version 6.1' > \"$console\"; exec sleep 60"))
        .isEqualTo(Accelerator.KVM);
  }

  @Test
  void anEmulatorThatGivesUpIsNone() throws IOException, InterruptedException {
    Path device = Files.createFile(folder.resolve("kvm"));
    assertThat(choose(device, "echo 'SeaBIOS' > \"$console\"; exit 1")).isEqualTo(Accelerator.TCG);
  }
}
