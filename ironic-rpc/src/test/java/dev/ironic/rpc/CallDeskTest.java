package dev.ironic.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.rpc.CallDesk.Verdict;
import dev.ironic.rpc.RpcMessage.CallKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallDeskTest {

  private static final UUID SERVER = UUID.randomUUID();
  private static final UUID CLIENT = UUID.randomUUID();
  private static final byte[] HERE = {1};
  private static final byte[] THERE = {2};
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private final List<CallDesk.Entry> started = new ArrayList<>();
  private final List<CallDesk.Entry> turnedAway = new ArrayList<>();
  private final CallDesk desk =
      new CallDesk(new RpcOptions.Limits(2, 1, 1), CLOCK, started::add, turnedAway::add);

  private static RpcMessage.Call call(long id) {
    return new RpcMessage.Call(new CallKey(CLIENT, id), SERVER, 1000, CLOCK.millis(), new byte[10]);
  }

  @Test
  void aCallThatComesAgainWhileItRunsIsAnsweredWhereItCameLast() {
    assertThat(desk.take(call(1), HERE)).isEqualTo(Verdict.TAKEN);
    assertThat(desk.take(call(1), THERE)).isEqualTo(Verdict.TAKEN);

    assertThat(started).hasSize(1);
    assertThat(started.getFirst().caller()).isEqualTo(THERE);
  }

  @Test
  void aCallThatComesAgainAfterItsAnswerGetsTheSameAnswer() {
    desk.take(call(1), HERE);
    desk.finish(started.getFirst(), new byte[] {42});

    assertThat(desk.take(call(1), THERE)).isEqualTo(Verdict.ANSWERED);
    assertThat(desk.answerTo(call(1).key())).containsExactly(42);
    assertThat(started).hasSize(1);
  }

  @Test
  void callsWaitInOrderAndWhatGoesBeyondIsRefused() {
    desk.take(call(1), HERE);
    desk.take(call(2), HERE);
    desk.take(call(3), HERE);
    assertThat(desk.take(call(4), HERE)).isEqualTo(Verdict.FULL);
    assertThat(started).hasSize(2);

    desk.finish(started.getFirst(), new byte[0]);
    assertThat(started).extracting(entry -> entry.key().id()).containsExactly(1L, 2L, 3L);
    assertThat(desk.take(call(4), HERE)).isEqualTo(Verdict.TAKEN);
  }

  @Test
  void whatIsRememberedIsBounded() {
    var large = new byte[8 << 20];
    for (int id = 1; id <= 6; id++) {
      desk.take(call(id), HERE);
      desk.finish(started.getLast(), large);
    }
    assertThat(desk.answerTo(call(1).key())).isNull();
    assertThat(desk.answerTo(call(6).key())).isSameAs(large);

    for (int id = 100; id < 10_101; id++) {
      desk.take(call(id), HERE);
      desk.finish(started.getLast(), new byte[0]);
    }
    assertThat(desk.answerTo(call(100).key())).isNull();
    assertThat(desk.answerTo(call(101).key())).isNotNull();
  }

  @Test
  void aCallWhoseCallerMayHaveGivenUpIsTurnedAway() {
    long before = CLOCK.millis() - Peer.BEGIN_WITHIN.toMillis() - 1;
    desk.take(
        new RpcMessage.Call(new CallKey(CLIENT, 9), SERVER, 1000, before, new byte[10]), HERE);
    assertThat(started).isEmpty();
    assertThat(turnedAway).hasSize(1);
    // It may be sent again once it is known that we are heard.
    desk.take(call(9), HERE);
    assertThat(started).hasSize(1);
  }
}
