package dev.ironic.rpc;

import static dev.ironic.rpc.RpcRig.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Networks that lose connections, conductors that have too much to do. */
@Timeout(60)
class NetworkTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger performed = new AtomicInteger();

  /** Answers when it may. */
  private Object slowly(String method, Object[] arguments) throws InterruptedException {
    performed.incrementAndGet();
    release.await();
    return List.of("done");
  }

  private RpcServer server(int port, RpcOptions.Limits limits) {
    return RpcServer.start(
        RpcRig.options(port, MINUTE, limits),
        RpcRig.answering(this::slowly),
        Clock.systemUTC(),
        UUID.randomUUID());
  }

  private static RpcClient client(RpcOptions.Limits limits) {
    return new RpcClient(RpcRig.options(0, MINUTE, limits), Clock.systemUTC(), UUID.randomUUID());
  }

  private static CompletableFuture<List<String>> vifs(RpcClient client, String address) {
    return CompletableFuture.supplyAsync(
        () -> client.conductor(address).vifs(CONTEXT, "u"), Thread::startVirtualThread);
  }

  private static int port(RpcServer server) {
    return Integer.parseInt(server.address().replaceAll(".*:", ""));
  }

  @Test
  void aCallOnAConnectionThatGoesSilentIsAnsweredOnAnotherAndPerformedOnce() throws Exception {
    try (RpcServer server = server(0, RpcRig.ROOMY);
        Relay relay = new Relay(port(server));
        RpcClient client = client(RpcRig.ROOMY)) {
      var call = vifs(client, relay.address());
      await().until(() -> performed.get() == 1);
      relay.silenceConnections();
      release.countDown();

      await()
          .atMost(Duration.ofSeconds(12))
          .untilAsserted(() -> assertThat(call).isCompletedWithValue(List.of("done")));
      assertThat(relay.connections()).isGreaterThan(1);
      assertThat(performed).hasValue(1);
    }
  }

  @Test
  void aNewCallAfterAConnectionWentSilentIsAnswered() throws Exception {
    release.countDown();
    try (RpcServer server = server(0, RpcRig.ROOMY);
        Relay relay = new Relay(port(server));
        RpcClient client = client(RpcRig.ROOMY)) {
      assertThat(vifs(client, relay.address()).join()).containsExactly("done");
      relay.silenceConnections();

      var call = vifs(client, relay.address());
      await()
          .atMost(Duration.ofSeconds(12))
          .untilAsserted(() -> assertThat(call).isCompletedWithValue(List.of("done")));
      assertThat(performed).hasValue(2);
    }
  }

  @Test
  void aRunningCallOutlivesABrokenConnectionAndIsPerformedOnce() throws Exception {
    try (RpcServer server = server(0, RpcRig.ROOMY);
        Relay relay = new Relay(port(server));
        RpcClient client = client(RpcRig.ROOMY)) {
      var call = vifs(client, relay.address());
      await().until(() -> performed.get() == 1);
      relay.breakConnections();
      await().until(() -> relay.connections() > 1);
      release.countDown();

      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(call).isCompletedWithValue(List.of("done")));
      assertThat(performed).hasValue(1);
    }
  }

  @Test
  void aCallIsNotGivenToAConductorThatWasStartedAnew() throws Exception {
    var second = new AtomicInteger();
    RpcServer first = server(0, RpcRig.ROOMY);
    int port = port(first);
    try (Relay relay = new Relay(port);
        RpcClient client = client(RpcRig.ROOMY)) {
      var call = vifs(client, relay.address());
      await().until(() -> performed.get() == 1);
      // It vanishes as when its host loses power: the answer never leaves it.
      relay.silenceConnections();
      release.countDown();
      first.close();

      try (RpcServer again =
          RpcServer.start(
              RpcRig.options(port, MINUTE),
              RpcRig.answering(
                  (method, arguments) -> {
                    second.incrementAndGet();
                    return List.of("again");
                  }),
              Clock.systemUTC(),
              UUID.randomUUID())) {
        await().atMost(Duration.ofSeconds(12)).until(call::isDone);
        assertThat(again.address()).isEqualTo("tcp://127.0.0.1:" + port);
        assertThatThrownBy(call::join)
            .hasRootCauseInstanceOf(IronicException.class)
            .hasMessageContaining("was started anew and has lost the call");
        assertThat(second).hasValue(0);
        assertThat(vifs(client, relay.address()).join()).containsExactly("again");
      }
    }
  }

  @Test
  void aConductorThatEndsAnswersWhatItPerformsAndTellsThatTheRestIsNotDone() throws Exception {
    for (int round = 0; round < 5; round++) {
      performed.set(0);
      var answered = new AtomicInteger();
      var refusals = new ConcurrentLinkedQueue<IronicException>();
      try (RpcClient client = client(RpcRig.ROOMY);
          RpcServer server =
              RpcServer.start(
                  RpcRig.options(0, MINUTE),
                  RpcRig.answering(
                      (method, arguments) -> {
                        performed.incrementAndGet();
                        return List.of("done");
                      }),
                  Clock.systemUTC(),
                  UUID.randomUUID())) {
        String address = server.address();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
          callers.add(
              Thread.startVirtualThread(
                  () -> {
                    while (refusals.isEmpty()) {
                      try {
                        client.conductor(address).vifs(CONTEXT, "u");
                        answered.incrementAndGet();
                      } catch (IronicException e) {
                        refusals.add(e);
                      }
                    }
                  }));
        }
        await().until(() -> answered.get() > 100);
        server.close();
        for (Thread caller : callers) {
          caller.join();
        }
      }
      assertThat(refusals)
          .isNotEmpty()
          .allSatisfy(e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(Fault.NOT_TAKEN));
      assertThat(performed).hasValue(answered.get());
    }
  }

  @Test
  void aConductorThatEndsDoesNotWaitLongForCallersThatAreGone() throws Exception {
    release.countDown();
    try (RpcServer server = server(0, RpcRig.ROOMY);
        Relay relay = new Relay(port(server));
        RpcClient client = client(RpcRig.ROOMY)) {
      assertThat(vifs(client, relay.address()).join()).containsExactly("done");
      relay.silenceConnections();
      long before = System.nanoTime();
      server.close();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void aConductorWithAFullQueueRefusesAtOnce() {
    var limits = new RpcOptions.Limits(1, 1, 100);
    try (RpcServer server = server(0, limits);
        RpcClient client = client(limits)) {
      var first = vifs(client, server.address());
      await().until(() -> performed.get() == 1);
      // One of these waits for its turn, the other finds no room.
      var second = vifs(client, server.address());
      var third = vifs(client, server.address());

      var refused = CompletableFuture.anyOf(second, third);
      await().atMost(Duration.ofSeconds(5)).until(refused::isCompletedExceptionally);
      assertThatThrownBy(refused::join)
          .hasCauseInstanceOf(IronicException.class)
          .hasMessageContaining("it works on 1 calls, and 1 more wait")
          .cause()
          .isInstanceOfSatisfying(
              IronicException.class,
              e -> {
                assertThat(e.fault()).isEqualTo(Fault.NO_FREE_CONDUCTOR_WORKER);
                assertThat(e.status()).isEqualTo(503);
              });
      assertThat(first).isNotDone();
      release.countDown();
      assertThat(first.join()).containsExactly("done");
      assertThat((second.isCompletedExceptionally() ? third : second).join())
          .containsExactly("done");
      assertThat(performed).hasValue(2);
    }
  }

  @Test
  void aCallerWithTooManyOpenCallsIsRefusedAtOnce() {
    var limits = new RpcOptions.Limits(10, 10, 1);
    try (RpcServer server = server(0, limits);
        RpcClient client = client(limits)) {
      var first = vifs(client, server.address());
      await().until(() -> performed.get() == 1);

      assertThatThrownBy(() -> client.conductor(server.address()).vifs(CONTEXT, "u"))
          .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.status()).isEqualTo(503))
          .hasMessageContaining("max_pending_calls");
      release.countDown();
      assertThat(first.join()).containsExactly("done");
      assertThat(client.conductor(server.address()).vifs(CONTEXT, "u")).containsExactly("done");
    }
  }

  @Test
  void aCallWhoseDeadlinePassesInTheQueueIsDropped() {
    var limits = new RpcOptions.Limits(1, 10, 100);
    // A call arrives a moment after it was sent, so that its time is over here a moment later.
    var time = new ShiftedClock();
    try (RpcServer server =
            RpcServer.start(
                RpcRig.options(0, MINUTE, limits),
                RpcRig.answering(this::slowly),
                time,
                UUID.randomUUID());
        RpcClient client = client(limits);
        RpcClient hurried =
            new RpcClient(
                // Time enough to arrive even when the first connection is one that is never read.
                RpcRig.options(0, Duration.ofSeconds(4), limits),
                Clock.systemUTC(),
                UUID.randomUUID())) {
      var first = vifs(client, server.address());
      await().until(() -> performed.get() == 1);
      assertThatThrownBy(() -> hurried.conductor(server.address()).vifs(CONTEXT, "late"))
          .hasMessageContaining("did not answer in time")
          .hasMessageContaining("may have done what was asked");
      time.putForward(Duration.ofSeconds(1));
      release.countDown();

      assertThat(first.join()).containsExactly("done");
      await().until(() -> server.droppedCalls() == 1);
      assertThat(performed).hasValue(1);
    }
  }
}
