package dev.ironic.core.conductor;

import dev.ironic.driver.DriverConfig;
import java.time.Duration;

/**
 * How gently management controllers are treated; options of ours alone in the group [conductor].
 *
 * @param calls how many calls to one controller at a time
 * @param patience how long a call waits for its turn
 * @param failures after how many calls without an answer, one after another, it is left alone
 * @param backOff for how long at first
 * @param longestBackOff for how long at most; the time doubles with each failed trial
 */
record BmcOptions(
    int calls, Duration patience, int failures, Duration backOff, Duration longestBackOff) {

  private static final String GROUP = "conductor";

  BmcOptions {
    requirePositive("bmc_max_concurrent_calls", calls);
    requirePositive("bmc_failures_to_pause", failures);
  }

  static BmcOptions from(DriverConfig config) {
    return new BmcOptions(
        config.integer(GROUP, "bmc_max_concurrent_calls", 4),
        config.seconds(GROUP, "bmc_call_wait", Duration.ofSeconds(60)),
        config.integer(GROUP, "bmc_failures_to_pause", 6),
        config.seconds(GROUP, "bmc_pause", Duration.ofSeconds(5)),
        config.seconds(GROUP, "bmc_longest_pause", Duration.ofSeconds(30)));
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "[conductor] %s must be at least 1, not %d".formatted(option, value));
    }
  }
}
