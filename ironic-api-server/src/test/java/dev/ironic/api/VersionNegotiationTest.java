package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VersionNegotiationTest {

  private static final String OWN = "X-OpenStack-Ironic-API-Version";
  private static final String COMMON = "OpenStack-API-Version";

  private ApiRig rig;

  @BeforeAll
  void start(@TempDir Path folder) {
    rig = ApiRig.start(folder);
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  private Reply get(String path, Map<String, String> headers) {
    return rig.send("GET", path, new byte[0], headers);
  }

  @ParameterizedTest
  @CsvSource({
    "1.1, 1.1",
    "1.46, 1.46",
    "1.115, 1.115",
    "latest, 1.115",
    "LATEST, 1.115",
  })
  void usesTheVersionAskedForAndSaysSo(String asked, String used) {
    Reply reply = get("/v1/nodes", Map.of(OWN, asked)).expect(200);
    assertThat(reply.header(OWN)).isEqualTo(used);
    assertThat(reply.header("X-OpenStack-Ironic-API-Minimum-Version")).isEqualTo("1.1");
    assertThat(reply.header("X-OpenStack-Ironic-API-Maximum-Version")).isEqualTo("1.115");
    assertThat(reply.header("openstack-request-id")).startsWith("req-");
    assertThat(reply.header("x-openstack-request-id"))
        .isEqualTo(reply.header("openstack-request-id"));
  }

  @Test
  void withoutAHeaderItIsTheOldest() {
    assertThat(get("/v1/nodes", Map.of()).expect(200).header(OWN)).isEqualTo("1.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "baremetal 1.60|1.60",
        "compute 2.1, baremetal 1.61|1.61",
        "compute 2.1|1.1",
      })
  void understandsTheCommonHeaderAndIgnoresOtherServices(String header, String used) {
    assertThat(get("/v1/nodes", Map.of(COMMON, header)).expect(200).header(OWN)).isEqualTo(used);
  }

  @Test
  void theCommonHeaderWins() {
    assertThat(
            get("/v1/nodes", Map.of(COMMON, "baremetal 1.50", OWN, "1.20")).expect(200).header(OWN))
        .isEqualTo("1.50");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.116", "2.1", "0.9", "1.99999"})
  void outOfRangeIsNotAcceptableAndTheRangeIsTold(String asked) {
    Reply reply = get("/v1/nodes", Map.of(OWN, asked)).expect(406);
    assertThat(reply.fault()).contains("1.115");
    assertThat(reply.header("X-OpenStack-Ironic-API-Maximum-Version")).isEqualTo("1.115");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "1.x", "1.1.1", "-1.5", "1.99999999999999999999"})
  void whatIsNoVersionIsNotAcceptable(String asked) {
    get("/", Map.of(OWN, asked)).expect(406).fault();
  }

  @Test
  void whatIsNewerThanTheVersionIsNotThere() {
    String node = rig.node("gated");
    assertThat(rig.at("1.1", "GET", "/v1/nodes/" + node, null).json().has("name")).isFalse();
    assertThat(rig.at("1.5", "GET", "/v1/nodes/gated", null).expect(200).json().path("name"))
        .hasToString("\"gated\"");
    rig.at("1.4", "GET", "/v1/nodes/gated", null).expect(404).fault();
    rig.at("1.36", "GET", "/v1/nodes/gated/traits", null).expect(406).fault();
    rig.at("1.22", "GET", "/v1/portgroups", null).expect(404).fault();
    rig.at("1.7", "GET", "/v1/nodes?fields=uuid", null).expect(406).fault();
  }

  @Test
  void theRootsNeedNoVersion() {
    assertThat(get("/", Map.of()).expect(200).json().path("default_version").path("version"))
        .hasToString("\"1.115\"");
    assertThat(get("/v1", Map.of()).expect(200).json().path("id")).hasToString("\"v1\"");
    assertThat(get("/v1/", Map.of()).expect(200).json().path("id")).hasToString("\"v1\"");
  }
}
