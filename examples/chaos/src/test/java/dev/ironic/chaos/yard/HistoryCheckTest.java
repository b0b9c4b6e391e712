package dev.ironic.chaos.yard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.chaos.yard.YardEntry.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryCheckTest {

  private final List<YardEntry> log = new ArrayList<>();
  private long lastCall;

  @Test
  void holdingsThatFollowEachOtherAreGood() {
    calls("n1", "a", 1, 3);
    calls("n1", "b", 1, 2);
    calls("n1", "a", 2, 1);
    assertThat(HistoryCheck.violations(log)).isEmpty();
  }

  @Test
  void nodesAreApart() {
    long one = begin("n1", "a", 1);
    long other = begin("n2", "b", 1);
    end("n1", "a", 1, one);
    end("n2", "b", 1, other);
    assertThat(HistoryCheck.violations(log)).isEmpty();
  }

  @Test
  void aCallWhileAnothersIsUnderWayIsFound() {
    long one = begin("n1", "a", 1);
    long other = begin("n1", "b", 1);
    end("n1", "a", 1, one);
    end("n1", "b", 1, other);
    assertThat(HistoryCheck.violations(log))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.node()).isEqualTo("n1");
              assertThat(found.what()).contains("at the same time");
              assertThat(found.first().conductor()).isEqualTo("a");
              assertThat(found.second().conductor()).isEqualTo("b");
            });
  }

  @Test
  void oneHoldingMayHaveSeveralCallsUnderWay() {
    long one = begin("n1", "a", 1);
    long other = begin("n1", "a", 1);
    end("n1", "a", 1, other);
    end("n1", "a", 1, one);
    assertThat(HistoryCheck.violations(log)).isEmpty();
  }

  @Test
  void whoComesBackIsFound() {
    calls("n1", "a", 1, 2);
    calls("n1", "b", 1, 2);
    calls("n1", "a", 1, 1);
    assertThat(HistoryCheck.violations(log))
        .singleElement()
        .satisfies(found -> assertThat(found.what()).contains("goes on although"));
  }

  @Test
  void twoTasksOfOneConductorMayNotMixEither() {
    calls("n1", "a", 1, 1);
    calls("n1", "a", 2, 1);
    calls("n1", "a", 1, 1);
    assertThat(HistoryCheck.violations(log)).hasSize(1);
  }

  @Test
  void aConductorThatStartedAgainIsAnother() {
    calls("n1", "a@100", 1, 1);
    calls("n1", "b@200", 1, 1);
    calls("n1", "a@300", 1, 1);
    assertThat(HistoryCheck.violations(log)).isEmpty();
  }

  @Test
  void looksWithoutLockDoNotCount() {
    long one = begin("n1", "a", 1);
    calls("n1", "b", 0, 2);
    end("n1", "a", 1, one);
    assertThat(HistoryCheck.violations(log)).isEmpty();
  }

  @Test
  void whatWasNotPerformedDoesNotCount() {
    calls("n1", "a", 1, 1);
    calls("n1", "b", 1, 1);
    add("n1", "a", 1, ++lastCall, Phase.EXPIRED);
    calls("n1", "b", 1, 1);
    assertThat(HistoryCheck.violations(log)).isEmpty();
  }

  /** In a long good log of many nodes, one call is put where it may not be. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aSeededViolationIsFound(long seed) {
    var random = new SplittableRandom(seed);
    long holding = 0;
    for (int i = 0; i < 2000; i++) {
      calls("n" + random.nextInt(50), "c" + random.nextInt(3), ++holding, 1 + random.nextInt(4));
    }
    assertThat(HistoryCheck.violations(log)).isEmpty();

    int place = 500 + random.nextInt(1000);
    YardEntry victim = log.get(place);
    var broken = new ArrayList<>(log.subList(0, place + 1));
    YardEntry follower =
        log.stream()
            .skip(place + 1L)
            .filter(entry -> entry.node().equals(victim.node()))
            .filter(entry -> entry.holding() != victim.holding())
            .findFirst()
            .orElseThrow();
    // The victim's holding makes one more call, behind the first of the next holding.
    int behind = log.indexOf(follower);
    broken.addAll(log.subList(place + 1, behind + 2));
    broken.add(late(victim, Phase.BEGIN));
    broken.add(late(victim, Phase.END));
    broken.addAll(log.subList(behind + 2, log.size()));
    assertThat(HistoryCheck.violations(broken))
        .isNotEmpty()
        .allSatisfy(found -> assertThat(found.node()).isEqualTo(victim.node()));
  }

  private YardEntry late(YardEntry victim, Phase phase) {
    return new YardEntry(
        0,
        victim.time(),
        victim.node(),
        victim.conductor(),
        victim.holding(),
        lastCall + 1,
        "late",
        phase);
  }

  private void calls(String node, String conductor, long holding, int count) {
    for (int i = 0; i < count; i++) {
      end(node, conductor, holding, begin(node, conductor, holding));
    }
  }

  private long begin(String node, String conductor, long holding) {
    add(node, conductor, holding, ++lastCall, Phase.BEGIN);
    return lastCall;
  }

  private void end(String node, String conductor, long holding, long call) {
    add(node, conductor, holding, call, Phase.END);
  }

  private void add(String node, String conductor, long holding, long call, Phase phase) {
    log.add(
        new YardEntry(
            log.size() + 1L, Instant.EPOCH, node, conductor, holding, call, "power on", phase));
  }
}
