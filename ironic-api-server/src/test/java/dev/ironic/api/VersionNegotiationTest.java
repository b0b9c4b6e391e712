package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which version is used, and what every answer tells about it. */
class VersionNegotiationTest {

  private static final String OWN = "X-OpenStack-Ironic-API-Version";
  private static final String MINIMUM = "X-OpenStack-Ironic-API-Minimum-Version";
  private static final String MAXIMUM = "X-OpenStack-Ironic-API-Maximum-Version";
  private static final String GENERIC = "OpenStack-API-Version";

  @TempDir static Path folder;
  static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = new ApiRig(folder);
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static Reply ask(String target, Map<String, String> headers) {
    return rig.raw("GET", target, headers, null);
  }

  private static void assertUsed(Reply reply, @Nullable String version) {
    assertThat(reply.header(OWN)).isEqualTo(version);
    assertThat(reply.header(MINIMUM)).isEqualTo("1.1");
    assertThat(reply.header(MAXIMUM)).isEqualTo("1.115");
  }

  @Test
  void theOldestIsUsedWithoutAHeader() {
    assertUsed(ask("/v1/nodes", Map.of()).expect(200), "1.1");
    assertUsed(ask("/v1/nodes", Map.of(OWN, "")).expect(200), "1.1");
    assertUsed(ask("/v1/nodes", Map.of(GENERIC, "compute 2.90")).expect(200), "1.1");
  }

  @ParameterizedTest
  @CsvSource({"1.1,1.1", "1.58,1.58", "1.115,1.115", "latest,1.115", "LATEST,1.115"})
  void theOneAskedForIsUsed(String asked, String used) {
    assertUsed(ask("/v1/nodes", Map.of(OWN, asked)).expect(200), used);
    assertUsed(ask("/v1/nodes", Map.of(GENERIC, "baremetal " + asked)).expect(200), used);
  }

  @Test
  void theGenericHeaderWins() {
    assertUsed(
        ask("/v1/nodes", Map.of(OWN, "1.50", GENERIC, "compute 2.1, baremetal 1.60")).expect(200),
        "1.60");
    assertUsed(ask("/v1/nodes", Map.of(OWN, "1.50", GENERIC, "compute 2.1")).expect(200), "1.50");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.116", "2.1", "0.9", "1.999999999"})
  void aVersionOutOfRangeIsRefusedWithTheRange(String version) {
    for (String target : new String[] {"/", "/v1", "/v1/nodes", "/v1/nosuch"}) {
      Reply reply = ask(target, Map.of(OWN, version)).expect(406);
      assertThat(reply.error()).contains(version);
      assertUsed(reply, null);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "1.x", "1.2.3", "-1.5", "1,5", "1.9999999999999999999"})
  void aVersionThatIsNoneIsRefusedWithoutTheRange(String version) {
    Reply reply = ask("/v1/nodes", Map.of(OWN, version)).expect(406);
    reply.error();
    assertThat(reply.header(MINIMUM)).isNull();
    assertThat(reply.header(MAXIMUM)).isNull();
    assertThat(reply.header(OWN)).isNull();
  }

  @Test
  void anErrorOfAUseCaseTellsTheVersionToo() {
    assertUsed(rig.at("1.50", "GET", "/v1/nodes/" + ApiRig.uuid(), null).expect(404), "1.50");
  }

  @Test
  void whatIsNewerThanTheVersionIsRefusedAsItsKindDemands() {
    String node = "/v1/nodes/" + rig.node();
    // an operation
    rig.at("1.27", "GET", node + "/vifs", null).expect(404).error();
    rig.at("1.36", "PUT", node + "/traits", "{\"traits\": []}").expect(405).error();
    rig.at("1.11", "PUT", node + "/states/raid", "{}").expect(406).error();
    // a query parameter
    rig.at("1.7", "GET", "/v1/nodes?fields=uuid", null).expect(406).error();
    rig.at("1.42", "GET", "/v1/nodes?detail=true", null).expect(400).error();
    // a body field and a patch path
    rig.at(
            "1.20",
            "POST",
            "/v1/nodes",
            "{\"driver\": \"fake-hardware\", \"resource_class\": \"x\"}")
        .expect(406)
        .error();
    rig.at(
            "1.20",
            "PATCH",
            node,
            "[{\"op\": \"add\", \"path\": \"/resource_class\", \"value\": \"x\"}]")
        .expect(406)
        .error();
    // a verb
    rig.at("1.3", "PUT", node + "/states/provision", "{\"target\": \"manage\"}")
        .expect(406)
        .error();
    // a name in fields= and in sort_key=
    rig.at("1.20", "GET", "/v1/nodes?fields=resource_class", null).expect(406).error();
    rig.at("1.20", "GET", "/v1/nodes?sort_key=resource_class", null).expect(406).error();
    // a field of an answer is left out
    assertThat(rig.at("1.20", "GET", node, null).expect(200).json().has("resource_class"))
        .isFalse();
    assertThat(rig.at("1.21", "GET", node, null).expect(200).json().has("resource_class")).isTrue();
  }

  @Test
  void anOldVersionShowsAvailableAsNothing() {
    String node =
        rig.at("1.10", "POST", "/v1/nodes", "{\"driver\": \"fake-hardware\"}")
            .expect(201)
            .json()
            .get("uuid")
            .stringValue();
    assertThat(
            rig.at("1.1", "GET", "/v1/nodes/" + node, null).json().get("provision_state").isNull())
        .isTrue();
    assertThat(
            rig.at("1.2", "GET", "/v1/nodes/" + node, null)
                .json()
                .get("provision_state")
                .stringValue())
        .isEqualTo("available");
  }
}
