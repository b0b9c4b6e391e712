package dev.ironic.driver.tck;

import dev.ironic.driver.DriverContext;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * A conductor without a conductor: virtual time, configuration from a map, images that are only
 * remembered.
 *
 * @param config the configuration
 * @param clock the time
 * @param images the images
 * @param random seeded, so that tests repeat
 * @param bmcCalls notes the calls to controllers
 */
public record TestContext(
    TestConfig config,
    VirtualTime clock,
    TestImages images,
    RandomGenerator random,
    DirectBmcCalls bmcCalls)
    implements DriverContext {

  /**
   * Creates one.
   *
   * @param options {@code group.option} to text
   */
  public static TestContext of(Map<String, String> options) {
    return new TestContext(
        new TestConfig(Map.copyOf(options)),
        new VirtualTime(),
        new TestImages(),
        new Random(42),
        new DirectBmcCalls());
  }

  @Override
  public VirtualTime sleeper() {
    return clock;
  }

  @Override
  public String conductorHost() {
    return "test-conductor";
  }
}
