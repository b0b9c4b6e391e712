package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Clients that patch one object at the same time. */
class ConcurrentPatchTest {

  private static final int CLIENTS = 16;
  private static final int KEYS_EACH = 10;

  @Test
  void acceptedKeysStayWithSqlite(@TempDir Path folder) throws Exception {
    try (ApiRig rig = ApiRig.start(folder)) {
      nothingIsLost(rig);
    }
  }

  @Test
  void acceptedKeysStayWithPostgresql(@TempDir Path folder) throws Exception {
    try (EmbeddedPostgres server = postgresql();
        ApiRig rig =
            new ApiRig(
                folder,
                Map.of(
                    "database",
                    Map.of(
                        "connection",
                        "postgresql://postgres@localhost:" + server.getPort() + "/postgres")))) {
      nothingIsLost(rig);
    }
  }

  private static EmbeddedPostgres postgresql() {
    try {
      return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    } catch (IOException | RuntimeException e) {
      return Assumptions.abort("No PostgreSQL server starts here: " + e);
    }
  }

  private static void nothingIsLost(ApiRig rig) throws Exception {
    rig.call("POST", "/v1/nodes", Map.of("driver", "fake-hardware", "name", "busy")).expect(201);
    nothingIsLost(rig, "/v1/nodes/busy");
    String chassis =
        rig.call("POST", "/v1/chassis", Map.of()).expect(201).json().path("uuid").asString();
    nothingIsLost(rig, "/v1/chassis/" + chassis);
  }

  private static void nothingIsLost(ApiRig rig, String path) throws Exception {
    Set<String> accepted = new ConcurrentSkipListSet<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var clients = new ArrayList<Future<?>>();
      for (int i = 0; i < CLIENTS; i++) {
        String client = "c" + i;
        clients.add(executor.submit(() -> addKeys(rig, path, client, accepted)));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
    JsonNode extra = rig.call("GET", path, null).expect(200).json().path("extra");
    assertThat(accepted).hasSizeGreaterThan(CLIENTS * KEYS_EACH / 2);
    assertThat(new TreeSet<>(extra.propertyNames())).isEqualTo(new TreeSet<>(accepted));
  }

  private static void addKeys(ApiRig rig, String path, String client, Set<String> accepted) {
    for (int i = 0; i < KEYS_EACH; i++) {
      String key = client + "x" + i;
      Reply reply =
          rig.call(
              "PATCH",
              path,
              List.of(Map.of("op", "add", "path", "/extra/" + key, "value", client)));
      if (reply.status() == 200) {
        accepted.add(key);
      } else {
        reply.expect(409);
      }
    }
  }
}
