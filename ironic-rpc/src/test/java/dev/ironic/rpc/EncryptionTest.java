package dev.ironic.rpc;

import static dev.ironic.rpc.RpcRig.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ironic.core.IronicException;
import dev.ironic.core.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EncryptionTest {

  @TempDir private Path folder;

  private final AtomicInteger performed = new AtomicInteger();

  private Path keys(String name) {
    Path file = folder.resolve(name);
    CurveKeys.generate().write(file);
    return file;
  }

  private Path allow(Path... callers) throws Exception {
    Path file = folder.resolve("allowed");
    var lines = new StringBuilder("# who may call\n\n");
    for (Path caller : callers) {
      lines.append(CurveKeys.read(caller).publicText()).append(" # ").append(caller).append('\n');
    }
    Files.writeString(file, lines);
    return file;
  }

  private RpcServer server(@Nullable Path keys, @Nullable Path allowed) {
    return RpcServer.start(
        RpcRig.encrypted(keys, allowed),
        RpcRig.answering(
            (method, arguments) -> {
              performed.incrementAndGet();
              return List.of("done");
            }),
        Clock.systemUTC(),
        UUID.randomUUID());
  }

  private static RpcClient client(@Nullable Path keys) {
    return new RpcClient(RpcRig.encrypted(keys, null), Clock.systemUTC(), UUID.randomUUID());
  }

  private static List<String> call(RpcClient client, String address) {
    return client.conductor(address).vifs(CONTEXT, "u");
  }

  private void refuses(RpcClient client, String address, String words) {
    assertThatThrownBy(() -> call(client, address))
        .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining(words)
        .hasMessageNotContaining("#");
    assertThat(performed).hasValue(0);
  }

  @Test
  void anAllowedCallerIsServedWithoutBeingToldTheConductorsKey() throws Exception {
    Path mine = keys("api");
    try (RpcServer server = server(keys("conductor"), allow(mine))) {
      try (RpcClient client = client(mine)) {
        assertThat(call(client, server.address())).containsExactly("done");
      }
      // By the second time the end of the first connection was seen, and not taken for a refusal.
      try (RpcClient client = client(mine)) {
        assertThat(call(client, server.address())).containsExactly("done");
      }
      assertThat(server.refusedCallers()).isZero();
      assertThat(performed).hasValue(2);
    }
  }

  @Test
  void nothingReadableCrossesTheWire() throws Exception {
    Path mine = keys("api");
    try (RpcServer server = server(keys("conductor"), allow(mine));
        Relay relay = new Relay(Integer.parseInt(server.address().replaceAll(".*:|#.*", "")));
        RpcClient client = client(mine)) {
      String key = server.address().replaceAll(".*#", "#");
      assertThat(client.conductor(relay.address() + key).vifs(CONTEXT, "a-telling-name"))
          .containsExactly("done");
      assertThat(relay.seen()).contains("CURVE").doesNotContain("a-telling-name");
    }
    try (RpcServer server = server(null, null);
        Relay relay = new Relay(Integer.parseInt(server.address().replaceAll(".*:", "")));
        RpcClient client = client(null)) {
      client.conductor(relay.address()).vifs(CONTEXT, "a-telling-name");
      assertThat(relay.seen()).contains("a-telling-name");
    }
  }

  @Test
  void aStrangerIsRefusedInSeconds() throws Exception {
    try (RpcServer server = server(keys("conductor"), allow(keys("api")));
        RpcClient client = client(keys("stranger"))) {
      long before = System.nanoTime();
      refuses(client, server.address(), "its keys and ours do not fit");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(12));
      assertThat(server.refusedCallers()).isPositive();
    }
  }

  @Test
  void aCallerThatDoesNotEncryptIsRefused() throws Exception {
    try (RpcServer server = server(keys("conductor"), allow(keys("api")));
        RpcClient client = client(null)) {
      refuses(client, server.address().replaceAll("#.*", ""), "cannot be reached");
      assertThat(server.refusedCallers()).isPositive();
    }
  }

  @Test
  void aConductorWithAnotherKeyThanItsAddressTellsIsNotTalkedTo() throws Exception {
    Path mine = keys("api");
    try (RpcServer server = server(keys("conductor"), allow(mine));
        RpcClient client = client(mine)) {
      String other = CurveKeys.read(keys("other")).publicText();
      refuses(
          client, server.address().replaceAll("#.*", "#" + other), "its keys and ours do not fit");
      assertThat(server.refusedCallers()).isPositive();
    }
  }

  @Test
  void aCallerWithKeysDoesNotTalkToAConductorThatDoesNotEncrypt() {
    try (RpcServer server = server(null, null);
        RpcClient client = client(keys("api"))) {
      refuses(client, server.address(), "does not encrypt");
    }
  }

  @Test
  void withoutAListAnyCallerThatEncryptsIsServed() {
    try (RpcServer server = server(keys("conductor"), null);
        RpcClient client = client(null)) {
      assertThat(call(client, server.address())).containsExactly("done");
    }
  }

  @Test
  void aChangedListCountsAtOnceAlsoOnConnectionsThereAre() throws Exception {
    Path mine = keys("api");
    Path second = keys("second");
    Path list = allow(mine);
    try (RpcServer server = server(keys("conductor"), list);
        RpcClient client = client(mine);
        RpcClient another = client(second)) {
      assertThat(call(client, server.address())).containsExactly("done");
      allow(second);
      performed.set(0);

      refuses(client, server.address(), "its keys and ours do not fit");
      assertThat(call(another, server.address())).containsExactly("done");
    }
  }

  @Test
  void aCallersNewKeysCountForItsNextConnection() throws Exception {
    Path mine = keys("api");
    Path renewed = keys("renewed");
    Path list = allow(mine);
    try (RpcServer server = server(keys("conductor"), list);
        RpcClient client = client(mine)) {
      assertThat(call(client, server.address())).containsExactly("done");
      allow(renewed);
      Files.copy(renewed, mine, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(call(client, server.address())).containsExactly("done"));
    }
  }

  @Test
  void filesThatCannotBeUsedAreToldAtStart() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong"), "public = 12\nsecret = hunter2\n");
    assertThatThrownBy(() -> server(wrong, null))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(wrong.toString())
        .hasMessageContaining("public = ");
    assertThatThrownBy(() -> client(folder.resolve("none")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("curve_key_file")
        .hasMessageContaining("none");
    assertThatThrownBy(() -> server(keys("conductor"), wrong))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Line 1")
        .hasMessageNotContaining("hunter2");
    Path list = allow(keys("api"));
    assertThatThrownBy(() -> server(null, list))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("needs curve_key_file");
  }

  @Test
  void keysAreWrittenForTheirOwnerOnlyAndNeverOver() throws Exception {
    Path file = keys("api");

    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    String before = Files.readString(file);
    assertThatThrownBy(() -> CurveKeys.generate().write(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("exists already");
    assertThat(file).hasContent(before);
  }
}
