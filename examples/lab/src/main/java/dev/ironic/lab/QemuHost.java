package dev.ironic.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a host offers to run QEMU machines with.
 *
 * @param program the emulator
 * @param firmware UEFI code, read only
 * @param variables the template of a machine's UEFI variables
 */
public record QemuHost(Path program, Path firmware, Path variables) {

  private static final String PROGRAM = "qemu-system-x86_64";

  /** Code and variables that belong together, as distributions name them. */
  private static final List<List<String>> FIRMWARE =
      List.of(
          List.of("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
          List.of("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
          List.of("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
          List.of("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
          List.of("/usr/share/qemu/edk2-x86_64-code.fd", "/usr/share/qemu/edk2-i386-vars.fd"));

  /** Looks at this host; empty when {@link #missing} names something. */
  public static Optional<QemuHost> find(String path) {
    Optional<Path> program = programIn(path);
    Optional<List<String>> firmware = firmwarePair();
    return program.isEmpty() || firmware.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new QemuHost(
                program.get(),
                Path.of(firmware.get().getFirst()),
                Path.of(firmware.get().getLast())));
  }

  /**
   * The Debian packages that are not there.
   *
   * @param path folders with programs, as in the environment variable {@code PATH}
   */
  public static List<String> missing(String path) {
    var packages = new ArrayList<String>();
    if (programIn(path).isEmpty()) {
      packages.add("qemu-system-x86");
    }
    if (firmwarePair().isEmpty()) {
      packages.add("ovmf");
    }
    return packages;
  }

  private static Optional<Path> programIn(String path) {
    return Stream.of(path.split(":", -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, PROGRAM))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<List<String>> firmwarePair() {
    return FIRMWARE.stream()
        .filter(pair -> pair.stream().allMatch(file -> Files.isReadable(Path.of(file))))
        .findFirst();
  }
}
