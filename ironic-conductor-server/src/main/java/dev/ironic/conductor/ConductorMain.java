package dev.ironic.conductor;

import com.google.common.io.Closer;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.ConfigFiles;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.config.ServerProcess;
import dev.ironic.rpc.CurveKeys;
import dev.ironic.rpc.RpcOptions;
import dev.ironic.rpc.RpcServer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A conductor as a process of its own. SIGTERM ends it gracefully. */
@Command(name = "ironic-conductor", mixinStandardHelpOptions = true)
public final class ConductorMain implements Callable<Integer> {

  @Option(names = "--config-file", description = "ironic.conf; may be given several times")
  private List<Path> configFiles = List.of();

  @Option(
      names = "--generate-rpc-key",
      paramLabel = "FILE",
      description =
          "write new keys for [zeromq] curve_key_file, print the public one for"
              + " curve_allowed_keys_file, and end")
  private @Nullable Path newKeyFile;

  private ConductorMain() {}

  /** Starts the process. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ConductorMain()).execute(arguments));
  }

  @Override
  public Integer call() {
    Path file = newKeyFile;
    return file == null
        ? ServerProcess.run(this::serve, ProvisionException.class)
        : ServerProcess.run(() -> generateKey(file), UncheckedIOException.class);
  }

  private static int generateKey(Path file) {
    CurveKeys keys = CurveKeys.generate();
    keys.write(file);
    System.out.println(keys.publicText());
    return 0;
  }

  private int serve() throws InterruptedException {
    IronicConfig config = ConfigFiles.load(configFiles);
    ServerProcess.logging(config, "dev/ironic/conductor/logback.xml");
    Injector injector = Guice.createInjector(new ConductorModule(config));
    Closer closer = injector.getInstance(Closer.class);
    ServerProcess.closeAtExit(closer);

    Conductor conductor = injector.getInstance(Conductor.class);
    RpcServer rpc =
        RpcServer.start(
            RpcOptions.from(config),
            conductor.service(),
            injector.getInstance(Clock.class),
            UUID.randomUUID());
    closer.register(rpc::close);
    // Before it hangs up, so that callers find the conductors that go on with its work.
    closer.register(conductor::drain);
    conductor.advertise(rpc.address());

    ConfigFiles.report(config, Set.of("agent", "conductor", "database", "deploy", "zeromq"));
    System.out.printf("Conductor %s is ready at %s%n", conductor.host(), rpc.address());
    conductor.awaitDrained();
    return 0;
  }
}
