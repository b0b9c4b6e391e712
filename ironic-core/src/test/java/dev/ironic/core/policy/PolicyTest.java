package dev.ironic.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.config.IronicConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's own rules in a file. */
class PolicyTest {

  private static final String RULE = "baremetal:node:delete";

  @TempDir private Path folder;

  private static final Caller MEMBER =
      new Caller(
          "u1", "default", "blue", "blue", "default", null, null, true, Set.of("member"), false);

  private Policy policy(Path file) {
    return new Policy(
        PolicyOptions.from(
            IronicConfig.of(Map.of("oslo_policy", Map.of("policy_file", file.toString())))));
  }

  private static boolean may(Policy policy) {
    return policy.now().allow(RULE, MEMBER, Map.of());
  }

  @Test
  void overridesTheDefaultsAndIsReadAgainWhenItChanges() throws IOException {
    Path file = folder.resolve("policy.yaml");
    Files.writeString(file, "# ours\n");
    Policy policy = policy(file);
    assertThat(may(policy)).isFalse();
    Files.writeString(file, "\"" + RULE + "\": \"rule:trusted\"\ntrusted: project_id:blue\n");
    assertThat(may(policy)).isTrue();
    Files.writeString(file, "\"" + RULE + "\": \"role:\"\n# longer than before, and malformed\n");
    assertThat(may(policy)).as("what was read before stays in force").isTrue();
    Files.delete(file);
    assertThat(may(policy)).as("the defaults").isFalse();
  }

  @Test
  void mayBeJson() throws IOException {
    Path file = folder.resolve("policy.json");
    Files.writeString(file, "{\"" + RULE + "\": \"role:member\"}");
    assertThat(may(policy(file))).isTrue();
  }

  @Test
  void aFileThatIsNamedMustBeThereAndMakeSense() throws IOException {
    Path file = folder.resolve("policy.yaml");
    assertThatThrownBy(() -> policy(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("policy_file")
        .hasMessageContaining(file.toString());
    for (String wrong : new String[] {"- a\n- b\n", "a: [1, 2]\n", "a: 'role:'\n", "a: b: c\n"}) {
      Files.writeString(file, wrong);
      assertThatThrownBy(() -> policy(file))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(file.toString());
    }
  }
}
