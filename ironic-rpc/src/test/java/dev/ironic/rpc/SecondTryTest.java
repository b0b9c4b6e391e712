package dev.ironic.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.Node;
import dev.ironic.core.routing.RingLocator;
import dev.ironic.core.routing.Rings;
import dev.ironic.core.routing.RoutingOptions;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of requests whose conductor goes away: another does them, and never both. */
class SecondTryTest {

  private static final RpcOptions LOOPBACK = RpcRig.options(0, Duration.ofSeconds(20));
  private static final RequestContext CONTEXT =
      new RequestContext("req-1", "ann", null, List.of("admin"), null, null);

  private final Store store = SqlStore.open(DatabaseUrl.parse("sqlite://"), Clock.systemUTC());
  private final Map<String, RpcServer> servers = new HashMap<>();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final Node node = Node.draft(UUID.randomUUID().toString(), "ipmi");
  private RpcClient client;
  private RemoteConductors remote;
  private RingLocator locator;

  @BeforeEach
  void start() {
    client = new RpcClient(LOOPBACK, Clock.systemUTC(), UUID.randomUUID());
    remote = new RemoteConductors(store.conductors(), client);
    var rings = new Rings(store.conductors(), RoutingOptions.DEFAULT, Clock.systemUTC());
    locator = new RingLocator(rings, remote, new Random(1));
    for (String host : List.of("one", "two")) {
      RpcServer server =
          RpcServer.start(
              LOOPBACK,
              RpcRig.answering((method, arguments) -> perform(host, method)),
              Clock.systemUTC(),
              UUID.randomUUID());
      servers.put(host, server);
      store
          .conductors()
          .register(
              host,
              "",
              List.of("ipmi"),
              List.of(new ConductorInterface(0, null, null, 0, "ipmi", "power", "fake", true)),
              "first");
      store.conductors().advertise(host, "first", server.address());
    }
  }

  private Object perform(String host, String method) {
    if (method.equals("injectNmi")) {
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    done.add(host + " " + method);
    return null;
  }

  @AfterEach
  void stop() {
    client.close();
    servers.values().forEach(RpcServer::close);
    store.close();
  }

  private String ownerThatLeaves() {
    String owner = locator.hostOf(node);
    store.conductors().touch(owner, "first", false);
    return owner;
  }

  private static String other(String host) {
    return host.equals("one") ? "two" : "one";
  }

  @Test
  void aConductorThatIsGoneIsReplaced() {
    String owner = ownerThatLeaves();
    servers.get(owner).close();
    locator.forNode(node).destroyNode(CONTEXT, node.uuid());
    assertThat(done).containsExactly(other(owner) + " destroyNode");
  }

  @Test
  void aConductorThatIsAboutToGoAnswersWhatItHasTakenAndNothingElse() throws Exception {
    String owner = ownerThatLeaves();
    var taken = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .start(
            () -> {
              locator.forNode(node).injectNmi(CONTEXT, node.uuid());
              taken.complete(null);
            });
    reached.await();
    Thread closing = Thread.ofVirtual().start(servers.get(owner)::close);
    while (!done.contains(other(owner) + " destroyNode")) {
      locator.forNode(node).destroyNode(CONTEXT, node.uuid());
    }
    released.countDown();
    taken.join();
    closing.join();
    assertThat(done)
        .containsOnlyOnce(owner + " injectNmi")
        .doesNotContain(other(owner) + " injectNmi");
  }

  @Test
  void aConductorThatCannotBeFoundAnyMoreIsReplaced() {
    String owner = locator.hostOf(node);
    store.conductors().delete(store.conductors().get(owner));
    locator.forNode(node).destroyNode(CONTEXT, node.uuid());
    assertThat(done).containsExactly(other(owner) + " destroyNode");
  }

  @Test
  void aConductorThatHasMovedIsAskedAtItsNewAddress() {
    String owner = locator.hostOf(node);
    var once = new AtomicBoolean();
    RpcServer elsewhere =
        RpcServer.start(
            LOOPBACK,
            RpcRig.answering((method, arguments) -> perform(owner + " elsewhere", method)),
            Clock.systemUTC(),
            UUID.randomUUID());
    var moving =
        new RingLocator(
            new Rings(store.conductors(), RoutingOptions.DEFAULT, Clock.systemUTC()),
            host -> {
              ConductorService found = remote.apply(host);
              if (once.compareAndSet(false, true)) {
                servers.put(owner, elsewhere).close();
                store.conductors().advertise(owner, "first", elsewhere.address());
              }
              return found;
            },
            new Random(1));
    moving.forNode(node).destroyNode(CONTEXT, node.uuid());
    assertThat(done).containsExactly(owner + " elsewhere destroyNode");
  }

  @Test
  void whereAnyConductorWillDoAnotherOneIsAsked() {
    servers.get("one").close();
    // Draws the first one each time.
    var first =
        new RingLocator(
            new Rings(store.conductors(), RoutingOptions.DEFAULT, Clock.systemUTC()),
            remote,
            () -> 0L);
    CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> first.any().destroyNode(CONTEXT, "any")),
            CompletableFuture.runAsync(
                () -> first.forDriver("ipmi").driverProperties(CONTEXT, "ipmi")))
        .join();
    assertThat(done).containsExactlyInAnyOrder("two destroyNode", "two driverProperties");
  }

  @Test
  void withoutAnotherConductorTheCallerIsTold() {
    String owner = locator.hostOf(node);
    store.conductors().delete(store.conductors().get(other(owner)));
    servers.get(owner).close();
    assertThatThrownBy(() -> locator.forNode(node).destroyNode(CONTEXT, node.uuid()))
        .isInstanceOfSatisfying(
            IronicException.class,
            e -> {
              assertThat(e.fault()).isEqualTo(Fault.NOT_TAKEN);
              assertThat(e.status()).isEqualTo(503);
            });
    assertThat(done).isEmpty();
  }
}
