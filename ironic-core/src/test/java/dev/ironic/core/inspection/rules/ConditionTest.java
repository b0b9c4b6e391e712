package dev.ironic.core.inspection.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

final class ConditionTest {

  private static final Map<String, Object> FACTS = facts();

  private static Map<String, Object> facts() {
    try (InputStream in = ConditionTest.class.getResourceAsStream("conditions.json")) {
      return JsonMapper.builder()
          .build()
          .readValue(Objects.requireNonNull(in), new TypeReference<Map<String, Object>>() {});
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  private static Scope scope(boolean masked) {
    Map<String, Object> facts = object(FACTS.get("node"));
    Node node =
        Node.draft("3ad85e3e-0bb8-4a2c-8bff-1a7f8e34f8bd", String.valueOf(facts.get("driver")))
            .with(b -> b.properties(Map.copyOf(object(facts.get("properties")))));
    return new Scope(
        node,
        object(FACTS.get("inventory")),
        object(FACTS.get("plugin_data")),
        null,
        false,
        masked);
  }

  private static boolean holds(Map<String, Object> condition) {
    return Condition.of(Map.copyOf(condition)).holds(scope(true));
  }

  @TestFactory
  Stream<DynamicTest> measuredAnswers() {
    var cases = new ArrayList<>((List<?>) FACTS.get("cases"));
    assertThat(cases).hasSizeGreaterThan(30);
    return cases.stream()
        .map(
            one -> {
              Map<String, Object> condition = object(object(one).get("condition"));
              Object wanted = object(one).get("holds");
              return DynamicTest.dynamicTest(
                  condition + " -> " + wanted,
                  () -> {
                    if (wanted.equals("error")) {
                      assertThatThrownBy(() -> holds(condition))
                          .isInstanceOf(IronicException.class);
                    } else {
                      assertThat(holds(condition)).isEqualTo(wanted);
                    }
                  });
            });
  }

  private static boolean holds(String op, Map<String, Object> args) {
    return holds(Map.of("op", op, "args", args));
  }

  @Test
  void numbersAreComparedByValue() {
    assertThat(holds("eq", Map.of("values", List.of(8, 8.0, 8L)))).isTrue();
    assertThat(holds("lt", Map.of("values", List.of(1.5, 2)))).isTrue();
    assertThatThrownBy(() -> holds("lt", Map.of("values", List.of(1, "2"))))
        .hasMessageContaining("can't be put in order");
  }

  @Test
  void namesAreNeverLookedUpAsHosts() {
    assertThatThrownBy(() -> holds("in-net", Map.of("address", "abc", "subnet", "192.0.2.0/24")))
        .hasMessageContaining("no IP address");
    assertThatThrownBy(() -> holds("in-net", Map.of("address", "192.0.2.1", "subnet", "192.0.2/8")))
        .hasMessageContaining("no IP address");
    assertThatThrownBy(
            () -> holds("in-net", Map.of("address", "192.0.2.1", "subnet", "192.0.2.0/33")))
        .hasMessageContaining("no subnet");
    assertThat(holds("in-net", Map.of("address", "2001:db8::1", "subnet", "2001:db8::/32")))
        .isTrue();
    assertThat(holds("in-net", Map.of("address", "2001:db8::1", "subnet", "192.0.2.0/24")))
        .isFalse();
  }

  @Test
  void anEndlessExpressionEnds() {
    assertThatThrownBy(
            () ->
                holds(
                    "matches",
                    Map.of("value", "a".repeat(100), "regex", "(.*)(.*)(.*)(.*)(.*)(.*)b")))
        .hasMessageContaining("takes too long");
    assertThatThrownBy(() -> holds("contains", Map.of("value", "x", "regex", "(")))
        .hasMessageContaining("no regular expression");
    assertThat(holds("matches", Map.of("value", "aXa", "regex", "(?P<l>.)X(?P=l)"))).isTrue();
  }

  @Test
  void argumentsThatLackOrAreUnknownAreNamed() {
    assertThatThrownBy(() -> holds("eq", Map.of()))
        .hasMessageContaining("lacks")
        .hasMessageContaining("values");
    assertThatThrownBy(() -> holds("is-none", Map.of("value", 1, "colour", 2)))
        .hasMessageContaining("colour");
    assertThatThrownBy(() -> holds(Map.of("op", "is-none", "args", List.of(1, 2))))
        .hasMessageContaining("at most 1");
  }

  @Test
  void secretsAreHiddenInWholeObjectsToo() {
    Map<String, Object> data = Map.of("bmc", Map.of("password", "hunter2", "user", "root"));
    var scope = new Scope(Node.draft("u", "d"), Map.of(), Map.of("got", data), null, false, true);
    assertThat(Template.fill("{plugin_data[got]}", scope).toString())
        .contains("root", "'***'")
        .doesNotContain("hunter2");
    assertThat(Template.fill("{plugin_data[got][bmc][password]}", scope)).isEqualTo("***");
    var open = new Scope(Node.draft("u", "d"), Map.of(), Map.of("got", data), null, false, false);
    assertThat(Template.fill("{plugin_data[got][bmc][password]}", open)).isEqualTo("hunter2");
  }

  @Test
  void whatTheMachineSendsIsNoTemplate() {
    Node node = Node.draft("u", "d").with(b -> b.driverInfo(Map.of("redfish_password", "hunter2")));
    var scope =
        new Scope(
            node,
            Map.of("name", "{node.driver_info[redfish_password]}", "list", List.of("a", "b")),
            Map.of(),
            null,
            false,
            true);
    assertThat(Template.fill("{inventory[name]}", scope.with("x")))
        .isEqualTo("{node.driver_info[redfish_password]}");
    assertThat(Template.fill("{item[v]}!", scope.with(Map.of("v", "{inventory[list][1]}"))))
        .isEqualTo("b!");
    assertThat(Template.fill("{{{inventory[list][0]}}}", scope)).isEqualTo("{a}");
    assertThat(Template.fill("{inventory[list]!r} {oops", scope))
        .isEqualTo("{inventory[list]!r} {oops");
    assertThat(Template.fill("{inventory[list]}", scope)).isEqualTo("['a', 'b']");
  }
}
