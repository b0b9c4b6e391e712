package dev.ironic.chaos;

import static dev.ironic.core.model.ProvisionState.ACTIVE;
import static dev.ironic.core.model.ProvisionState.AVAILABLE;
import static dev.ironic.core.model.ProvisionState.MANAGEABLE;

import dev.ironic.chaos.StoppingStore.Stop;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.ConfigFiles;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;

/**
 * A conductor that comes to stand still, for its parent to kill. First it deploys and cleans a node
 * each without disturbance and counts the records of their journals. Then it begins as many of both
 * as there are records, twice, and each stands still at another record, right before or right after
 * it is stored. It prints what stands where, and {@link #SIGN} when all do.
 */
final class DoomedConductorMain {

  static final String SIGN = "All stand still";

  /** The flows: in which state they begin and end. */
  enum Work {
    DEPLOY(AVAILABLE, ACTIVE),
    CLEAN(MANAGEABLE, AVAILABLE);

    final ProvisionState from;
    final ProvisionState to;

    Work(ProvisionState from, ProvisionState to) {
      this.from = from;
      this.to = to;
    }
  }

  private static final RequestContext ME = RequestContext.internal("req-doomed");
  private static final Stop NEVER = new Stop(Integer.MAX_VALUE, true);

  private final Store store;
  private final StoppingStore stopping;
  private final Conductor conductor;

  private DoomedConductorMain(Store store, StoppingStore stopping, Conductor conductor) {
    this.store = store;
    this.stopping = stopping;
    this.conductor = conductor;
  }

  public static void main(String[] arguments) throws InterruptedException {
    IronicConfig config = ConfigFiles.load(List.of(Path.of(arguments[0])));
    Store store =
        SqlStore.open(
            DatabaseUrl.parse(config.requiredText("database", "connection")), Clock.systemUTC());
    // The number is not known yet; main stands still with the rest.
    var stopped = new CountDownLatch(Integer.MAX_VALUE);
    var stopping = new StoppingStore(store, stopped);
    Conductor conductor =
        Conductor.builder()
            .config(config)
            .store(stopping.store())
            .host(config.requiredText("DEFAULT", "host"))
            .start();
    int all = new DoomedConductorMain(store, stopping, conductor).run();
    Awaitility.await("all to stand still")
        .atMost(Duration.ofSeconds(90))
        .until(() -> Integer.MAX_VALUE - stopped.getCount() == all);
    System.out.println(SIGN);
    new CountDownLatch(1).await();
  }

  private int run() {
    Map<Work, String> undisturbed = new LinkedHashMap<>();
    for (Work work : Work.values()) {
      undisturbed.put(work, created(work));
    }
    undisturbed.forEach((work, node) -> begin(work, node, NEVER));
    undisturbed.forEach((work, node) -> await(node, work.to));
    Map<String, Map.Entry<Work, Stop>> plans = new LinkedHashMap<>();
    undisturbed.forEach(
        (work, node) -> {
          int records = stopping.records(node);
          System.out.printf("RECORDS %s %d %s%n", work, records, node);
          for (int i = 1; i <= records; i++) {
            // Before the first one is stored, nothing was accepted.
            if (i > 1) {
              plans.put(created(work), Map.entry(work, new Stop(i, false)));
            }
            plans.put(created(work), Map.entry(work, new Stop(i, true)));
          }
        });
    plans.forEach((node, plan) -> settled(plan.getKey(), node));
    plans.forEach(
        (node, plan) -> {
          Stop stop = plan.getValue();
          System.out.printf(
              "NODE %s %d %s %s%n",
              plan.getKey(), stop.record(), stop.after() ? "after" : "before", node);
          // Who asks may stand still, too: the first record is stored before the answer.
          Thread.startVirtualThread(() -> begin(plan.getKey(), node, stop));
        });
    return plans.size();
  }

  private String created(Work work) {
    Node node = Node.draft(UUID.randomUUID().toString(), "chaos-hardware");
    conductor.service().createNode(ME, node);
    conductor.service().doProvisioningAction(ME, node.uuid(), "manage");
    if (work == Work.CLEAN) {
      return node.uuid();
    }
    await(node.uuid(), MANAGEABLE);
    conductor.service().doProvisioningAction(ME, node.uuid(), "provide");
    return node.uuid();
  }

  private void settled(Work work, String node) {
    await(node, work.from);
  }

  private void begin(Work work, String node, Stop stop) {
    await(node, work.from);
    stopping.watch(node, stop);
    switch (work) {
      case DEPLOY -> conductor.service().doNodeDeploy(ME, node, false, null, null);
      case CLEAN -> conductor.service().doProvisioningAction(ME, node, "provide");
    }
  }

  private void await(String node, ProvisionState state) {
    Awaitility.await(state.wireName())
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              Node now = store.nodes().get(node);
              return now.provisionState() == state && now.reservation() == null;
            });
  }
}
