package dev.ironic.core.conductor;

import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.driver.DriverSources;
import dev.ironic.core.events.EventListener;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.Store;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.Sleeper;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Describes a conductor; every part has a default. Not thread-safe. */
public final class ConductorBuilder {

  private static final Clock SYSTEM = Clock.systemUTC();

  final DriverSources sources = new DriverSources();
  private final List<DriverPlugin> plugins = new ArrayList<>();
  DriverConfig config = IronicConfig.defaults();
  Clock clock = SYSTEM;
  private @Nullable InstantSource steady;
  Sleeper sleeper = Thread::sleep;
  RandomGenerator random = new SecureRandom();
  ImageService images = new ImagesMissing();
  ThreadFactory threads = Thread.ofVirtual().factory();
  Supplier<Bell> bells = Bell::real;
  private boolean services = true;
  @Nullable Store store;
  @Nullable Timers timers;
  private @Nullable String host;
  @Nullable EventListener events;
  @Nullable Runnable cacheCleanUp;
  @Nullable Predicate<Node> serves;

  ConductorBuilder() {}

  /** The database; the caller closes it. By default the one that the configuration names. */
  public ConductorBuilder store(Store value) {
    store = value;
    return this;
  }

  /** The configuration; by default all options have their defaults. */
  public ConductorBuilder config(DriverConfig value) {
    config = value;
    return this;
  }

  /** Adds drivers, besides those on the class path. */
  public ConductorBuilder drivers(DriverPlugin... values) {
    plugins.addAll(List.of(values));
    return this;
  }

  /** Leaves out the drivers on the class path. */
  public ConductorBuilder onlyGivenDrivers() {
    services = false;
    return this;
  }

  /** Adds the drivers in a folder of jars. */
  public ConductorBuilder driverFolder(Path folder) {
    sources.folder(folder);
    return this;
  }

  /**
   * The time for drivers; by default that of the system. What concerns nodes goes by {@link
   * Store#clock}.
   */
  public ConductorBuilder clock(Clock value) {
    clock = value;
    return this;
  }

  /**
   * Measures how long this conductor was silent; nobody sets it. By default {@link #clock}, or a
   * counter of the machine where that is left to its default.
   */
  public ConductorBuilder steadyClock(InstantSource value) {
    steady = value;
    return this;
  }

  /** How to wait; by default really. */
  public ConductorBuilder sleeper(Sleeper value) {
    sleeper = value;
    return this;
  }

  /** Makes the threads that work on nodes; by default virtual ones. */
  public ConductorBuilder threads(ThreadFactory value) {
    threads = value;
    return this;
  }

  /** Makes what wakes those who wait for a node's lock; by default threads of this process. */
  ConductorBuilder bells(Supplier<Bell> value) {
    bells = value;
    return this;
  }

  /** What does things later; by default a thread of the conductor. Closed with it. */
  public ConductorBuilder timers(Timers value) {
    timers = value;
    return this;
  }

  /** Randomness, also for tokens and salts; by default cryptographically strong. */
  public ConductorBuilder random(RandomGenerator value) {
    random = value;
    return this;
  }

  /** Its name among conductors; by default {@code [DEFAULT]host}, or the machine's name. */
  public ConductorBuilder host(String value) {
    host = value;
    return this;
  }

  /** What drivers get for images; by default nothing, so that images cannot be deployed. */
  public ConductorBuilder images(ImageService value) {
    images = value;
    return this;
  }

  /**
   * Trims the caches of those images, called every {@code [conductor] cache_clean_up_interval}; by
   * default nothing.
   */
  public ConductorBuilder cacheCleanUp(Runnable value) {
    cacheCleanUp = value;
    return this;
  }

  /**
   * Who hears of events, such as what sensors show; by default what {@code
   * [oslo_messaging_notifications] driver} names.
   */
  public ConductorBuilder events(EventListener value) {
    events = value;
    return this;
  }

  /**
   * Which nodes it looks after by itself; by default those that the hash ring of all conductors
   * gives to it.
   */
  public ConductorBuilder serves(Predicate<Node> value) {
    serves = value;
    return this;
  }

  /**
   * Starts it.
   *
   * @throws IllegalArgumentException when configuration or drivers are wrong
   */
  public Conductor start() {
    plugins.forEach(sources::plugin);
    if (services) {
      sources.services(Conductor.class.getClassLoader());
    }
    return new Conductor(this);
  }

  InstantSource steadyClock() {
    if (steady != null) {
      return steady;
    }
    return clock.equals(SYSTEM) ? () -> Instant.EPOCH.plusNanos(System.nanoTime()) : clock;
  }

  String hostName() {
    if (host != null) {
      return host;
    }
    return config
        .text("DEFAULT", "host")
        .filter(text -> !text.isBlank())
        .orElseGet(ConductorBuilder::machineName);
  }

  private static String machineName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "The machine has no name; set [DEFAULT]host for the conductor", e);
    }
  }
}
