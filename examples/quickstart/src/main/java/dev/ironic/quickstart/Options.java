package dev.ironic.quickstart;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. Filled in by picocli, then read only. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Takes a virtual machine from nothing to a deployed operating system.")
final class Options {

  enum MachineKind {
    qemu,
    process
  }

  enum DatabaseKind {
    sqlite,
    postgresql
  }

  @Option(
      names = "--machine",
      description = "${COMPLETION-CANDIDATES}; default: qemu where it can run, else process")
  @Nullable MachineKind machine;

  @Option(names = "--keep", description = "leave everything running at the end, until Ctrl-C")
  boolean keep;

  @Option(names = "--split", description = "API and conductor as two processes over JeroMQ")
  boolean split;

  @Option(
      names = "--database",
      description = "${COMPLETION-CANDIDATES}; default: sqlite",
      defaultValue = "sqlite")
  DatabaseKind database = DatabaseKind.sqlite;

  @Option(
      names = "--crash",
      description = "kill the conductor while the image is being written, and start it again")
  boolean crash;

  @Option(names = "--port", description = "port of the API; default: ${DEFAULT-VALUE}")
  int port = 6385;

  @Option(
      names = "--state",
      description = "folder for the database, logs and disks; default: a new temporary one")
  @Nullable Path state;

  @Option(names = "--live", hidden = true, description = "the output is a terminal")
  boolean live;

  @Option(names = "--root", hidden = true, description = "the project's folder")
  Path root = Path.of("").toAbsolutePath();
}
