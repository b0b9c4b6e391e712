package dev.ironic.conductor;

import com.google.common.io.Closer;
import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.conductor.ConductorBuilder;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.image.ImageStack;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Wires a conductor from its configuration. What has to be closed is registered with the {@link
 * Closer}, which closes in reverse order.
 */
public final class ConductorModule extends AbstractModule {

  private final IronicConfig config;

  /** Creates the module. */
  public ConductorModule(IronicConfig config) {
    this.config = config;
  }

  @Provides
  @Singleton
  IronicConfig config() {
    return config;
  }

  @Provides
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Provides
  @Singleton
  Closer closer() {
    return Closer.create();
  }

  @Provides
  @Singleton
  Store store(Clock clock, Closer closer) {
    DatabaseUrl url = DatabaseUrl.parse(config.requiredText("database", "connection"));
    Store store = SqlStore.openShared(url, clock);
    closer.register(store::close);
    return store;
  }

  @Provides
  @Singleton
  ImageStack images(Clock clock, Closer closer) {
    ImageStack images = ImageStack.start(config, config.path("DEFAULT", "state_path"), clock);
    closer.register(images::close);
    return images;
  }

  @Provides
  @Singleton
  Conductor conductor(Store store, ImageStack images, Clock clock, Closer closer) {
    String host = config.requiredText("DEFAULT", "host");
    ConductorBuilder builder =
        Conductor.builder()
            .config(config)
            .store(store)
            .images(images.images())
            .cacheCleanUp(images::trimCaches)
            .clock(clock)
            .host(host);
    driverFolder().ifPresent(builder::driverFolder);
    Conductor conductor = builder.start();
    closer.register(conductor::close);
    return conductor;
  }

  /** The folder that is configured, or the usual one where it exists. */
  private Optional<Path> driverFolder() {
    Path usual = config.path("DEFAULT", "state_path").resolve("drivers");
    return config
        .text("conductor", "driver_folder")
        .map(Path::of)
        .or(() -> Files.isDirectory(usual) ? Optional.of(usual) : Optional.empty());
  }
}
