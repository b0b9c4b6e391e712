package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Secret;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one conductor to its BMCs. BMCs whose certificates are checked alike share an
 * HTTP client; requests to one BMC with the same credentials share a session, so that its few
 * sessions are not used up. Thread-safe.
 */
final class BmcConnections implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BmcConnections.class);
  private static final Duration LOG_OUT_PATIENCE = Duration.ofSeconds(2);

  private record Key(
      String address,
      String root,
      @Nullable String username,
      String secretDigest,
      TlsSetup tls,
      String authType) {}

  private final DriverContext context;
  private final RedfishOptions options;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<TlsSetup, HttpClient> clients = new ConcurrentHashMap<>();
  private final LinkedHashMap<Key, RedfishClient> cache = new LinkedHashMap<>(16, 0.75f, true);
  private final byte[] salt = new byte[16];

  BmcConnections(DriverContext context) {
    this.context = context;
    this.options = RedfishOptions.from(context.config());
    new SecureRandom().nextBytes(salt);
  }

  RedfishOptions options() {
    return options;
  }

  /** The BMC of a node, without asking it anything yet. */
  RedfishBmc of(NodeTask task) {
    RedfishDriverInfo info = RedfishDriverInfo.parse(task.node().driverInfo(), options);
    return new RedfishBmc(client(info).of(task), info.systemId());
  }

  private RedfishClient client(RedfishDriverInfo info) {
    var tls = new TlsSetup(info.verifyCa(), info.tlsMinimumVersion());
    var key =
        new Key(
            info.address(),
            info.rootPrefix(),
            info.username(),
            digest(info.password()),
            tls,
            info.authType());
    var dropped = new ArrayList<RedfishClient>();
    RedfishClient client;
    synchronized (cache) {
      RedfishClient known = cache.get(key);
      if (known != null) {
        return known;
      }
      client = create(info, tls);
      cache.put(key, client);
      while (cache.size() > options.connectionCacheSize()) {
        dropped.add(cache.remove(cache.firstEntry().getKey()));
      }
    }
    dropped.forEach(RedfishClient::retire);
    return client;
  }

  private RedfishClient create(RedfishDriverInfo info, TlsSetup tls) {
    HttpClient http =
        clients.computeIfAbsent(
            tls,
            setup ->
                HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(options.connectTimeout())
                    .executor(threads)
                    .sslContext(setup.context())
                    .sslParameters(setup.parameters())
                    .build());
    return new RedfishClient(info, options, http, context.bmcCalls(), context.sleeper());
  }

  private String digest(@Nullable Secret secret) {
    if (secret == null) {
      return "";
    }
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(salt);
      return HexFormat.of().formatHex(sha.digest(secret.reveal().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Logs out everywhere, without waiting for BMCs that do not answer. */
  @Override
  public void close() {
    List<RedfishClient> open;
    synchronized (cache) {
      open = List.copyOf(cache.values());
      cache.clear();
    }
    try {
      CompletableFuture.allOf(
              open.stream().map(RedfishClient::logOut).toArray(CompletableFuture[]::new))
          .get(LOG_OUT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("Some sessions are left for their BMCs to end", e);
    }
    clients.values().forEach(HttpClient::shutdownNow);
    clients.clear();
    threads.shutdownNow();
  }
}
