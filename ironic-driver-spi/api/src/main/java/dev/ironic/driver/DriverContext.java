package dev.ironic.driver;

import java.time.Clock;
import java.util.random.RandomGenerator;

/** What a conductor lends to the interfaces it makes. Thread-safe. */
public interface DriverContext {

  /** The conductor's configuration. */
  DriverConfig config();

  /** The time. */
  Clock clock();

  /** Waits. */
  Sleeper sleeper();

  /** Randomness. */
  RandomGenerator random();

  /** Images: boot media for nodes, instance images, and publishing over HTTP. */
  ImageService images();

  /** The way to all management controllers; every call to one goes through it. */
  BmcCalls bmcCalls();

  /** The conductor's host name, as nodes carry it in {@code reservation}. */
  String conductorHost();
}
