package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BasicAuthenticationTest {

  private ApiRig rig;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    Path users = folder.resolve("htpasswd");
    String hash =
        BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(4, "open sesame".toCharArray());
    Files.writeString(users, "ada:" + hash + "\n");
    rig =
        new ApiRig(
            folder,
            Map.of(
                "DEFAULT",
                Map.of(
                    "auth_strategy", "http_basic", "http_basic_auth_user_file", users.toString())));
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  private Reply get(String path, String credentials) {
    String header =
        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    return rig.send("GET", path, new byte[0], Map.of("Authorization", header));
  }

  @Test
  void letsInWhoKnowsThePassword() {
    get("/v1/nodes", "ada:open sesame").expect(200);
  }

  @Test
  void refusesEverybodyElseAndSaysHowToAsk() {
    for (String credentials :
        new String[] {
          "ada:wrong", "ada:", "eve:open sesame", "nonsense", "ada:" + "sesame".repeat(100)
        }) {
      Reply reply = get("/v1/nodes", credentials).expect(401);
      assertThat(reply.header("WWW-Authenticate")).isEqualTo("Basic realm=\"Baremetal API\"");
      assertThat(reply.fault()).doesNotContain("sesame");
    }
    rig.call("GET", "/v1/nodes", null).expect(401).fault();
    rig.send("GET", "/v1/nodes", new byte[0], Map.of("Authorization", "Basic %%%"))
        .expect(401)
        .fault();
  }

  @Test
  void agentsAndClientsThatLookAroundNeedNone() {
    rig.call("GET", "/", null).expect(200);
    rig.call("GET", "/v1", null).expect(200);
    rig.call("GET", "/v1/lookup?node_uuid=11111111-1111-1111-1111-111111111111", null).expect(404);
  }
}
