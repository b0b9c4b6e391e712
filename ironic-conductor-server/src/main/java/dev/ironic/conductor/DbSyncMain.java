package dev.ironic.conductor;

import dev.ironic.core.config.ConfigException;
import dev.ironic.core.config.ConfigFiles;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.config.ServerProcess;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.Migrations;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks after the database schema. */
@Command(
    name = "ironic-dbsync",
    mixinStandardHelpOptions = true,
    description = "Brings the database schema up to date, or tells its version.")
public final class DbSyncMain {

  @Option(
      names = "--config-file",
      scope = CommandLine.ScopeType.INHERIT,
      description = "ironic.conf; may be given several times")
  private List<Path> configFiles = List.of();

  private DbSyncMain() {}

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DbSyncMain()).execute(arguments));
  }

  @Command(name = "upgrade", description = "brings the schema to the newest version")
  int upgrade() {
    return ServerProcess.run(
        () -> {
          DatabaseUrl url = url();
          int before = Migrations.version(url);
          int now = Migrations.upgrade(url);
          System.out.printf("The schema was at version %d and is now at %d%n", before, now);
          return 0;
        },
        ConfigException.class);
  }

  @Command(name = "version", description = "prints the schema's version and the newest known")
  int version() {
    return ServerProcess.run(
        () -> {
          System.out.printf("%d (newest: %d)%n", Migrations.version(url()), Migrations.newest());
          return 0;
        },
        ConfigException.class);
  }

  private DatabaseUrl url() {
    IronicConfig config = ConfigFiles.load(configFiles);
    ServerProcess.logging(config, "dev/ironic/conductor/logback.xml");
    return DatabaseUrl.parse(config.requiredText("database", "connection"));
  }
}
