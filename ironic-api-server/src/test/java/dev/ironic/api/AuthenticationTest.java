package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask. */
class AuthenticationTest {

  @TempDir Path folder;

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private ApiRig withUsers() throws IOException {
    String hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(4, "pass:word".toCharArray());
    String old = BCrypt.with(BCrypt.Version.VERSION_2A).hashToString(4, "x".toCharArray());
    Path file = folder.resolve("htpasswd");
    Files.writeString(file, "admin:" + hash + "\nplain:secret\nold:" + old + "\n");
    return new ApiRig(
        folder,
        Map.of(
            "DEFAULT.auth_strategy",
            "http_basic",
            "DEFAULT.http_basic_auth_user_file",
            file.toString()));
  }

  private static Reply ask(ApiRig rig, String authorization) {
    return rig.raw("GET", "/v1/nodes", Map.of("Authorization", authorization), null);
  }

  @Test
  void withoutAuthenticationAnyTokenIsTaken() {
    try (var rig = new ApiRig(folder)) {
      rig.raw("GET", "/v1/nodes", Map.of("X-Auth-Token", "notused"), null).expect(200);
      ask(rig, "Basic !!!").expect(200);
    }
  }

  @Test
  void theRightPasswordIsNeeded() throws IOException {
    try (var rig = withUsers()) {
      ask(rig, basic("admin:pass:word")).expect(200);
      for (String wrong :
          new String[] {
            basic("admin:wrong"),
            basic("admin:"),
            basic("nobody:pass:word"),
            basic("plain:secret"), // no hash
            basic("old:x"), // a hash of a kind that is not taken
            basic("admin"),
            basic(":"),
            "Basic %%%",
            "Basic",
            "Bearer abc",
            ""
          }) {
        Reply reply = ask(rig, wrong).expect(401);
        assertThat(reply.error()).contains("Authorization required").doesNotContain("pass:word");
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Basic realm=\"Baremetal API\"");
      }
    }
  }

  @Test
  void aPasswordLongerThanAHashTakesIsWrongAndNoFailure() throws IOException {
    try (var rig = withUsers()) {
      ask(rig, basic("admin:" + "x".repeat(500))).expect(401);
      ask(rig, basic("admin:\u0000")).expect(401);
    }
  }

  @Test
  void someThingsArePublic() throws IOException {
    try (var rig = withUsers()) {
      rig.get("/").expect(200);
      rig.get("/v1").expect(200);
      rig.get("/v1/lookup?node_uuid=" + ApiRig.uuid()).expect(404);
      rig.post("/v1/heartbeat/" + ApiRig.uuid(), "{\"callback_url\": \"https://192.0.2.1\"}")
          .expect(404);
      rig.delete("/v1/nodes/" + ApiRig.uuid()).expect(401);
      rig.get("/v1/nosuch").expect(404);
    }
  }

  @Test
  void aStrategyThatIsNotOfferedStopsTheStart() {
    assertThatThrownBy(
            () -> new ApiRig(folder, Map.of("DEFAULT.auth_strategy", "keystone")).close())
        .hasMessageContaining("auth_strategy = keystone is not offered yet");
  }

  @Test
  void aFileOfUsersThatCannotBeReadStopsTheStart() {
    assertThatThrownBy(
            () ->
                new ApiRig(
                        folder,
                        Map.of(
                            "DEFAULT.auth_strategy", "http_basic",
                            "DEFAULT.http_basic_auth_user_file", "/nowhere/users"))
                    .close())
        .hasMessageContaining("/nowhere/users");
  }
}
