package dev.ironic.agent.ironic;

import dev.ironic.agent.json.JsonMap;
import dev.ironic.agent.system.Sleeper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps asking the API which node this is, with growing random pauses. */
public final class Lookup {

  private static final Logger log = LoggerFactory.getLogger(Lookup.class);

  private static final double LONGEST_PAUSE_SECONDS = 60;

  /** A locked node is soon free again: these pauses come before the usual ones. */
  private static final List<Duration> LOCKED_PAUSES =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30));

  private final IronicApi api;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final RandomGenerator random;

  /** Creates it. */
  public Lookup(IronicApi api, InstantSource clock, Sleeper sleeper, RandomGenerator random) {
    this.api = api;
    this.clock = clock;
    this.sleeper = sleeper;
    this.random = random;
  }

  /**
   * Asks until there is an answer.
   *
   * @param first the first pause
   * @param limit when to give up
   * @throws IOException with the last failure once the time is over
   */
  public JsonMap run(List<String> macs, @Nullable String nodeUuid, Duration first, Duration limit)
      throws IOException, InterruptedException {
    Instant end = clock.instant().plus(limit);
    double ceiling = Math.max(0.001, first.toMillis() / 1000.0);
    int locked = 0;
    while (true) {
      IOException failure;
      try {
        JsonMap answer = api.lookup(macs, nodeUuid);
        log.info("this machine is node {}", answer.map("node").text("uuid"));
        return answer;
      } catch (IOException e) {
        failure = e;
      }
      Duration pause;
      if (failure instanceof IronicApi.Refused refused
          && refused.status() == 409
          && locked < LOCKED_PAUSES.size()) {
        pause = LOCKED_PAUSES.get(locked++);
      } else {
        ceiling = Math.min(LONGEST_PAUSE_SECONDS, ceiling * 2);
        pause = Duration.ofMillis((long) (1000 * ceiling * random.nextDouble(0.5, 1.0)));
      }
      if (clock.instant().plus(pause).isAfter(end)) {
        throw new IOException(
            "no node was found within "
                + limit.toSeconds()
                + " seconds for the addresses "
                + macs
                + "; the last answer: "
                + failure.getMessage(),
            failure);
      }
      log.warn("{}; next lookup in {} ms", failure.getMessage(), pause.toMillis());
      sleeper.sleep(pause);
    }
  }
}
