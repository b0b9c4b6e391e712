package dev.ironic.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.DatabaseException;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.PowerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RpcTest {

  private static final RpcOptions LOOPBACK = RpcRig.options(0, Duration.ofSeconds(20));
  private static final RequestContext CONTEXT =
      new RequestContext("req-1", "ann", null, List.of("admin"), null, null);

  private static RpcServer server(RpcRig.Answer answer) {
    return RpcServer.start(
        LOOPBACK, RpcRig.answering(answer), Clock.systemUTC(), UUID.randomUUID());
  }

  private static RpcClient client() {
    return new RpcClient(LOOPBACK, Clock.systemUTC(), UUID.randomUUID());
  }

  @Test
  void nodesArriveAsTheyWereSent() {
    var info = new HashMap<String, @Nullable Object>();
    info.put("redfish_address", "https://bmc");
    info.put("nothing", null);
    info.put("nested", Map.of("list", List.of(1, "two", true)));
    Node node =
        Node.draft("1be26c0b-03f2-4d2e-ae87-c02d7f33c123", "redfish")
            .with(
                n ->
                    n.driverInfo(info)
                        .provisionState(ProvisionState.WAIT_CALL_BACK)
                        .powerState(PowerState.POWER_ON)
                        .isProtected(true)
                        .fence(7)
                        .interfaces(Map.of(InterfaceKind.POWER, "redfish"))
                        .createdAt(Instant.parse("2026-01-02T03:04:05.678901Z")));
    try (RpcServer server = server((method, arguments) -> arguments[1]);
        RpcClient client = client()) {
      assertThat(client.conductor(server.address()).createNode(CONTEXT, node)).isEqualTo(node);
    }
  }

  @Test
  void argumentsOfAllKindsArrive() {
    var seen = new ConcurrentHashMap<String, List<@Nullable Object>>();
    try (RpcServer server =
            server(
                (method, arguments) -> {
                  seen.put(method, Arrays.asList(arguments));
                  return null;
                });
        RpcClient client = client()) {
      ConductorService remote = client.conductor(server.address());
      remote.addNodeTraits(CONTEXT, "uuid", Set.of("CUSTOM_X"), true);
      remote.doNodeDeploy(CONTEXT, "uuid", false, Map.of("meta_data", Map.of()), null);
      remote.changeNodePowerState(CONTEXT, "uuid", "power on", null);
    }
    assertThat(seen.get("addNodeTraits"))
        .containsExactly(CONTEXT, "uuid", Set.of("CUSTOM_X"), true);
    assertThat(seen.get("doNodeDeploy"))
        .containsExactly(CONTEXT, "uuid", false, Map.of("meta_data", Map.of()), null);
    assertThat(seen.get("changeNodePowerState")).containsExactly(CONTEXT, "uuid", "power on", null);
  }

  @Test
  void failuresKeepFaultStatusAndText() {
    try (RpcServer server =
            server(
                (method, arguments) -> {
                  throw switch (method) {
                    case "injectNmi" -> DriverException.unsupported("no NMI here");
                    case "destroyNode" -> new IllegalStateException("password=hunter2");
                    default ->
                        new IronicException(
                            Fault.INSTANCE_DEPLOY_FAILURE, 400, "image_source is missing", null);
                  };
                });
        RpcClient client = client()) {
      ConductorService remote = client.conductor(server.address());

      assertThatThrownBy(() -> remote.doNodeDeploy(CONTEXT, "u", false, null, null))
          .isInstanceOfSatisfying(
              IronicException.class,
              e -> {
                assertThat(e.fault()).isEqualTo(Fault.INSTANCE_DEPLOY_FAILURE);
                assertThat(e.status()).isEqualTo(400);
              })
          .hasMessage("image_source is missing");
      assertThatThrownBy(() -> remote.injectNmi(CONTEXT, "u"))
          .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.status()).isEqualTo(400))
          .hasMessage("no NMI here");
      assertThatThrownBy(() -> remote.destroyNode(CONTEXT, "u"))
          .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.status()).isEqualTo(500))
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void aDatabaseOutOfReachIsAFailureThatMayPass() {
    try (RpcServer server =
            server(
                (method, arguments) -> {
                  throw new DatabaseException(
                      "refused", new SQLException("password=hunter2", state(method)));
                });
        RpcClient client = client()) {
      ConductorService remote = client.conductor(server.address());
      assertThatThrownBy(() -> remote.destroyNode(CONTEXT, "u"))
          .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.status()).isEqualTo(503))
          .hasMessageContaining("try again")
          .hasMessageNotContaining("hunter2");
      assertThatThrownBy(() -> remote.injectNmi(CONTEXT, "u"))
          .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.status()).isEqualTo(500))
          .hasMessageNotContaining("hunter2");
    }
  }

  /** A broken connection, or a wrong statement. */
  private static String state(String method) {
    return method.equals("destroyNode") ? "08006" : "42601";
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, tcp://192.0.2.7:PORT",
    "192.0.2.7:7, tcp://192.0.2.7:7",
    "ironic.example:7, tcp://ironic.example:7",
    "[2001:db8::7], tcp://[2001:db8::7]:PORT",
    "[2001:db8::7]:7, tcp://[2001:db8::7]:7"
  })
  void theAdvertisedAddressMayNameAPort(String advertised, String expected) {
    var options =
        new RpcOptions(
            "127.0.0.1",
            0,
            Optional.of(advertised),
            Duration.ofSeconds(20),
            Optional.empty(),
            Optional.empty(),
            RpcRig.ROOMY);
    ConductorService service = RpcRig.answering((method, arguments) -> null);
    try (RpcServer server =
        RpcServer.start(options, service, Clock.systemUTC(), UUID.randomUUID())) {
      assertThat(server.address()).matches(Pattern.quote(expected).replace("PORT", "\\E\\d+\\Q"));
    }
  }

  @Test
  void aThousandCallersGetTheirOwnAnswers() throws Exception {
    try (RpcServer server = server((method, arguments) -> List.of((String) arguments[1]));
        RpcClient client = client();
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      ConductorService remote = client.conductor(server.address());
      List<Callable<Boolean>> calls =
          IntStream.range(0, 1000)
              .<Callable<Boolean>>mapToObj(
                  i -> () -> remote.vifs(CONTEXT, "node-" + i).equals(List.of("node-" + i)))
              .toList();
      for (var answer : callers.invokeAll(calls)) {
        assertThat(answer.get()).isTrue();
      }
    }
  }

  @Test
  void aConductorWhoseClockIsAheadPerformsCallsAllTheSame() {
    Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    ConductorService service = RpcRig.answering((method, arguments) -> List.of("done"));
    try (RpcServer server = RpcServer.start(LOOPBACK, service, ahead, UUID.randomUUID());
        RpcClient client = client()) {
      assertThat(client.conductor(server.address()).vifs(CONTEXT, "u")).containsExactly("done");
      assertThat(server.droppedCalls()).isZero();
    }
  }

  @Test
  void theCallersDeadlineCountsWhenItIsEarlier() {
    Clock fixed = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    var soon =
        new RequestContext(
            "req-2", null, null, List.of(), null, Instant.parse("2026-01-01T00:00:00.200Z"));
    try (RpcClient client =
        new RpcClient(RpcRig.options(0, Duration.ofHours(1)), fixed, UUID.randomUUID())) {
      assertThatThrownBy(() -> client.conductor("tcp://127.0.0.1:1").vifs(soon, "u"))
          .hasMessageContaining("did not answer in time");
    }
  }

  @Test
  void aConductorThatIsNotThereIsAFailureThatMayPass() {
    try (RpcClient client =
        new RpcClient(
            RpcRig.options(0, Duration.ofSeconds(30)), Clock.systemUTC(), UUID.randomUUID())) {
      assertThatThrownBy(() -> client.conductor("tcp://127.0.0.1:1").vifs(CONTEXT, "u"))
          .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.status()).isEqualTo(503))
          .hasMessageContaining("tcp://127.0.0.1:1");
    }
  }

  @Test
  void aCallIsNotLostOnAConnectionThatLeadsNowhere() throws Exception {
    try (RpcClient client = client();
        var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = silent.getLocalPort();
      var call =
          CompletableFuture.supplyAsync(
              () -> client.conductor("tcp://127.0.0.1:" + port).vifs(CONTEXT, "u"));
      // Never answered; what the client has sent by the time it gives up is gone. On a first
      // connection JeroMQ sometimes says nothing at all.
      byte[] sent = sentTo(silent);
      assertThat(sent.length > 0 ? sent : sentTo(silent)).isNotEmpty();
      silent.close();
      var samePort = RpcRig.options(port, Duration.ofSeconds(20));
      ConductorService service = RpcRig.answering((method, arguments) -> List.of("here"));
      try (RpcServer server =
          RpcServer.start(samePort, service, Clock.systemUTC(), UUID.randomUUID())) {
        assertThat(call.join()).as(server.address()).containsExactly("here");
      }
    }
  }

  /** What comes on the next connection until its other end gives it up. */
  private static byte[] sentTo(ServerSocket server) throws IOException {
    try (Socket accepted = server.accept()) {
      return accepted.getInputStream().readAllBytes();
    }
  }

  @Test
  void aConductorThatComesBackAtTheSameAddressIsFoundAgain() {
    int port;
    try (RpcClient client = client()) {
      try (RpcServer first = server((method, arguments) -> List.of("first"))) {
        port = Integer.parseInt(first.address().replaceAll(".*:", ""));
        assertThat(client.conductor(first.address()).vifs(CONTEXT, "u")).containsExactly("first");
      }
      var samePort = RpcRig.options(port, Duration.ofSeconds(20));
      ConductorService second = RpcRig.answering((method, arguments) -> List.of("second"));
      try (RpcServer again =
          RpcServer.start(samePort, second, Clock.systemUTC(), UUID.randomUUID())) {
        assertThat(client.conductor(again.address()).vifs(CONTEXT, "u")).containsExactly("second");
      }
    }
  }

  @Test
  void aTakenPortIsToldAtStart() {
    try (RpcServer first = server((method, arguments) -> null)) {
      int port = Integer.parseInt(first.address().replaceAll(".*:", ""));
      var same = RpcRig.options(port, Duration.ofSeconds(1));

      assertThatThrownBy(
              () ->
                  RpcServer.start(
                      same, RpcRig.answering((m, a) -> null), Clock.systemUTC(), UUID.randomUUID()))
          .hasMessageContaining("bind_port " + port);
    }
  }
}
