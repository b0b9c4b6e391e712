package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.api.Authenticator.Credentials;
import dev.ironic.api.Authenticator.Outcome;
import dev.ironic.core.IronicException;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.policy.Caller;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens, checked by an identity service on a real socket. */
class KeystoneTest {

  private final SettableClock clock = new SettableClock();
  private ScriptedKeystone keystone;
  private Authenticator authenticator;

  @BeforeEach
  void start() throws IOException {
    keystone = ScriptedKeystone.start(clock);
    authenticator = connect(Map.of());
  }

  @AfterEach
  void stop() {
    authenticator.close();
    keystone.close();
  }

  private Authenticator connect(Map<String, String> more) {
    return KeystoneAuthenticator.connect(options(more), clock);
  }

  private KeystoneOptions options(Map<String, String> more) {
    var options = new HashMap<>(keystone.options());
    var group = new HashMap<>(options.get("keystone_authtoken"));
    group.put("http_request_max_retries", "1");
    group.putAll(more);
    options.put("keystone_authtoken", group);
    return KeystoneOptions.from(IronicConfig.of(options));
  }

  private Outcome check(@Nullable String token) {
    return check(token, null);
  }

  private Outcome check(@Nullable String token, @Nullable String serviceToken) {
    return authenticator.check(new Credentials(null, token, serviceToken, "127.0.0.1"));
  }

  private Caller caller(String token) {
    assertThat(check(token)).isInstanceOf(Outcome.Known.class);
    return ((Outcome.Known) check(token)).caller();
  }

  private String refusal(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    Outcome.Refused refused = (Outcome.Refused) outcome;
    assertThat(refused.challenge()).isEqualTo("Keystone uri=\"" + keystone.url() + "/v3\"");
    return refused.why();
  }

  @Test
  void tellsWhoSendsATokenAndForWhat() {
    Caller inProject = caller(keystone.token("Member", "blue"));
    assertThat(inProject.userId()).isEqualTo("user-Member");
    assertThat(inProject.userDomainId()).isEqualTo("default");
    assertThat(inProject.projectId()).isEqualTo("blue");
    assertThat(inProject.projectName()).isEqualTo("blue");
    assertThat(inProject.systemScope()).isNull();
    assertThat(inProject.roles()).containsExactlyInAnyOrder("member", "reader");
    assertThat(inProject.unlimited()).isFalse();

    Caller ofSystem = caller(keystone.token("admin", "system"));
    assertThat(ofSystem.projectId()).isNull();
    assertThat(ofSystem.systemScope()).isEqualTo("all");
    assertThat(ofSystem.roles()).containsExactlyInAnyOrder("admin", "manager", "member", "reader");
  }

  @Test
  void refusesWhatIsNoTokenAndSaysWhereToGetOne() {
    assertThat(refusal(check(null))).contains("X-Auth-Token");
    assertThat(refusal(check(" "))).contains("X-Auth-Token");
    assertThat(refusal(check("made-up"))).contains("not valid");
    int asked = keystone.questions.get();
    for (String odd : List.of("two words", "line\nbreak", "täken", "x".repeat(8193))) {
      assertThat(refusal(check(odd))).contains("not valid").doesNotContain(odd);
    }
    assertThat(keystone.questions).as("questions about what can't be a token").hasValue(asked);
  }

  @Test
  void answersAreRememberedForTheTimeThatTheOptionSays() {
    authenticator.close();
    authenticator = connect(Map.of("token_cache_time", "60"));
    String token = keystone.token("reader", "blue");
    for (int i = 0; i < 5; i++) {
      caller(token);
    }
    assertThat(keystone.questions).hasValue(1);
    clock.pass(Duration.ofSeconds(59));
    caller(token);
    assertThat(keystone.questions).hasValue(1);
    clock.pass(Duration.ofSeconds(1));
    caller(token);
    assertThat(keystone.questions).hasValue(2);
    assertThat(keystone.logins).hasValue(1);
  }

  @Test
  void withoutACacheEachRequestIsAQuestion() {
    authenticator.close();
    authenticator = connect(Map.of("token_cache_time", "0"));
    String token = keystone.token("reader", "blue");
    check(token);
    check(token);
    assertThat(keystone.questions).hasValue(2);
  }

  @Test
  void aTokenEndsThoughTheAnswerIsStillRemembered() {
    String token = keystone.token("reader", "blue", clock.instant().plus(Duration.ofSeconds(30)));
    caller(token);
    clock.pass(Duration.ofSeconds(29));
    caller(token);
    clock.pass(Duration.ofSeconds(1));
    assertThat(refusal(check(token))).contains("ended");
    assertThat(keystone.questions).as("the answer was remembered").hasValue(1);
  }

  @Test
  void aRevokedTokenIsRefusedOnceTheAnswerIsForgotten() {
    String token = keystone.token("reader", "blue");
    caller(token);
    keystone.revoke(token);
    clock.pass(Duration.ofSeconds(300));
    refusal(check(token));
  }

  @Test
  void aTokenThatIsNotValidYetIsAskedAboutAgainSoon() {
    String token = "token-of-reader-at-blue";
    refusal(check(token));
    keystone.token("reader", "blue");
    refusal(check(token));
    assertThat(keystone.questions).hasValue(1);
    clock.pass(Duration.ofSeconds(10));
    caller(token);
  }

  @Test
  void itsOwnTokenIsRenewedBeforeItEnds() {
    authenticator.close();
    authenticator = connect(Map.of("token_cache_time", "0"));
    keystone.setOwnLife(Duration.ofMinutes(2));
    String token = keystone.token("reader", "blue");
    check(token);
    clock.pass(Duration.ofSeconds(89));
    check(token);
    assertThat(keystone.logins).hasValue(1);
    clock.pass(Duration.ofSeconds(1));
    check(token);
    assertThat(keystone.logins).hasValue(2);
  }

  @Test
  void itsOwnTokenIsRenewedWhenItWasRevoked() {
    authenticator.close();
    authenticator = connect(Map.of("token_cache_time", "0"));
    String token = keystone.token("reader", "blue");
    caller(token);
    keystone.forgetLogins();
    caller(token);
    assertThat(keystone.logins).hasValue(2);
  }

  @Test
  void aServiceMayGoOnWithATokenThatHasEnded() {
    String token = keystone.token("reader", "blue", clock.instant().plus(Duration.ofSeconds(5)));
    String service = keystone.token("service", "service");
    String other = keystone.token("member", "service");
    clock.pass(Duration.ofSeconds(10));
    refusal(check(token));
    assertThat(check(token, service)).isInstanceOf(Outcome.Known.class);
    assertThat(keystone.queries().getLast()).contains("allow_expired=1");
    assertThat(refusal(check(token))).as("without the service's token").contains("ended");
    refusal(check(token, other));
    assertThat(refusal(check(token, "made-up"))).contains("X-Service-Token");
  }

  @Test
  void aServicesTokenWithoutTheRoleIsRefusedWhereTheRoleIsRequired() {
    String token = keystone.token("reader", "blue");
    String other = keystone.token("member", "service");
    assertThat(check(token, other)).isInstanceOf(Outcome.Known.class);
    authenticator.close();
    authenticator =
        connect(
            Map.of("service_token_roles_required", "true", "service_token_roles", "helper,clerk"));
    assertThat(refusal(check(token, other))).contains("helper").contains("clerk");
    assertThat(check(token, keystone.token("Clerk", "service"))).isInstanceOf(Outcome.Known.class);
  }

  @Test
  void aCallThatFailsOnceIsTriedAgain() {
    keystone.fail(503, 1);
    caller(keystone.token("reader", "blue"));
  }

  @Test
  void aServiceThatFailsOnIsToldAs503() {
    String token = keystone.token("reader", "blue");
    keystone.fail(500, 1000);
    assertUnavailable(token, "500");
    keystone.fail(500, 0);
    caller(token);
    keystone.close();
    assertThat(caller(token)).as("remembered").isNotNull();
    clock.pass(Duration.ofHours(2));
    assertUnavailable(token, "can't be reached");
  }

  @Test
  void aWrongPasswordOfItsOwnIsToldWithoutThePassword() {
    authenticator.close();
    authenticator = connect(Map.of("password", "not-the-password"));
    assertUnavailable(keystone.token("reader", "blue"), "[keystone_authtoken]");
  }

  private void assertUnavailable(String token, String why) {
    assertThatThrownBy(() -> check(token))
        .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("identity service")
        .hasMessageContaining(why)
        .hasMessageNotContainingAny(token, "not-the-password", ScriptedKeystone.PASSWORD);
  }

  @Test
  void optionsThatCanNotBeHonouredAreRefusedAtStart() {
    assertRefused("auth_type", "v3applicationcredential", "auth_type");
    assertRefused("delay_auth_decision", "true", "delay_auth_decision");
    assertRefused("auth_url", "keystone.example", "auth_url");
    assertRefused("auth_url", "", "auth_url is missing");
    assertRefused("username", "", "username is missing");
    assertRefused("password", "", "password is missing");
    assertRefused("project_name", "", "project_name is missing");
  }

  private void assertRefused(String option, String value, String words) {
    assertThatThrownBy(() -> options(Map.of(option, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words)
        .hasMessageNotContaining(ScriptedKeystone.PASSWORD);
  }
}
