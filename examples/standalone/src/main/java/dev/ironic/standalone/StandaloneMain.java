package dev.ironic.standalone;

import com.google.common.io.Closer;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import dev.ironic.api.ApiServer;
import dev.ironic.conductor.ConductorModule;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.ConfigFiles;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.config.ServerProcess;
import dev.ironic.core.routing.ConductorLocator;
import dev.ironic.core.routing.LocalLocator;
import dev.ironic.core.store.Store;
import java.nio.file.Path;
import java.time.Clock;
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
    Injector injector = Guice.createInjector(new ConductorModule(config));
    Closer closer = injector.getInstance(Closer.class);
    ServerProcess.closeAtExit(closer);

    Conductor conductor = injector.getInstance(Conductor.class);
    ConductorLocator local =
        new LocalLocator(
            conductor.host(),
            config.text("conductor", "conductor_group").orElse(""),
            Set.copyOf(conductor.drivers().hardwareTypeNames()),
            conductor.service());
    ApiServer api =
        ApiServer.start(
            injector.getInstance(Store.class), local, config, injector.getInstance(Clock.class));
    closer.register(api::close);

    ConfigFiles.report(config, Set.of());
    System.out.println("Ironic is ready at " + api.url());
    conductor.awaitDrained();
    return 0;
  }
}
