package dev.ironic.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language of rules, and how the defaults, older forms and overrides go together. */
class RulesTest {

  private static final PolicyOptions PLAIN =
      new PolicyOptions(Path.of("none"), false, true, true, false, "service");

  private static Caller inProject(String project, String... roles) {
    return new Caller(
        "u1", "default", project, project, "default", null, null, true, Set.of(roles), false);
  }

  private static Caller ofSystem(String... roles) {
    return new Caller("u1", "default", null, null, null, null, "all", true, Set.of(roles), false);
  }

  private static Caller ofDomain(String... roles) {
    return new Caller("u1", "default", null, null, null, "d1", null, true, Set.of(roles), false);
  }

  private static boolean holds(String check, Caller caller, Map<String, String> target) {
    return Rules.of(PLAIN, Map.of("tried", check)).allow("tried", caller, target);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "@ | true",
        "! | false",
        "`` | true",
        "role:member | true",
        "role:MEMBER | true",
        "role:reader | true",
        "role:admin | false",
        "not role:admin | true",
        "not not role:member | true",
        "role:admin or role:member | true",
        "role:admin and role:member | false",
        "role:member or role:admin and ! | true",
        "(role:member or role:admin) and ! | false",
        "role:admin and ! or role:member | true",
        "not role:admin and role:member | true",
        "not (role:admin or role:member) | false",
        "ROLE:member or @ | refused",
        "role:member AND NOT role:admin | true",
        "project_id:blue | true",
        "project_id:red | false",
        "tenant:blue | true",
        "project_id:%(thing.owner)s | true",
        "project_id:%(thing.lessee)s | false",
        "project_id:%(thing.unknown)s | false",
        "user_id:u1 | true",
        "domain_id:None | true",
        "project_id:None | false",
        "system_scope:all | false",
        "is_admin:True | false",
        "is_admin_project:True | true",
        "'blue':%(thing.owner)s | true",
        "\"blue\":%(project_id)s | true",
        "'two words':'two words' | true",
        "'a:b':'a:b' | true",
        "True:%(thing.flag)s | true",
        "rule:unheard_of | false",
        "role:%(thing.role)s | true",
      })
  void meansWhatItSays(String check, String expected) {
    var target = Map.of("thing.owner", "blue", "thing.flag", "True", "thing.role", "member");
    if (expected.equals("refused")) {
      assertThatThrownBy(() -> holds(check, inProject("blue", "member"), target))
          .isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(holds(check, inProject("blue", "member"), target))
          .isEqualTo(Boolean.parseBoolean(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "role:admin or",
        "and role:admin",
        "(role:admin",
        "role:admin)",
        "role:admin role:member",
        "role",
        "role:",
        ":admin",
        "not",
        "shoe_size:44",
        "'open:44",
        "http://checker.example/",
        "project_id:x%(node.owner)s",
      })
  void whatCanNotBeReadIsRefusedAndNamed(String check) {
    assertThatThrownBy(() -> Rules.of(PLAIN, Map.of("tried", check)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tried")
        .hasMessageContaining(check);
  }

  @Test
  void deepNestingIsRefusedInsteadOfBreakingTheStack() {
    String deep = "(".repeat(5000) + "@" + ")".repeat(5000);
    assertThatThrownBy(() -> Rules.of(PLAIN, Map.of("tried", deep)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rulesThatReferToThemselvesAreRefused() {
    assertThatThrownBy(() -> Rules.of(PLAIN, Map.of("one", "rule:two", "two", "not rule:one")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one")
        .hasMessageContaining("two");
  }

  @Test
  void aRoleImpliesTheLesserOnes() {
    assertThat(inProject("p", "admin").roles())
        .containsExactlyInAnyOrder("admin", "manager", "member", "reader");
    assertThat(inProject("p", "Manager").roles())
        .containsExactlyInAnyOrder("manager", "member", "reader");
    assertThat(inProject("p", "service").roles()).containsExactly("service");
  }

  @Test
  void nobodyOwnsWhatHasNoOwner() {
    var target = new HashMap<String, @Nullable String>();
    target.put("node.owner", null);
    Rules rules = Rules.of(PLAIN, Map.of());
    assertThat(rules.allow("is_node_owner", ofSystem("admin"), target)).isFalse();
    assertThat(rules.allow("is_node_owner", inProject("blue", "admin"), target)).isFalse();
    target.put("node.owner", "None");
    assertThat(rules.allow("is_node_owner", ofSystem("admin"), target))
        .as("a project of that name")
        .isFalse();
  }

  @Test
  void theWordNoneInATargetDoesNotMeanNothing() {
    assertThat(holds("domain_id:%(thing.owner)s", inProject("blue"), Map.of("thing.owner", "None")))
        .isFalse();
  }

  @Test
  void whatARequestIsForMustFitTheRule() {
    String rule = "baremetal:node:list";
    Rules strict = Rules.of(PLAIN, Map.of(rule, "role:reader"));
    assertThat(strict.allow(rule, inProject("blue", "reader"), Map.of())).isTrue();
    assertThat(strict.allow(rule, ofSystem("reader"), Map.of())).isTrue();
    assertThat(strict.allow(rule, ofDomain("reader"), Map.of())).isFalse();
    Rules loose =
        Rules.of(
            new PolicyOptions(Path.of("none"), false, false, true, false, "service"),
            Map.of(rule, "role:reader"));
    assertThat(loose.allow(rule, ofDomain("reader"), Map.of())).isTrue();
  }

  @Test
  void olderFormsCountOnlyWhereTheNewDefaultsAreNotEnforced() {
    Caller old = inProject("anything", "administrator");
    String rule = "baremetal:node:delete";
    assertThat(Rules.of(PLAIN, Map.of()).allow(rule, old, Map.of())).isFalse();
    var lenient = new PolicyOptions(Path.of("none"), false, true, false, false, "service");
    assertThat(Rules.of(lenient, Map.of()).allow(rule, old, Map.of())).isTrue();
    assertThat(Rules.of(lenient, Map.of()).allow(rule, inProject("p", "member"), Map.of()))
        .isFalse();
    assertThat(Rules.of(lenient, Map.of(rule, "!")).allow(rule, old, Map.of()))
        .as("the operator's rule replaces both")
        .isFalse();
  }

  @Test
  void servicesReachEveryNodeOnlyWhereThatIsSwitchedOn() {
    Caller nova = inProject("service", "service");
    var target = Map.of("node.owner", "blue");
    String rule = "baremetal:node:get";
    assertThat(Rules.of(PLAIN, Map.of()).allow(rule, nova, target)).isFalse();
    var elevated = new PolicyOptions(Path.of("none"), false, true, true, true, "service");
    assertThat(Rules.of(elevated, Map.of()).allow(rule, nova, target)).isTrue();
    assertThat(Rules.of(elevated, Map.of()).allow(rule, inProject("other", "service"), target))
        .isFalse();
  }

  @Test
  void whoIsUnlimitedMayDoAllButWhatNobodyMay() {
    Rules rules = Rules.of(PLAIN, Map.of());
    Caller all = Caller.unlimited(null);
    for (RuleDefault rule : RuleDefault.table()) {
      assertThat(rules.allow(rule.name(), all, Map.of()))
          .as(rule.name())
          .isEqualTo(!List.of("show_password", "show_instance_secrets").contains(rule.name()));
    }
  }

  @Test
  void aRuleThatDoesNotExistIsAMistakeOfTheProgram() {
    assertThatThrownBy(
            () -> Rules.of(PLAIN, Map.of()).allow("baremetal:x", ofSystem("admin"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("baremetal:x");
  }
}
