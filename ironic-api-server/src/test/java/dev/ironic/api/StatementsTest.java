package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.store.SqlStore;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a list asks the database does not depend on its length. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatementsTest {

  private static final int NODES = 50;

  private ApiRig rig;

  @BeforeAll
  void start(@TempDir Path folder) {
    rig = ApiRig.start(folder);
    String chassis =
        rig.call("POST", "/v1/chassis", Map.of()).expect(201).json().path("uuid").asString();
    for (int i = 0; i < NODES; i++) {
      String node =
          rig.call(
                  "POST",
                  "/v1/nodes",
                  Map.of("driver", "fake-hardware", "name", "n" + i, "chassis_uuid", chassis))
              .expect(201)
              .json()
              .path("uuid")
              .asString();
      rig.call("PUT", "/v1/nodes/" + node + "/traits/CUSTOM_T" + i, null).expect(204);
      rig.call(
              "POST",
              "/v1/ports",
              Map.of("node_uuid", node, "address", "52:54:00:00:00:%02x".formatted(i)))
          .expect(201);
    }
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/nodes?",
        "/v1/nodes/detail?",
        "/v1/nodes?fields=name,traits,chassis_uuid,allocation_uuid,conductor&",
        "/v1/ports?",
        "/v1/ports/detail?",
      })
  void aListOfManyAsksNoMoreThanAListOfFew(String list) {
    assertThat(statements(list + "limit=" + NODES)).isEqualTo(statements(list + "limit=2"));
  }

  /** The least of several tries: the conductor's own work goes on meanwhile. */
  private long statements(String path) {
    var store = (SqlStore) rig.conductor.store();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long before = store.statementsRun();
      rig.call("GET", path, null).expect(200);
      least = Math.min(least, store.statementsRun() - before);
    }
    return least;
  }
}
