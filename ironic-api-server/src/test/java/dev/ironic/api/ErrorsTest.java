package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What routing and limits refuse, and how errors look. */
class ErrorsTest {

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

  @Test
  void anUnknownPathIsNotFound() {
    assertThat(rig.get("/v1/nosuch").expect(404).error()).startsWith("Not Found");
    rig.get("/v2").expect(404).error();
    rig.get("/v1/shards/x").expect(404).error();
    rig.get("/v1/nodes/detail/x").expect(404).error();
  }

  @Test
  void anUnknownMethodIsToldTheKnownOnes() {
    Reply reply = rig.put("/v1/nodes", "{}").expect(405);
    assertThat(reply.error()).startsWith("Method Not Allowed");
    assertThat(reply.header("Allow")).contains("GET", "POST");
    rig.post("/v1", "{}").expect(405).error();
    rig.get("/v1/heartbeat").expect(405).error();
    assertThat(rig.at(ApiRig.LATEST, "HEAD", "/v1/nodes", null).status()).isEqualTo(405);
  }

  @Test
  void theRootAnswersHeadAndEverythingAnswersOptions() {
    assertThat(rig.at(ApiRig.LATEST, "HEAD", "/", null).status()).isEqualTo(200);
    assertThat(rig.at(ApiRig.LATEST, "OPTIONS", "/v1/nodes", null).expect(200).body()).isEmpty();
  }

  @Test
  void nestedCollectionsAreNotWrittenThrough() {
    String node = rig.node();
    String port = rig.port(node);
    assertThat(rig.post("/v1/nodes/" + node + "/ports", "{}").expect(400).error())
        .contains("Malformed request URI");
    rig.get("/v1/nodes/" + node + "/ports/" + port).expect(400).error();
    rig.delete("/v1/nodes").expect(400).error();
    rig.get("/v1/nodes/" + node + "/nosuch").expect(400).error();
    rig.get("/v1/nodes/" + node + "/maintenance").expect(405).error();
  }

  @Test
  void thePathNeedNotNameTheVersionAndSlashesAreForgiven() {
    String node = rig.node();
    for (String path : new String[] {"/nodes/", "/v1/nodes/", "/v1//nodes//"}) {
      assertThat(rig.get(path + node).expect(200).json().get("uuid").stringValue()).isEqualTo(node);
      assertThat(rig.get(path + node + "/").expect(200).json().get("uuid").stringValue())
          .isEqualTo(node);
    }
  }

  @Test
  void theSuffixIsCutOffBelow91AndBelongsToTheNameFromThere() {
    String node = rig.node();
    rig.at("1.90", "GET", "/v1/nodes/" + node + ".json", null).expect(200);
    rig.at("1.91", "GET", "/v1/nodes/" + node + ".json", null).expect(404).error();
    String named = rig.name("n") + ".json";
    rig.post("/v1/nodes", "{\"driver\": \"fake-hardware\", \"name\": \"" + named + "\"}")
        .expect(201);
    rig.at("1.90", "GET", "/v1/nodes/" + named, null).expect(200);
    rig.at("1.91", "GET", "/v1/nodes/" + named, null).expect(200);
    String missing = "/v1/chassis/" + ApiRig.uuid() + ".json";
    rig.at("1.90", "GET", missing, null).expect(404).error();
  }

  @Test
  void onlyJsonIsAnswered() {
    var version = "X-OpenStack-Ironic-API-Version";
    rig.raw("GET", "/v1/nodes", Map.of(version, "1.50", "Accept", "*/*"), null).expect(200);
    rig.raw(
            "GET",
            "/v1/nodes",
            Map.of(version, "1.50", "Accept", "text/html, application/json;q=0.5"),
            null)
        .expect(200);
    rig.raw("GET", "/v1/nodes", Map.of(version, "1.50", "Accept", "text/html"), null)
        .expect(406)
        .error();
  }

  @Test
  void theBodyIsJsonWhateverItsTypeSays() {
    for (String type : new String[] {"text/plain", "application/octet-stream", ""}) {
      rig.raw(
              "POST",
              "/v1/nodes",
              Map.of("Content-Type", type, "X-OpenStack-Ironic-API-Version", "1.50"),
              "{\"driver\": \"fake-hardware\"}")
          .expect(201);
    }
  }

  @Test
  void everyAnswerNamesItsRequest() {
    for (String path :
        new String[] {"/", "/v1/nodes", "/v1/nosuch", "/v1/nodes/" + ApiRig.uuid()}) {
      Reply reply = rig.get(path);
      assertThat(reply.header("openstack-request-id"))
          .matches("req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
          .isEqualTo(reply.header("x-openstack-request-id"));
    }
  }

  @Test
  void bodiesHaveLimits() {
    String deep =
        "{\"driver\": \"fake-hardware\", \"extra\": " + "{\"a\":".repeat(24) + "1" + "}".repeat(25);
    String deeper =
        "{\"driver\": \"fake-hardware\", \"extra\": " + "{\"a\":".repeat(25) + "1" + "}".repeat(26);
    rig.post("/v1/nodes", deep).expect(201);
    assertThat(rig.post("/v1/nodes", deeper).expect(400).bareError()).contains("25 levels");
    String large =
        "{\"driver\": \"fake-hardware\", \"extra\": {\"a\": \"" + "x".repeat(1 << 20) + "\"}}";
    assertThat(rig.post("/v1/nodes", large).expect(413).bareError()).contains("1024 KiB");
    String drive = "{\"target\": \"active\", \"configdrive\": \"" + "A".repeat(2 << 20) + "\"}";
    rig.put("/v1/nodes/" + rig.node() + "/states/provision", drive).expect(400).error();
  }

  @Test
  void whatIsNoHttpIsToldInTheSameForm() {
    Reply reply = rig.get("/v1/nodes/%zz");
    reply.expect(400).error();
    assertThat(reply.header("content-type")).isEqualTo("application/json");
  }

  @Test
  void aMalformedIdentifierIsBadAndAnUnknownOneNotFound() {
    assertThat(rig.get("/v1/nodes/a%20b").expect(400).error()).contains("a b");
    rig.get("/v1/ports/" + "x".repeat(300)).expect(400).error();
    rig.get("/v1/chassis/x").expect(400).error();
    rig.get("/v1/nodes/" + ApiRig.uuid()).expect(404).error();
    rig.get("/v1/chassis/" + ApiRig.uuid()).expect(404).error();
    rig.get("/v1/drivers/no%20such").expect(404).error();
    rig.get("/v1/conductors/nosuch").expect(404).error();
  }
}
