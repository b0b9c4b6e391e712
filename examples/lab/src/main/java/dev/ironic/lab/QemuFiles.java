package dev.ironic.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A machine's folder.
 *
 * @param disk its disk, raw
 * @param variables its UEFI variables
 * @param console what its serial port wrote
 * @param errors what QEMU itself had to say
 */
record QemuFiles(Path disk, Path variables, Path console, Path errors) {

  /** Makes what is missing; an existing machine is used on. */
  static QemuFiles prepare(Path folder, QemuHost host, long diskBytes) throws IOException {
    Files.createDirectories(folder);
    var files =
        new QemuFiles(
            folder.resolve("disk.img"),
            folder.resolve("efi-variables.fd"),
            folder.resolve("serial.log"),
            folder.resolve("qemu.log"));
    if (!Files.exists(files.disk)) {
      try (var file = new RandomAccessFile(files.disk.toFile(), "rw")) {
        file.setLength(diskBytes);
      }
    }
    if (!Files.exists(files.variables)) {
      Files.copy(host.variables(), files.variables);
      files.variables.toFile().setWritable(true);
    }
    if (!Files.exists(files.console)) {
      Files.createFile(files.console);
    }
    return files;
  }
}
