package dev.ironic.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a machine. Its monitor speaks QMP on standard input and output, its network
 * is QEMU's own, in which the host has the address {@value #HOST_ADDRESS}.
 */
final class QemuCommand {

  static final String HOST_ADDRESS = "10.0.2.2";
  private static final int AGENT_PORT = 9999;
  private static final int HTTP_PORT = 80;

  private QemuCommand() {}

  static List<String> of(
      QemuHost host, Accelerator accelerator, MachineSpec spec, QemuFiles files, BootSource boot) {
    var command = new ArrayList<String>();
    command.add(host.program().toString());
    command.addAll(List.of("-name", spec.name(), "-machine", "q35"));
    command.addAll(accelerator.options());
    command.addAll(List.of("-smp", "2", "-m", Integer.toString(spec.memoryMiB())));
    // A restart of its own ends the process: the machine then boots what its BMC says by then.
    command.addAll(List.of("-nodefaults", "-display", "none", "-no-reboot", "-qmp", "stdio"));
    command.addAll(
        List.of("-chardev", "file,id=console,append=on,path=" + escaped(files.console())));
    command.addAll(List.of("-serial", "chardev:console"));
    command.addAll(drive("if=pflash,format=raw,readonly=on", host.firmware()));
    command.addAll(drive("if=pflash,format=raw", files.variables()));
    // What is written must be there after a kill of the process, not after a loss of power.
    command.addAll(drive("if=none,id=disk,format=raw,cache=unsafe,discard=unmap", files.disk()));
    command.addAll(List.of("-device", "virtio-blk-pci,drive=disk,bootindex=2,serial=lab-disk"));
    if (boot instanceof BootSource.Iso iso) {
      command.addAll(drive("if=none,id=cd,media=cdrom,format=raw,readonly=on", iso.file()));
      command.addAll(List.of("-device", "ide-cd,drive=cd,bootindex=1"));
    }
    command.addAll(
        List.of(
            "-netdev",
            "user,id=net,hostfwd=tcp:127.0.0.1:%d-:%d,hostfwd=tcp:127.0.0.1:%d-:%d"
                .formatted(spec.agentPort(), AGENT_PORT, spec.osPort(), HTTP_PORT)));
    // Without its boot program the card costs the firmware no time.
    command.addAll(List.of("-device", "virtio-net-pci,netdev=net,romfile=,mac=" + spec.mac()));
    command.addAll(List.of("-device", "virtio-rng-pci"));
    return command;
  }

  private static List<String> drive(String options, Path file) {
    return List.of("-drive", options + ",file=" + escaped(file));
  }

  /** QEMU ends a value at a comma unless it is doubled. */
  private static String escaped(Path file) {
    return file.toAbsolutePath().toString().replace(",", ",,");
  }
}
