package dev.ironic.standalone;

import com.google.common.io.Closer;
import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.ironic.api.ApiServer;
import dev.ironic.conductor.ConductorModule;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.routing.ConductorLocator;
import dev.ironic.core.routing.LocalLocator;
import dev.ironic.core.store.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;

/**
 * API service, conductor and database in one JVM, ready when made. Several may run side by side.
 * Thread-safe.
 */
public final class Standalone implements AutoCloseable {

  private final Closer closer;
  private final ApiServer api;

  private Standalone(Closer closer, ApiServer api) {
    this.closer = closer;
    this.api = api;
  }

  /**
   * Starts it.
   *
   * @param config the configuration; {@code [api] port = 0} takes any free port
   * @throws RuntimeException when a part can't start; what has started is closed again
   */
  public static Standalone start(IronicConfig config) {
    Injector injector = Guice.createInjector(new ConductorModule(config));
    Closer closer = injector.getInstance(Closer.class);
    try {
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
      return new Standalone(closer, api);
    } catch (RuntimeException e) {
      try {
        closer.close();
      } catch (IOException | RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** The address served. */
  public String url() {
    return api.url();
  }

  /** Stops serving and closes all; work in flight goes on after the next start. */
  @Override
  public void close() throws IOException {
    closer.close();
  }
}
