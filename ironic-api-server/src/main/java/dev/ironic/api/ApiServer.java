package dev.ironic.api;

import dev.ironic.core.api.BareMetalApi;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.routing.ConductorLocator;
import dev.ironic.core.store.Store;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import java.time.InstantSource;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * The REST API on a port. Knows nothing of where conductors run. Thread-safe; several may run in
 * one JVM.
 */
public final class ApiServer implements AutoCloseable {

  /** Clients that connect at the same moment; with the default of 50 some wait for a second. */
  private static final int ACCEPT_QUEUE = 1024;

  private final Javalin javalin;
  private final String host;
  private final boolean secured;
  private final Authenticator authenticator;

  private ApiServer(Javalin javalin, String host, boolean secured, Authenticator authenticator) {
    this.javalin = javalin;
    this.host = host;
    this.secured = secured;
    this.authenticator = authenticator;
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
    var api = new BareMetalApi(store, locator, config, clock);
    Authenticator authenticator = Authenticators.of(options, config, clock);
    var gateway = new Gateway(api, options, authenticator);
    TlsOptions tls = options.tls();
    SslContextFactory.@Nullable Server context = tls == null ? null : TlsContext.factory(tls);
    Javalin javalin =
        Javalin.create(
            javalinConfig -> {
              javalinConfig.concurrency.useVirtualThreads = true;
              javalinConfig.startup.showJavalinBanner = false;
              javalinConfig.http.compressionStrategy = CompressionStrategy.NONE;
              javalinConfig.http.maxRequestSize = Long.MAX_VALUE; // the gateway has its own limits
              javalinConfig.jetty.addConnector(
                  (jetty, http) -> connector(jetty, http, context, options));
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
    return new ApiServer(javalin, options.host(), context != null, authenticator);
  }

  private static Connector connector(
      Server jetty,
      HttpConfiguration http,
      SslContextFactory.@Nullable Server context,
      ServerOptions options) {
    ServerConnector connector =
        context == null ? plain(jetty, http) : secured(jetty, http, context);
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    return connector;
  }

  private static ServerConnector plain(Server jetty, HttpConfiguration http) {
    return new ServerConnector(jetty, new HttpConnectionFactory(http));
  }

  private static ServerConnector secured(
      Server jetty, HttpConfiguration http, SslContextFactory.Server context) {
    var secured = new HttpConfiguration(http);
    secured.addCustomizer(new SecureRequestCustomizer(false));
    return new ServerConnector(
        jetty,
        new SslConnectionFactory(context, HttpVersion.HTTP_1_1.asString()),
        new HttpConnectionFactory(secured));
  }

  /** The port served. */
  public int port() {
    return javalin.port();
  }

  /** The address served, for humans and local clients. */
  public String url() {
    boolean anywhere = host.equals("0.0.0.0") || host.equals("::");
    return (secured ? "https://" : "http://") + (anywhere ? "127.0.0.1" : host) + ":" + port();
  }

  /** Stops serving; requests that run are given a moment to end. */
  @Override
  public void close() {
    javalin.stop();
    authenticator.close();
  }
}
