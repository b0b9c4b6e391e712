package dev.ironic.benchmarks;

import dev.ironic.core.RequestContext;
import dev.ironic.core.api.ApiRequest;
import dev.ironic.core.api.ApiVersion;
import dev.ironic.core.api.BareMetalApi;
import dev.ironic.core.api.Operation;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.model.Node;
import dev.ironic.core.policy.Caller;
import dev.ironic.core.routing.LocalLocator;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a request costs without HTTP: on SQLite, from the parsed request to the last byte of the
 * answer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ApiBenchmark {

  private static final int NODES = 1000;

  private final SqlStore store = SqlStore.open(DatabaseUrl.parse("sqlite://"), Clock.systemUTC());
  private final IronicConfig config =
      IronicConfig.of(
          Map.of(
              "DEFAULT",
              Map.of(
                  "enabled_hardware_types", "fake-hardware",
                  "enabled_boot_interfaces", "fake",
                  "enabled_deploy_interfaces", "fake")));
  private final Conductor conductor =
      Conductor.builder().store(store).config(config).host("here").start();
  private final BareMetalApi api =
      new BareMetalApi(
          store,
          new LocalLocator("here", "", Set.of("fake-hardware"), conductor.service()),
          config,
          Clock.systemUTC());
  private final String node = UUID.randomUUID().toString();
  private int round;

  /** Stores the nodes. */
  @Setup
  public void fill() {
    for (int i = 0; i < NODES; i++) {
      String uuid = i == 0 ? node : UUID.randomUUID().toString();
      String serial = "SN" + i;
      conductor
          .service()
          .createNode(
              RequestContext.internal("req-setup"),
              Node.draft(uuid, "fake-hardware")
                  .with(
                      b ->
                          b.name("n-" + serial)
                              .extra(Map.of("serial", serial))
                              .properties(Map.of("cpus", 8, "memory_mb", 16384))
                              .driverInfo(Map.of("address", "192.0.2.1", "username", "admin"))));
    }
  }

  /** Stops the conductor and removes the database. */
  @TearDown
  public void close() {
    conductor.close();
    store.close();
  }

  /** GET /v1/nodes/UUID. */
  @Benchmark
  public int showNode() {
    return answer("node.show", Map.of("node_ident", node), Map.of(), "");
  }

  /** GET /v1/nodes with 1000 nodes. */
  @Benchmark
  public int listNodes() {
    return answer("node.list", Map.of(), Map.of(), "");
  }

  /** GET /v1/nodes/detail with 1000 nodes. */
  @Benchmark
  public int listNodesInDetail() {
    return answer("node.list_detail", Map.of(), Map.of(), "");
  }

  /** PATCH of a key of extra: read, applied, locked, written, given back. */
  @Benchmark
  public int patchNode() {
    String patch =
        "[{\"op\": \"add\", \"path\": \"/extra/k\", \"value\": {\"round\": %d}}]"
            .formatted(round++);
    return answer("node.update", Map.of("node_ident", node), Map.of(), patch);
  }

  /** The two version headers of a request. */
  @Benchmark
  public Object negotiateVersion() {
    return ApiVersion.negotiate("baremetal 1.82", "1.82");
  }

  private int answer(
      String operation, Map<String, String> path, Map<String, String> query, String body) {
    Operation wanted =
        api.operations().stream().filter(row -> row.id().equals(operation)).findFirst().get();
    var bytes = new Counting();
    api.handle(
            new ApiRequest(
                wanted,
                path,
                query,
                body.getBytes(StandardCharsets.UTF_8),
                new ApiVersion(82),
                RequestContext.internal("req-benchmark"),
                api.permit(Caller.unlimited(null)),
                "http://localhost"))
        .writeTo(bytes);
    return bytes.count;
  }

  private static final class Counting extends OutputStream {
    private int count;

    @Override
    public void write(int b) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      count += length;
    }
  }
}
