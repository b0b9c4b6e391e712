package dev.ironic.agent;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.CommandExecutor;
import dev.ironic.agent.command.CommandServer;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.hardware.HardwareManagers;
import dev.ironic.agent.hardware.Inventory;
import dev.ironic.agent.http.OwnAddress;
import dev.ironic.agent.http.Trust;
import dev.ironic.agent.http.WebClient;
import dev.ironic.agent.ironic.Alarm;
import dev.ironic.agent.ironic.ApiVersion;
import dev.ironic.agent.ironic.Heartbeater;
import dev.ironic.agent.ironic.Inspection;
import dev.ironic.agent.ironic.IronicApi;
import dev.ironic.agent.ironic.Lookup;
import dev.ironic.agent.ironic.NodeContext;
import dev.ironic.agent.system.Sleeper;
import dev.ironic.agent.system.Tools;
import dev.ironic.agent.tls.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running agent: looked up, serving commands, sending heartbeats. Thread-safe; several can live
 * in one JVM.
 */
public final class Agent implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Agent.class);

  private static final int LEAST_TOKEN = 32;
  private static final int AUTO_TLS_VERSION = 68;
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);
  private static final Path RESCUED = Path.of("/etc/.rescued");

  /**
   * What the agent needs from outside of itself.
   *
   * @param clock the time
   * @param sleeper for pauses
   * @param random for keys and for spreading load
   * @param alarm for the pauses between heartbeats
   * @param ownLog the agent's own log, for collection
   */
  public record Surroundings(
      InstantSource clock,
      Sleeper sleeper,
      SecureRandom random,
      Alarm alarm,
      Supplier<byte[]> ownLog) {

    /** The real ones. */
    public static Surroundings real(Supplier<byte[]> ownLog) {
      return new Surroundings(
          InstantSource.system(), Sleeper.real(), new SecureRandom(), Alarm.real(), ownLog);
    }
  }

  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final AgentOptions options;
  private final Surroundings surroundings;
  private final NodeContext node = new NodeContext();
  private volatile @Nullable Listener listener;
  private volatile @Nullable Thread heartbeats;
  private volatile @Nullable SelfSignedCertificate ownCertificate;

  private Agent(AgentOptions options, Surroundings surroundings) {
    this.options = options;
    this.surroundings = surroundings;
  }

  /**
   * Starts an agent; returns once it serves.
   *
   * @throws IOException if lookup or serving fails for good
   * @throws AgentException if the hardware or the token is unusable
   */
  public static Agent start(AgentOptions options, Surroundings surroundings) throws Exception {
    Agent agent = new Agent(options, surroundings);
    try {
      agent.begin();
      return agent;
    } catch (Throwable e) {
      agent.close();
      throw e;
    }
  }

  private void begin() throws Exception {
    surroundings.sleeper.sleep(options.initializationDelay());
    Trust trust = trust();
    Assembly assembly = new Assembly(options, surroundings, trust, node, exit::complete);
    if (options.ntpServer() != null && options.disks().isEmpty()) {
      followClock(assembly.tools(), options.ntpServer());
    }
    HardwareManagers managers = assembly.hardware();
    Inventory inventory = new Inventory(managers);
    boolean standalone = options.apiUrls().isEmpty();
    IronicApi api = standalone ? null : api(trust);
    if (api != null) {
      String found =
          options.inspectionUrls().isEmpty()
              ? null
              : new Inspection(options, trust, managers, inventory, surroundings.sleeper).run();
      Lookup lookup =
          new Lookup(api, surroundings.clock, surroundings.sleeper, surroundings.random);
      node.update(
          lookup.run(inventory.macs(), found, options.lookupInterval(), options.lookupTimeout()));
    }
    String token = token();
    if (options.disks().isEmpty() && Files.exists(RESCUED)) {
      log.info("this machine is in rescue; the agent stays idle");
      return;
    }
    String host = new OwnAddress(options.advertise(), surroundings.sleeper).find(options.apiUrls());
    SelfSignedCertificate certificate = certificate(api, host, managers);
    ownCertificate = certificate;
    Heartbeats beats = new Heartbeats();
    assembly.bind(managers, inventory, api, () -> stopServing(false), this::lockdown);
    CommandExecutor executor = new CommandExecutor(assembly.extensions(), beats::hurry);
    CommandServer commands =
        new CommandServer(executor, () -> token, version(), surroundings.clock.millis() / 1000.0);
    Listener serving = Listener.start(options, node, certificate, commands);
    listener = serving;
    String callback = callbackUrl(host, serving.port(), certificate != null);
    log.info("serving commands on port {}, known as {}", serving.port(), callback);
    if (api != null) {
      beats.start(api, callback, token, certificate);
    }
  }

  /** The port commands are served on. */
  public int port() {
    Listener serving = listener;
    if (serving == null) {
      throw new IllegalStateException("the agent does not serve");
    }
    return serving.port();
  }

  /** The certificate it serves with, as PEM text, for callers who shall trust it. */
  public String certificatePem() {
    SelfSignedCertificate own = ownCertificate;
    if (own == null) {
      throw new IllegalStateException("the agent serves without TLS");
    }
    return own.pem();
  }

  /** Blocks until the machine this agent lives on is to end; the value is the exit code. */
  public int awaitExit() throws Exception {
    return exit.get();
  }

  @Override
  public void close() {
    stopServing(true);
  }

  private void stopServing(boolean wait) {
    Thread beats = heartbeats;
    if (beats != null) {
      beats.interrupt();
    }
    Listener serving = listener;
    if (serving == null) {
      return;
    }
    if (wait) {
      serving.close();
    } else {
      Thread.ofVirtual().start(serving::close); // the answer to the present command is due first
    }
  }

  private void lockdown() {
    stopServing(false);
  }

  /** The thread of the heartbeats, which starts after those who may hurry it exist. */
  private final class Heartbeats {
    private volatile @Nullable Heartbeater heartbeater;

    void hurry() {
      Heartbeater running = heartbeater;
      if (running != null) {
        running.hurry();
      }
    }

    void start(IronicApi api, String callback, String token, @Nullable SelfSignedCertificate own) {
      IronicApi.Heartbeat content =
          new IronicApi.Heartbeat(callback, token, version(), own == null ? null : own.pem());
      String uuid = uuid();
      Heartbeater beating =
          new Heartbeater(
              () -> api.heartbeat(uuid, content),
              node::heartbeatTimeout,
              surroundings.clock,
              surroundings.random,
              surroundings.alarm);
      heartbeater = beating;
      heartbeats = Thread.ofVirtual().name("heartbeats").start(beating::run);
    }
  }

  private String uuid() {
    String uuid = node.uuid();
    if (uuid == null) {
      throw new AgentException(ErrorKind.UNKNOWN_NODE, "the lookup's answer names no node");
    }
    return uuid;
  }

  private IronicApi api(Trust trust) {
    return new IronicApi(
        options.apiUrls(),
        new WebClient(trust, options.requestTimeout()),
        options.requestId(),
        options.apiVersion() == null ? null : ApiVersion.parse(options.apiVersion()));
  }

  private Trust trust() throws IOException {
    if (options.insecure()) {
      return Trust.anybody();
    }
    return options.caFile() == null ? Trust.system() : Trust.authorities(options.caFile());
  }

  // A concealed token without a pre-shared one means that somebody else has got it before.
  private String token() {
    String token = options.token() == null ? node.token() : options.token().reveal();
    if (token == null || token.length() < LEAST_TOKEN) {
      throw new AgentException(
          ErrorKind.UNKNOWN_NODE,
          "no usable agent token: another agent may have asked for it before, or the pre-shared"
              + " one is shorter than "
              + LEAST_TOKEN
              + " characters; power the machine off and on to begin anew");
    }
    return token;
  }

  private @Nullable SelfSignedCertificate certificate(
      @Nullable IronicApi api, String host, HardwareManagers managers) throws Exception {
    boolean wanted =
        api == null
            ? "https".equals(options.advertise().protocol())
            : api.version().atLeast(AUTO_TLS_VERSION);
    if (!wanted) {
      return null;
    }
    return SelfSignedCertificate.create(
        options.tls().curve(),
        managers.dispatch("hostname", m -> m.hostname()),
        host,
        surroundings.clock.instant(),
        CLOCK_SKEW,
        surroundings.random);
  }

  private String callbackUrl(String host, int port, boolean tls) {
    String protocol = options.advertise().protocol();
    Integer advertised = options.advertise().port();
    return "%s://%s:%d"
        .formatted(
            protocol == null ? (tls ? "https" : "http") : protocol,
            host.contains(":") ? "[" + host + "]" : host,
            advertised == null ? port : advertised);
  }

  private static void followClock(Tools tools, String server) throws InterruptedException {
    Duration limit = Duration.ofMinutes(2);
    try {
      if (tools.present("chronyd")) {
        tools.require(limit, "chronyd", "-q", "server " + server + " iburst");
      } else {
        tools.require(limit, "ntpdate", server);
      }
    } catch (IOException e) {
      log.warn("the clock could not be set by {}: {}", server, e.getMessage());
    }
  }

  /** The agent's version as told in heartbeats. */
  static String version() {
    String version = Agent.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0" : version;
  }
}
