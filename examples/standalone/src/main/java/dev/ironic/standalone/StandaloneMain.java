package dev.ironic.standalone;

import com.google.inject.ProvisionException;
import dev.ironic.core.config.ConfigFiles;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.config.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * API service, conductor and database in one process. Prints its URL when the first request would
 * be served. SIGTERM ends it gracefully.
 */
@Command(name = "ironic", mixinStandardHelpOptions = true)
public final class StandaloneMain implements Callable<Integer> {

  @Option(names = "--config-file", description = "ironic.conf; may be given several times")
  private List<Path> configFiles = List.of();

  private StandaloneMain() {}

  /** Starts the process. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StandaloneMain()).execute(arguments));
  }

  @Override
  public Integer call() {
    return ServerProcess.run(this::serve, ProvisionException.class);
  }

  private int serve() throws InterruptedException {
    IronicConfig config = ConfigFiles.load(configFiles);
    ServerProcess.logging(config, "dev/ironic/conductor/logback.xml");
    Standalone standalone = Standalone.start(config);
    ServerProcess.closeAtExit(standalone);

    ConfigFiles.report(config, Set.of());
    System.out.println("Ironic is ready at " + standalone.url());
    return ServerProcess.untilStopped();
  }
}
