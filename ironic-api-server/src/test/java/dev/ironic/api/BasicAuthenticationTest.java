package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.ironic.api.Authenticator.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BasicAuthenticationTest {

  private final SettableClock clock = new SettableClock();
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
  void aChangedFileCountsAtOnce(@TempDir Path folder) throws IOException {
    Path users = Files.writeString(folder.resolve("htpasswd"), line("ada", "first"));
    var authenticator = new BasicAuthenticator(users, new LoginDelays(clock));
    assertThat(check(authenticator, "ada:first")).isInstanceOf(Outcome.Known.class);
    Files.writeString(users, line("ada", "second one") + line("bob", "third"));
    assertThat(check(authenticator, "ada:first")).isInstanceOf(Outcome.Refused.class);
    assertThat(check(authenticator, "ada:second one")).isInstanceOf(Outcome.Known.class);
    assertThat(check(authenticator, "bob:third")).isInstanceOf(Outcome.Known.class);
  }

  @Test
  void onlyBcryptHashesCount(@TempDir Path folder) throws IOException {
    Path users =
        Files.writeString(
            folder.resolve("htpasswd"),
            "# who may\n\nplain:secret\nmd5:$apr1$x$y\n" + line("ada", "right"));
    var authenticator = new BasicAuthenticator(users, new LoginDelays(clock));
    assertThat(check(authenticator, "plain:secret")).isInstanceOf(Outcome.Refused.class);
    assertThat(check(authenticator, "md5:$apr1$x$y")).isInstanceOf(Outcome.Refused.class);
    assertThat(check(authenticator, "ada:right")).isInstanceOf(Outcome.Known.class);
  }

  @Test
  void whoGuessesHasToWaitLongerAndLonger(@TempDir Path folder) throws IOException {
    Path users = Files.writeString(folder.resolve("htpasswd"), line("ada", "right"));
    var authenticator = new BasicAuthenticator(users, new LoginDelays(clock));
    for (int i = 0; i < 5; i++) {
      assertThat(why(check(authenticator, "ada:guess"))).contains("wrong");
    }
    assertThat(why(check(authenticator, "ada:right"))).contains("wait 1 s");
    assertThat(check(authenticator, "ada:right", "10.0.0.2"))
        .as("from another address")
        .isInstanceOf(Outcome.Known.class);
    clock.pass(Duration.ofSeconds(1));
    assertThat(why(check(authenticator, "ada:guess"))).contains("wrong");
    assertThat(why(check(authenticator, "ada:right"))).contains("wait 2 s");
    clock.pass(Duration.ofSeconds(2));
    assertThat(check(authenticator, "ada:right")).isInstanceOf(Outcome.Known.class);
    assertThat(why(check(authenticator, "ada:guess"))).contains("wrong");
    assertThat(check(authenticator, "ada:right"))
        .as("a right password makes up for the wrong ones")
        .isInstanceOf(Outcome.Known.class);
  }

  @Test
  void theWaitHasAnEndAndTheMemoryABound() {
    var delays = new LoginDelays(clock);
    for (int i = 0; i < 40; i++) {
      delays.failed("ada", "10.0.0.1");
    }
    assertThat(delays.remaining("ada", "10.0.0.1")).isEqualTo(Duration.ofMinutes(1));
    for (int i = 0; i < 10_000; i++) {
      delays.failed("user" + i, "10.0.0.1");
    }
    assertThat(delays.remaining("ada", "10.0.0.1")).as("pushed out by others").isNull();
    clock.pass(Duration.ofMinutes(16));
    assertThat(delays.failed("user9999", "10.0.0.1")).as("long ago").isEqualTo(1);
  }

  private static String line(String user, String password) {
    return user
        + ":"
        + BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(4, password.toCharArray())
        + "\n";
  }

  private static Outcome check(Authenticator authenticator, String pair) {
    return check(authenticator, pair, "10.0.0.1");
  }

  private static Outcome check(Authenticator authenticator, String pair, String address) {
    String header =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return authenticator.check(new Authenticator.Credentials(header, null, null, address));
  }

  private static String why(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).why();
  }

  @Test
  void agentsAndClientsThatLookAroundNeedNone() {
    rig.call("GET", "/", null).expect(200);
    rig.call("GET", "/v1", null).expect(200);
    rig.call("GET", "/v1/lookup?node_uuid=11111111-1111-1111-1111-111111111111", null).expect(404);
  }
}
