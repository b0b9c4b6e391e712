package dev.ironic.api;

import com.google.common.io.Closer;
import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.routing.ConductorLocator;
import dev.ironic.core.routing.RingLocator;
import dev.ironic.core.routing.Rings;
import dev.ironic.core.routing.RoutingOptions;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import dev.ironic.rpc.RemoteConductors;
import dev.ironic.rpc.RpcClient;
import dev.ironic.rpc.RpcOptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/**
 * Wires the API service from its configuration. What has to be closed is registered with the {@link
 * Closer}, which closes in reverse order.
 */
final class ApiModule extends AbstractModule {

  private final IronicConfig config;

  ApiModule(IronicConfig config) {
    this.config = config;
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
  ConductorLocator conductors(Store store, Clock clock, Closer closer) {
    RpcClient client = new RpcClient(RpcOptions.from(config), clock, UUID.randomUUID());
    closer.register(client::close);
    return new RingLocator(
        new Rings(store.conductors(), RoutingOptions.from(config), clock),
        new RemoteConductors(store.conductors(), client),
        new SecureRandom());
  }

  @Provides
  @Singleton
  ApiServer api(Store store, ConductorLocator conductors, Clock clock, Closer closer) {
    ApiServer server = ApiServer.start(store, conductors, config, clock);
    closer.register(server::close);
    return server;
  }
}
