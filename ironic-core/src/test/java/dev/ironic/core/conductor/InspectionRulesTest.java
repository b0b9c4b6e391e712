package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.ironic.core.model.InspectionRule;
import dev.ironic.core.model.InspectionRuleBuilder;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.NodeInventory;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.driver.InterfaceKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules at work, from the ramdisk's post to the node in the database. */
final class InspectionRulesTest {

  private static final String MAC = "52:54:00:00:00:01";

  private OperationsRig rig = new OperationsRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void restart(Map<String, String> settings) {
    rig.close();
    rig = new OperationsRig(settings);
  }

  private static Map<String, Object> action(String op, Map<String, Object> args) {
    return Map.of("op", op, "args", args);
  }

  private InspectionRule rule(
      int priority, List<Map<String, Object>> conditions, List<Map<String, Object>> actions) {
    return rig.store
        .inspectionRules()
        .insert(
            InspectionRuleBuilder.builder()
                .uuid(OperationsRig.uuid())
                .priority(priority)
                .phase("main")
                .conditions(conditions.stream().map(Map::copyOf).toList())
                .actions(actions.stream().map(Map::copyOf).toList())
                .build());
  }

  private void rule(String op, Map<String, Object> args) {
    rule(0, List.of(), List.of(action(op, args)));
  }

  private Node inspected() {
    return inspected(rig.scripted(n -> n.with(b -> b.provisionState(ProvisionState.MANAGEABLE))));
  }

  private Node inspected(Node node) {
    rig.operations.inspection().inspect(rig.context, node.uuid());
    rig.settle();
    rig.operations
        .inspection()
        .resume(
            rig.context,
            node.uuid(),
            Map.of(
                "interfaces",
                List.of(Map.of("name", "eth0", "mac_address", MAC)),
                "cpu",
                Map.of("architecture", "x86_64", "count", 4),
                "bmc_address",
                "192.0.2.7"),
            Map.of(
                "tags",
                List.of("a"),
                "deep",
                Map.of("one", Map.of("two", 2)),
                "password",
                "hunter2"));
    rig.settle();
    return rig.reload(node);
  }

  private Map<String, Object> pluginData(Node node) {
    return Map.copyOf(
        rig.store.nodes().inventory(node.id()).map(NodeInventory::pluginData).orElseThrow());
  }

  private Port port(Node node) {
    return rig.store.ports().list(Query.where("nodeId", node.id())).getFirst();
  }

  private void assertFails(String... reasons) {
    Node node = inspected();
    assertThat(node.provisionState()).isEqualTo(ProvisionState.INSPECT_FAILED);
    assertThat(node.lastError()).contains(reasons);
    assertThat(rig.store.nodes().inventory(node.id())).isEmpty();
  }

  @Test
  void attributesAreSetWithWhatWasFound() {
    rule(
        "set-attribute",
        Map.of("path", "/extra/rack/cpus", "value", "{inventory[cpu][count]} cpus"));
    rule(
        "set-attribute",
        Map.of("path", "driver_info.redfish_address", "value", "http://{inventory[bmc_address]}"));
    rule("set-attribute", Map.of("path", "resource_class", "value", "big"));
    rule("set-attribute", Map.of("path", "maintenance", "value", "true"));
    rule("set-attribute", Map.of("path", "/vendor_interface", "value", "fake"));
    Node node = inspected();
    assertThat(node.lastError()).isNull();
    assertThat(node.extra()).containsEntry("rack", Map.of("cpus", "4 cpus"));
    assertThat(node.driverInfo()).containsEntry("redfish_address", "http://192.0.2.7");
    assertThat(node.resourceClass()).isEqualTo("big");
    assertThat(node.maintenance()).isTrue();
    assertThat(node.interfaces()).containsEntry(InterfaceKind.VENDOR, "fake");
  }

  @Test
  void attributesAreExtendedAndRemoved() {
    rule(
        9,
        List.of(),
        List.of(action("extend-attribute", Map.of("path", "/extra/seen/by", "value", "a"))));
    rule(
        8,
        List.of(),
        List.of(
            action(
                "extend-attribute",
                Map.of("path", "/extra/seen/by", "value", "a", "unique", true))));
    rule(
        7,
        List.of(),
        List.of(action("extend-attribute", Map.of("path", "/extra/seen/by", "value", "a"))));
    rule(6, List.of(), List.of(action("del-attribute", Map.of("path", "/extra/old"))));
    rule(5, List.of(), List.of(action("del-attribute", Map.of("path", "description"))));
    Node node =
        inspected(
            rig.scripted(
                n ->
                    n.with(
                        b ->
                            b.provisionState(ProvisionState.MANAGEABLE)
                                .description("words")
                                .extra(Map.of("old", 1)))));
    assertThat(node.extra()).isEqualTo(Map.of("seen", Map.of("by", List.of("a", "a"))));
    assertThat(node.description()).isNull();
  }

  @Test
  void whatIsNotThereOrNotForRulesFails() {
    rule("del-attribute", Map.of("path", "/extra/none"));
    assertFails("nothing stands at '/extra/none'");
  }

  @Test
  void statesAreNotForRules() {
    rule("set-attribute", Map.of("path", "provision_state", "value", "active"));
    assertFails("can't change the attribute 'provision_state'");
  }

  @Test
  void capabilitiesAndTraits() {
    rule(
        3,
        List.of(),
        List.of(
            action("set-capability", Map.of("name", "made_by", "value", "rule {node.driver}")),
            action("set-capability", Map.of("name", "gone", "value", "1")),
            action("add-trait", Map.of("name", "CUSTOM_A")),
            action("add-trait", Map.of("name", "CUSTOM_B")),
            action("add-trait", Map.of("name", "CUSTOM_B")),
            action("remove-trait", Map.of("name", "CUSTOM_A")),
            action("remove-trait", Map.of("name", "CUSTOM_NEVER")),
            action("unset-capability", Map.of("name", "gone"))));
    Node node = inspected();
    assertThat(node.lastError()).isNull();
    assertThat(node.properties()).containsEntry("capabilities", "made_by:rule fake-hardware");
    assertThat(rig.store.nodes().get(node.uuid()).traits()).containsExactly("CUSTOM_B");
  }

  @Test
  void aWrongTraitFails() {
    rule("add-trait", Map.of("name", "no trait"));
    assertFails("'no trait' is no trait");
  }

  @Test
  void pluginDataAreChangedBeforeTheyAreStored() {
    rule(
        0,
        List.of(),
        List.of(
            action("set-plugin-data", Map.of("path", "/mark", "value", "{node.driver}")),
            action("set-plugin-data", Map.of("path", "new.key", "value", 1)),
            action("extend-plugin-data", Map.of("path", "tags", "value", "a", "unique", true)),
            action("extend-plugin-data", Map.of("path", "tags", "value", "b")),
            action("extend-plugin-data", Map.of("path", "fresh.list", "value", "c")),
            action("unset-plugin-data", Map.of("path", "deep.one.two")),
            action("unset-plugin-data", Map.of("path", "never.there")),
            action("set-plugin-data", Map.of("path", "seen", "value", "{plugin_data[password]}"))));
    assertThat(pluginData(inspected()))
        .containsEntry("/mark", "fake-hardware")
        .containsEntry("new", Map.of("key", 1))
        .containsEntry("tags", List.of("a", "b"))
        .containsEntry("fresh", Map.of("list", List.of("c")))
        .containsEntry("deep", Map.of())
        .containsEntry("password", "hunter2")
        .containsEntry("seen", "***");
  }

  @Test
  void sensitiveRulesMaySeeSecretsIfConfigured() {
    restart(Map.of("inspection_rules.mask_secrets", "sensitive"));
    rule("set-attribute", Map.of("path", "/extra/open", "value", "{plugin_data[password]}"));
    InspectionRule secret =
        rule(
            0,
            List.of(),
            List.of(
                action(
                    "set-attribute",
                    Map.of("path", "/driver_info/pw", "value", "{plugin_data[password]}"))));
    rig.store.inspectionRules().update(secret, secret.with(b -> b.sensitive(true)));
    Node node = inspected();
    assertThat(node.extra()).containsEntry("open", "***");
    assertThat(node.driverInfo()).containsEntry("pw", "hunter2");
  }

  @Test
  void portsAreChangedByTheirUuid() {
    Node node = inspected();
    String uuid = port(node).uuid();
    rule(
        0,
        List.of(),
        List.of(
            action(
                "set-port-attribute",
                Map.of("port_id", uuid, "path", "physical_network", "value", "net-{node.driver}")),
            action("set-port-attribute", Map.of("port_id", uuid, "path", "/extra/a/b", "value", 1)),
            action(
                "extend-port-attribute",
                Map.of("port_id", uuid, "path", "/extra/list", "value", "x")),
            action("del-port-attribute", Map.of("port_id", uuid, "path", "/extra/a/b"))));
    inspected(node);
    assertThat(port(node).physicalNetwork()).isEqualTo("net-fake-hardware");
    assertThat(port(node).extra()).isEqualTo(Map.of("a", Map.of(), "list", List.of("x")));
  }

  @Test
  void anUnknownPortFails() {
    rule("set-port-attribute", Map.of("port_id", "none", "path", "name", "value", "x"));
    assertFails("has no port 'none'");
  }

  @Test
  void aRuleCanEndTheInspection() {
    rule("fail", Map.of("msg", "only {inventory[cpu][count]} cpus"));
    assertFails("Failed to inspect hardware", "only 4 cpus");
  }

  @Test
  void logsNeedAKnownLevel() {
    rule("log", Map.of("msg", "hello {node.uuid}", "level", "WARNING"));
    assertThat(inspected().lastError()).isNull();
    rule("log", Map.of("msg", "hello", "level", "loud"));
    Node node =
        inspected(rig.scripted(n -> n.with(b -> b.provisionState(ProvisionState.MANAGEABLE))));
    assertThat(node.lastError()).contains("level must be one of");
  }

  @Test
  void rulesRunByPriorityAndSeeWhatTheOnesBeforeDid() {
    rule(
        1,
        List.of(Map.of("op", "eq", "args", Map.of("values", List.of("{node.extra[step]}", "one")))),
        List.of(action("set-attribute", Map.of("path", "/extra/step", "value", "two"))));
    rule(
        2,
        List.of(),
        List.of(action("set-attribute", Map.of("path", "/extra/step", "value", "one"))));
    rule(
        3,
        List.of(Map.of("op", "eq", "args", Map.of("values", List.of("{node.driver}", "other")))),
        List.of(action("fail", Map.of("msg", "not for this node"))));
    assertThat(inspected().extra()).containsEntry("step", "two");
  }

  @Test
  void loopsGoThroughTheirItems() {
    rule(
        0,
        List.of(
            Map.of(
                "op",
                "eq",
                "args",
                Map.of("values", List.of("{item}", "{inventory[cpu][count]}")),
                "loop",
                List.of(2, 4),
                "multiple",
                "any")),
        List.of(
            Map.of(
                "op",
                "set-attribute",
                "args",
                Map.of("path", "/extra/{item[key]}", "value", "{item[value]}"),
                "loop",
                List.of(
                    Map.of("key", "a", "value", "{inventory[bmc_address]}"),
                    Map.of("key", "b", "value", 7)))));
    assertThat(inspected().extra()).isEqualTo(Map.of("a", "192.0.2.7", "b", "7"));
  }

  @Test
  void builtInRulesComeFromAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("rules.yaml");
    restart(Map.of("inspection_rules.built_in_rules", file.toString()));
    rule(
        0,
        List.of(),
        List.of(action("extend-attribute", Map.of("path", "/extra/order", "value", "api"))));
    Files.writeString(
        file,
        """
        - description: late
          priority: -5
          actions:
            - op: extend-attribute
              args: {path: /extra/order, value: late}
        - description: the same priority as the one of the API
          conditions:
            - op: "!eq"
              args: {values: ["{node.driver}", other], force_strings: yes}
          actions:
            - op: extend-attribute
              args: {path: /extra/order, value: file}
        - priority: 100000
          actions:
            - {op: extend-attribute, args: [/extra/order, early]}
        """);
    Node node = inspected();
    assertThat(node.lastError()).isNull();
    assertThat(node.extra()).containsEntry("order", List.of("early", "api", "file", "late"));
    for (String wrong :
        List.of(
            "- priority: high\n  actions: [{op: fail, args: {msg: x}}]",
            "{a: 1}",
            "- [",
            "- actions: []")) {
      Files.writeString(file, wrong);
      assertThat(inspected(node).lastError()).contains("built_in_rules", file.toString());
      rig.change(node, n -> n.with(b -> b.provisionState(ProvisionState.MANAGEABLE)));
    }
    Files.delete(file);
    assertThat(inspected(node).lastError()).contains("can't be read");
  }

  @Test
  void callsAreRepeatedUntilTheyAreAnswered() throws IOException {
    Queue<Integer> answers = new ConcurrentLinkedQueue<>(List.of(503, 500, 200));
    Queue<String> asked = new ConcurrentLinkedQueue<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("X-Token"));
          Integer status = answers.poll();
          exchange.sendResponseHeaders(status == null ? 404 : status, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      rule(
          "api-call",
          Map.of(
              "url",
              url + "/seen/{node.uuid}",
              "headers",
              Map.of("X-Token", "t"),
              "backoff_factor",
              0));
      Node node = inspected();
      assertThat(node.lastError()).isNull();
      assertThat(asked).hasSize(3).containsOnly("/seen/" + node.uuid() + " t");
      Node again =
          inspected(rig.scripted(n -> n.with(b -> b.provisionState(ProvisionState.MANAGEABLE))));
      assertThat(again.lastError()).contains(url, "status 404");
      assertThat(asked).as("a 404 is final").hasSize(4);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aCallThatCannotWorkSaysWhy() {
    rule("api-call", Map.of("url", "ftp://host/?token=hunter2"));
    Node node = inspected();
    assertThat(node.lastError()).contains("http or https").doesNotContain("hunter2");
  }
}
