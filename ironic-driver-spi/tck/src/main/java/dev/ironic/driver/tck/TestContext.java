package dev.ironic.driver.tck;

import dev.ironic.driver.BmcCalls;
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
 */
public record TestContext(
    TestConfig config, VirtualTime clock, TestImages images, RandomGenerator random)
    implements DriverContext {

  /**
   * Creates one.
   *
   * @param options {@code group.option} to text
   */
  public static TestContext of(Map<String, String> options) {
    return new TestContext(
        new TestConfig(Map.copyOf(options)), new VirtualTime(), new TestImages(), new Random(42));
  }

  @Override
  public VirtualTime sleeper() {
    return clock;
  }

  @Override
  public BmcCalls bmcCalls() {
    return new DirectBmcCalls();
  }

  @Override
  public String conductorHost() {
    return "test-conductor";
  }
}
