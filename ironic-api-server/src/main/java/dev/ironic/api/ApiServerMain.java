package dev.ironic.api;

import com.google.common.io.Closer;
import com.google.inject.Guice;
import com.google.inject.Injector;
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
 * The API service as a process of its own; it reaches conductors by RPC. SIGTERM ends it
 * gracefully.
 */
@Command(name = "ironic-api", mixinStandardHelpOptions = true)
public final class ApiServerMain implements Callable<Integer> {

  @Option(names = "--config-file", description = "ironic.conf; may be given several times")
  private List<Path> configFiles = List.of();

  private ApiServerMain() {}

  /** Starts the process. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ApiServerMain()).execute(arguments));
  }

  @Override
  public Integer call() {
    return ServerProcess.run(this::serve, ProvisionException.class);
  }

  private int serve() throws InterruptedException {
    IronicConfig config = ConfigFiles.load(configFiles);
    ServerProcess.logging(config, "dev/ironic/api/logback.xml");
    Injector injector = Guice.createInjector(new ApiModule(config));
    ServerProcess.closeAtExit(injector.getInstance(Closer.class));

    ApiServer api = injector.getInstance(ApiServer.class);
    ConfigFiles.report(config, Set.of("api", "database", "zeromq"));
    System.out.println("The API is ready at " + api.url());
    return ServerProcess.untilStopped();
  }
}
