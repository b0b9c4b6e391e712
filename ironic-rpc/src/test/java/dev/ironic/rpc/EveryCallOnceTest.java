package dev.ironic.rpc;

import static dev.ironic.rpc.RpcRig.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.Node;
import dev.ironic.core.routing.RingLocator;
import dev.ironic.core.routing.Rings;
import dev.ironic.core.routing.RoutingOptions;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Conductors that end, vanish and come back elsewhere while many call them, who repeat what was not
 * done: each call is answered, and none is performed twice.
 */
@Timeout(180)
class EveryCallOnceTest {

  private static final RpcOptions LOOPBACK = RpcRig.options(0, Duration.ofMinutes(1));
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int CALLERS = 12;
  private static final String DONE = "done";

  private enum Mishap {
    BREAK,
    LEAVE,
    VANISH
  }

  /** What a caller was told about a call. */
  private record Outcome(String id, String told) {}

  /** A conductor from its start to its end. */
  private final class Life implements AutoCloseable {
    private final String host;
    private final AtomicInteger inside = new AtomicInteger();
    private final RpcServer server;
    private final Relay relay;
    private volatile CountDownLatch gate = new CountDownLatch(1);

    Life(String host) {
      this.host = host;
      server =
          RpcServer.start(
              LOOPBACK,
              RpcRig.answering((method, arguments) -> perform(this, (String) arguments[1])),
              Clock.systemUTC(),
              UUID.randomUUID());
      try {
        relay = new Relay(Integer.parseInt(server.address().replaceAll(".*:", "")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        server.close();
        relay.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Store store = SqlStore.open(DatabaseUrl.parse("sqlite://"), Clock.systemUTC());
  private final RpcClient client = new RpcClient(LOOPBACK, Clock.systemUTC(), UUID.randomUUID());
  private final RingLocator locator =
      new RingLocator(
          new Rings(
              store.conductors(),
              new RoutingOptions(5, Duration.ofSeconds(15), "md5", Duration.ZERO),
              Clock.systemUTC()),
          new RemoteConductors(store.conductors(), client),
          new Random(1));
  private final Map<String, Life> lives = new ConcurrentHashMap<>();
  private final Map<String, List<Life>> performed = new ConcurrentHashMap<>();
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean over;

  @AfterEach
  void close() {
    client.close();
    lives.values().forEach(Life::close);
    store.close();
  }

  private void begin(String host) {
    var life = new Life(host);
    store
        .conductors()
        .register(
            host,
            "",
            List.of("ipmi"),
            List.of(new ConductorInterface(0, null, null, 0, "ipmi", "power", "fake", true)),
            host);
    store.conductors().advertise(host, host, life.relay.address());
    lives.put(host, life);
  }

  /** Every fourth call takes until something happens to the conductor. */
  private Object perform(Life life, String id) throws InterruptedException {
    performed.computeIfAbsent(id, key -> Collections.synchronizedList(new ArrayList<>())).add(life);
    if (calls.incrementAndGet() % 4 == 0) {
      CountDownLatch open = life.gate;
      life.inside.incrementAndGet();
      open.await();
      life.inside.decrementAndGet();
    }
    return null;
  }

  /** Repeats what was not done, as callers may. */
  private void call() {
    Node node = Node.draft(UUID.randomUUID().toString(), "ipmi");
    String told = null;
    while (told == null) {
      try {
        locator.forNode(node).destroyNode(CONTEXT, node.uuid());
        told = DONE;
      } catch (IronicException e) {
        assertThat(e.status()).isEqualTo(503);
        told = e.fault() == Fault.NOT_TAKEN ? null : "perhaps: " + e.getMessage();
      }
    }
    outcomes.add(new Outcome(node.uuid(), told));
  }

  private void happens(Mishap mishap, Life victim) throws Exception {
    CountDownLatch before = victim.gate;
    switch (mishap) {
      case BREAK -> victim.relay.breakConnections();
      case LEAVE -> store.conductors().touch(victim.host, victim.host, false);
      case VANISH -> victim.relay.silenceConnections();
    }
    if (mishap == Mishap.BREAK) {
      victim.gate = new CountDownLatch(1);
      before.countDown();
      return;
    }
    Thread end = Thread.ofVirtual().start(victim.server::close);
    before.countDown();
    end.join();
    victim.relay.close();
    begin(victim.host);
  }

  /**
   * Lets many call while things happen to conductors that are at work on calls.
   *
   * @return those from whom callers were cut off
   */
  private List<Life> callWhile(List<Mishap> mishaps) throws Exception {
    var random = new Random(7);
    List.of("one", "two", "three").forEach(this::begin);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!over) {
                      call();
                    }
                  }));
    }
    var cutOff = new ArrayList<Life>();
    for (Mishap mishap : mishaps) {
      await().atMost(LONG).until(() -> lives.values().stream().anyMatch(l -> l.inside.get() > 0));
      List<Life> amidCalls = lives.values().stream().filter(l -> l.inside.get() > 0).toList();
      Life victim = amidCalls.get(random.nextInt(amidCalls.size()));
      if (mishap != Mishap.LEAVE) {
        cutOff.add(victim);
      }
      happens(mishap, victim);
    }
    over = true;
    lives.values().forEach(life -> life.gate.countDown());
    for (Thread caller : callers) {
      assertThat(caller.join(LONG)).as("every call is answered").isTrue();
    }
    return cutOff;
  }

  @Test
  void conductorsThatEndOneAfterTheOtherLoseNoCall() throws Exception {
    callWhile(Collections.nCopies(9, Mishap.LEAVE));

    assertThat(outcomes).extracting(Outcome::told).containsOnly(DONE);
    assertThat(performed).hasSameSizeAs(outcomes);
    assertThat(performed.values()).allSatisfy(by -> assertThat(by).hasSize(1));
  }

  @Test
  void eachCallIsAnsweredAndNoneIsPerformedTwice() throws Exception {
    List<Life> cutOff =
        callWhile(List.of(Mishap.LEAVE, Mishap.BREAK, Mishap.VANISH, Mishap.LEAVE, Mishap.BREAK));

    assertThat(performed.values()).allSatisfy(by -> assertThat(by).hasSize(1));
    for (Outcome outcome : outcomes) {
      List<Life> by = performed.getOrDefault(outcome.id(), List.of());
      if (outcome.told().equals(DONE)) {
        assertThat(by).hasSize(1);
      } else {
        assertThat(cutOff).as(outcome.told()).containsAll(by);
      }
    }
    assertThat(outcomes).extracting(Outcome::told).contains(DONE);
  }
}
