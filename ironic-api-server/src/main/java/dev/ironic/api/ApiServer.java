package dev.ironic.api;

import dev.ironic.core.api.BareMetalApi;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.routing.ConductorLocator;
import dev.ironic.core.store.Store;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import java.time.InstantSource;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The REST API on a port. Knows nothing of where conductors run. Thread-safe; several may run in
 * one JVM.
 */
public final class ApiServer implements AutoCloseable {

  /** Clients that connect at the same moment; with the default of 50 some wait for a second. */
  private static final int ACCEPT_QUEUE = 1024;

  private final Javalin javalin;
  private final String host;

  private ApiServer(Javalin javalin, String host) {
    this.javalin = javalin;
    this.host = host;
  }

  /**
   * Starts serving; requests that need a conductor answer 503 until there is one.
   *
   * @param store where objects are; stays open when the server closes
   * @param locator finds the conductor to ask
   * @param config the configuration; {@code [api] port = 0} takes any free port
   * @param clock tells the time
   * @throws IllegalArgumentException for a setting that can't be honoured
   */
  public static ApiServer start(
      Store store, ConductorLocator locator, IronicConfig config, InstantSource clock) {
    ServerOptions options = ServerOptions.from(config);
    var gateway = new Gateway(new BareMetalApi(store, locator, config, clock), options);
    Javalin javalin =
        Javalin.create(
            javalinConfig -> {
              javalinConfig.concurrency.useVirtualThreads = true;
              javalinConfig.startup.showJavalinBanner = false;
              javalinConfig.http.compressionStrategy = CompressionStrategy.NONE;
              javalinConfig.http.maxRequestSize = Long.MAX_VALUE; // the gateway has its own limits
              javalinConfig.jetty.addConnector((jetty, http) -> connector(jetty, http, options));
              javalinConfig.jetty.modifyServer(server -> server.setErrorHandler(new JettyErrors()));
              javalinConfig.jetty.modifyHttpConfiguration(
                  http -> {
                    http.setSendServerVersion(false);
                    http.setUriCompliance(UriCompliance.UNSAFE); // the gateway decodes strictly
                  });
              javalinConfig.routes.before(
                  http -> {
                    gateway.serve(http);
                    http.skipRemainingHandlers();
                  });
            });
    javalin.start();
    return new ApiServer(javalin, options.host());
  }

  private static Connector connector(Server jetty, HttpConfiguration http, ServerOptions options) {
    var connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    return connector;
  }

  /** The port served. */
  public int port() {
    return javalin.port();
  }

  /** The address served, for humans and local clients. */
  public String url() {
    boolean anywhere = host.equals("0.0.0.0") || host.equals("::");
    return "http://" + (anywhere ? "127.0.0.1" : host) + ":" + port();
  }

  /** Stops serving; requests that run are given a moment to end. */
  @Override
  public void close() {
    javalin.stop();
  }
}
