package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.ProvisionState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** What there is beside nodes, and what it does to them. Not thread-safe. */
final class CatalogueWalk {

  private final Walk walk;

  CatalogueWalk(Walk walk) {
    this.walk = walk;
  }

  void chassis() {
    String chassis = walk.make("chassis.create", Map.of("description", "row 4"));
    String node = walk.node(Map.of("chassis_uuid", chassis), ProvisionState.ENROLL);
    assertThat(Walk.each(walk.get("chassis.node.list", chassis).path("nodes"), "uuid"))
        .containsExactly(node);
    assertThat(
            Walk.each(walk.get("chassis.node.list_detail", chassis).path("nodes"), "chassis_uuid"))
        .containsExactly(chassis);
    walk.replace("chassis.update", chassis, "/description", "row 5");
    assertThat(walk.get("chassis.show", chassis).path("description").asString()).isEqualTo("row 5");
    assertThat(Walk.each(walk.get("chassis.list").path("chassis"), "uuid")).contains(chassis);
    assertThat(Walk.each(walk.get("chassis.list_detail").path("chassis"), "description"))
        .contains("row 5");
    walk.call(400, "chassis.delete", null, chassis);
    walk.call(204, "node.delete", null, node);
    walk.call(204, "chassis.delete", null, chassis);
    walk.call(404, "chassis.show", null, chassis);
  }

  void ports() {
    String node = walk.node(Map.of(), ProvisionState.ENROLL);
    String group =
        walk.make("portgroup.create", Map.of("node_uuid", node, "name", "bond-1", "mode", "4"));
    String port =
        walk.make(
            "port.create",
            Map.of("node_uuid", node, "address", "52:54:00:50:00:01", "portgroup_uuid", group));
    for (String list : List.of("port.list", "port.list_detail")) {
      assertThat(Walk.each(walk.get(list, "?node=" + node).path("ports"), "uuid"))
          .as(list)
          .containsExactly(port);
    }
    for (String list : List.of("node.port.list", "node.port.list_detail")) {
      assertThat(Walk.each(walk.get(list, node).path("ports"), "uuid"))
          .as(list)
          .containsExactly(port);
    }
    for (String list : List.of("portgroup.port.list", "portgroup.port.list_detail")) {
      assertThat(Walk.each(walk.get(list, "bond-1").path("ports"), "uuid"))
          .as(list)
          .containsExactly(port);
    }
    for (String list : List.of("node.portgroup.list", "node.portgroup.list_detail")) {
      assertThat(Walk.each(walk.get(list, node).path("portgroups"), "uuid"))
          .as(list)
          .containsExactly(group);
    }
    assertThat(Walk.each(walk.get("portgroup.list").path("portgroups"), "name")).contains("bond-1");
    assertThat(Walk.each(walk.get("portgroup.list_detail").path("portgroups"), "mode"))
        .contains("4");
    walk.replace("port.update", port, "/extra/a", "b");
    assertThat(walk.get("port.show", port).at("/extra/a").asString()).isEqualTo("b");
    walk.replace("portgroup.update", group, "/extra/a", "b");
    assertThat(walk.get("portgroup.show", "bond-1").at("/extra/a").asString()).isEqualTo("b");
    walk.call(400, "portgroup.delete", null, group);
    walk.call(204, "port.delete", null, port);
    walk.call(204, "portgroup.delete", null, group);
    assertThat(walk.get("node.portgroup.list", node).path("portgroups")).isEmpty();
  }

  void volumes() {
    String node = walk.node(Map.of(), ProvisionState.MANAGEABLE);
    walk.call(202, "node.states.power", Map.of("target", "power off"), node);
    walk.rig().awaitRest(node);
    assertThat(walk.get("volume.root").has("connectors")).isTrue();
    assertThat(walk.get("node.volume.root", node).path("targets").toString()).contains(node);
    Map<String, ?> connector =
        Map.of("node_uuid", node, "type", "iqn", "connector_id", "iqn.2026-01.example:a");
    String connected = walk.make("volume.connector.create", connector);
    walk.call(409, "volume.connector.create", connector);
    Map<String, ?> target =
        Map.of(
            "node_uuid",
            node,
            "volume_type",
            "iscsi",
            "volume_id",
            "v1",
            "boot_index",
            0,
            "properties",
            Map.of("auth_password", "hush", "target_lun", 1));
    String volume = walk.make("volume.target.create", target);
    walk.call(409, "volume.target.create", target);
    assertThat(Walk.each(walk.get("volume.connector.list").path("connectors"), "uuid"))
        .contains(connected);
    assertThat(Walk.each(walk.get("node.volume.connector.list", node).path("connectors"), "type"))
        .containsExactly("iqn");
    assertThat(Walk.each(walk.get("volume.target.list").path("targets"), "uuid")).contains(volume);
    assertThat(Walk.each(walk.get("node.volume.target.list", node).path("targets"), "volume_id"))
        .containsExactly("v1");
    walk.replace("volume.connector.update", connected, "/connector_id", "iqn.2026-01.example:b");
    assertThat(walk.get("volume.connector.show", connected).path("connector_id").asString())
        .isEqualTo("iqn.2026-01.example:b");
    walk.replace("volume.target.update", volume, "/boot_index", 1);
    JsonNode shown = walk.get("volume.target.show", volume);
    assertThat(shown.path("boot_index").asInt()).isEqualTo(1);
    assertThat(shown.at("/properties/auth_password").asString()).isEqualTo("******");
    assertThat(shown.at("/properties/target_lun").asInt()).isEqualTo(1);
    walk.call(204, "volume.connector.delete", null, connected);
    walk.call(204, "volume.target.delete", null, volume);
    walk.call(404, "volume.target.show", null, volume);
  }

  void shards() {
    walk.node(Map.of("shard", "blue"), ProvisionState.ENROLL);
    walk.node(Map.of("shard", "blue"), ProvisionState.ENROLL);
    JsonNode shards = walk.get("shard.list").path("shards");
    int blue = 0;
    for (JsonNode shard : shards) {
      if (shard.path("name").asString().equals("blue")) {
        blue += shard.path("count").asInt();
      }
    }
    assertThat(blue).as("%s", shards).isEqualTo(2);
    assertThat(walk.get("node.list", "?shard=blue,red").path("nodes")).hasSize(2);
  }

  private JsonNode settled(String allocation) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> walk.get("allocation.show", allocation),
            shown -> !shown.path("state").asString().equals("allocating"));
  }

  /** Only machines whose power is known are given away. */
  private String running(Map<String, ?> members) {
    String node = walk.node(members, ProvisionState.AVAILABLE);
    walk.call(202, "node.states.power", Map.of("target", "power on"), node);
    walk.rig().awaitRest(node);
    return node;
  }

  void allocations() {
    String plain = running(Map.of("resource_class", "big"));
    String fast = running(Map.of("resource_class", "big", "name", "fast"));
    walk.call(204, "node.trait.add", null, fast, "CUSTOM_FAST");
    JsonNode begun =
        walk.call(
                201,
                "allocation.create",
                Map.of("resource_class", "big", "traits", List.of("CUSTOM_FAST"), "name", "db-1"))
            .json();
    assertThat(begun.path("state").asString()).isEqualTo("allocating");
    String allocation = begun.path("uuid").asString();
    JsonNode done = settled("db-1");
    assertThat(done.path("state").asString()).as("%s", done).isEqualTo("active");
    assertThat(done.path("node_uuid").asString()).isEqualTo(fast);
    JsonNode node = walk.get("node.show", fast);
    assertThat(node.path("instance_uuid").asString()).isEqualTo(allocation);
    assertThat(node.path("allocation_uuid").asString()).isEqualTo(allocation);
    assertThat(node.at("/instance_info/traits")).hasToString("[\"CUSTOM_FAST\"]");
    assertThat(walk.get("node.allocation.show", "fast").path("uuid").asString())
        .isEqualTo(allocation);
    for (String filter : List.of("?node=fast", "?state=active", "?resource_class=big")) {
      assertThat(Walk.each(walk.get("allocation.list", filter).path("allocations"), "uuid"))
          .as(filter)
          .containsExactly(allocation);
    }
    walk.replace("allocation.update", "db-1", "/name", "db-2");
    walk.call(404, "allocation.show", null, "db-1");

    String chosen =
        walk.make(
            "allocation.create",
            Map.of("resource_class", "big", "candidate_nodes", List.of("fast", plain)));
    assertThat(settled(chosen).path("node_uuid").asString()).isEqualTo(plain);
    JsonNode hopeless = settled(walk.make("allocation.create", Map.of("resource_class", "huge")));
    assertThat(hopeless.path("state").asString()).isEqualTo("error");
    assertThat(hopeless.path("last_error").asString()).contains("huge");

    walk.call(204, "node.allocation.delete", null, fast);
    assertThat(walk.get("node.show", fast).path("instance_uuid").isNull()).isTrue();
    walk.call(404, "node.allocation.show", null, fast);
    for (String ident : List.of(chosen, hopeless.path("uuid").asString())) {
      walk.call(204, "allocation.delete", null, ident);
    }
    assertThat(walk.get("allocation.list").path("allocations")).isEmpty();
  }

  private List<String> stepsOfLastFlow(String node, String kind) {
    JsonNode found = null;
    for (JsonNode flow : walk.get("node.flows", node).path("flows")) {
      if (found == null && flow.path("kind").asString().equals(kind)) {
        found = flow;
      }
    }
    assertThat(found).as("a flow %s", kind).isNotNull();
    return Walk.each(found.path("steps"), "step");
  }

  void deployTemplates() {
    Map<String, ?> step =
        Map.of("interface", "vendor", "step", "note", "args", Map.of("text", "x"), "priority", 50);
    String template =
        walk.make("deploy_template.create", Map.of("name", "CUSTOM_NOTED", "steps", List.of(step)));
    walk.replace("deploy_template.update", "CUSTOM_NOTED", "/extra/why", "because");
    assertThat(walk.get("deploy_template.show", template).at("/extra/why").asString())
        .isEqualTo("because");
    assertThat(Walk.each(walk.get("deploy_template.list").path("deploy_templates"), "name"))
        .contains("CUSTOM_NOTED");

    String node = walk.node(Map.of(), ProvisionState.AVAILABLE);
    walk.call(204, "node.trait.add", null, node, "CUSTOM_NOTED");
    walk.provision(node, Map.of("target", "active"), ProvisionState.ACTIVE);
    assertThat(stepsOfLastFlow(node, "deploy")).doesNotContain("note");
    walk.provision(node, Map.of("target", "deleted"), ProvisionState.AVAILABLE);
    walk.replace("node.update", node, "/instance_info/traits", List.of("CUSTOM_NOTED"));
    walk.provision(node, Map.of("target", "active"), ProvisionState.ACTIVE);
    assertThat(stepsOfLastFlow(node, "deploy")).contains("note", "deploy");

    walk.call(204, "deploy_template.delete", null, template);
    walk.call(404, "deploy_template.show", null, "CUSTOM_NOTED");
  }

  void runbooks() {
    Map<String, ?> step =
        Map.of("interface", "vendor", "step", "log_passthrough", "args", Map.of(), "order", 1);
    String runbook =
        walk.make(
            "runbook.create", Map.of("name", "say-hello", "steps", List.of(step), "public", true));
    walk.call(204, "runbook.trait.add", null, runbook, "CUSTOM_TALKS");
    walk.call(204, "runbook.trait.add", null, runbook, "CUSTOM_WALKS");
    walk.call(204, "runbook.trait.remove", null, runbook, "CUSTOM_WALKS");
    assertThat(walk.get("runbook.trait.list", "say-hello").path("traits"))
        .hasToString("[\"CUSTOM_TALKS\"]");
    walk.replace("runbook.update", "say-hello", "/description", "says hello");
    assertThat(walk.get("runbook.show", runbook).path("description").asString())
        .isEqualTo("says hello");
    assertThat(Walk.each(walk.get("runbook.list").path("runbooks"), "name")).contains("say-hello");

    String node = walk.node(Map.of("vendor_interface", "fake"), ProvisionState.MANAGEABLE);
    Map<String, ?> clean = Map.of("target", "clean", "runbook", "say-hello");
    walk.call(400, "node.states.provision", clean, node);
    walk.call(204, "node.trait.add", null, node, "CUSTOM_TALKS");
    walk.provision(node, clean, ProvisionState.MANAGEABLE);
    assertThat(stepsOfLastFlow(node, "manual clean")).contains("log_passthrough");

    walk.call(204, "runbook.trait.replace", Map.of("traits", List.of("CUSTOM_A")), runbook);
    walk.call(204, "runbook.trait.clear", null, runbook);
    assertThat(walk.get("runbook.show", runbook).path("traits")).isEmpty();
    walk.call(204, "runbook.delete", null, runbook);
    walk.call(404, "runbook.show", null, runbook);
  }

  private static Map<String, ?> action(String op, Map<String, ?> args) {
    return Map.of("op", op, "args", args);
  }

  void inspectionRules() {
    String mac = "52:54:00:60:00:01";
    Map<String, ?> manyCores =
        Map.of(
            "op",
            "eq",
            "args",
            Map.of("values", List.of("{inventory[cpu][count]}", 4), "force_strings", true));
    String rule =
        walk.make(
            "inspection_rule.create",
            Map.of(
                "description",
                "four cores",
                "priority",
                10,
                "conditions",
                List.of(manyCores),
                "actions",
                List.of(
                    action("set-attribute", Map.of("path", "/extra/rack", "value", "r7")),
                    action("add-trait", Map.of("name", "CUSTOM_FOUR")))));
    String other =
        walk.make(
            "inspection_rule.create",
            Map.of(
                "conditions",
                List.of(Map.of("op", "is-none", "args", Map.of("value", "something"))),
                "actions",
                List.of(action("fail", Map.of("msg", "never")))));
    assertThat(Walk.each(walk.get("inspection_rule.list").path("inspection_rules"), "uuid"))
        .contains(rule, other);
    walk.replace("inspection_rule.update", rule, "/description", "4 cores");
    assertThat(walk.get("inspection_rule.show", rule).path("description").asString())
        .isEqualTo("4 cores");

    String node = walk.node(Map.of(), ProvisionState.MANAGEABLE);
    walk.call(404, "node.inventory", null, node);
    walk.call(202, "node.states.provision", Map.of("target", "inspect"), node);
    walk.rig().await(node, ProvisionState.INSPECT_WAIT);
    JsonNode found = walk.get("ramdisk.lookup", "?node_uuid=" + node);
    walk.call(
        202,
        "ramdisk.heartbeat",
        Map.of(
            "callback_url",
            "https://192.0.2.9:9999",
            "agent_version",
            "11.0.0",
            "agent_token",
            found.at("/config/agent_token").asString()),
        node);
    walk.rig().await(node, ProvisionState.INSPECT_WAIT);
    Map<String, ?> inventory =
        Map.of(
            "interfaces",
            List.of(Map.of("name", "eth0", "mac_address", mac)),
            "cpu",
            Map.of("count", 4, "architecture", "x86_64"),
            "memory",
            Map.of("physical_mb", 2048));
    walk.call(
        202,
        "ramdisk.continue_inspection",
        Map.of("inventory", inventory, "remark", "hello"),
        "?node_uuid=" + node);
    walk.rig().await(node, ProvisionState.MANAGEABLE);
    JsonNode after = walk.get("node.show", node);
    assertThat(after.at("/extra/rack").asString()).as("%s", after).isEqualTo("r7");
    assertThat(after.path("traits")).hasToString("[\"CUSTOM_FOUR\"]");
    assertThat(after.at("/properties/cpu_arch").asString()).isEqualTo("x86_64");
    assertThat(Walk.each(walk.get("node.port.list", node).path("ports"), "address"))
        .containsExactly(mac);
    JsonNode kept = walk.get("node.inventory", node);
    assertThat(kept.at("/inventory/cpu/count").asInt()).isEqualTo(4);
    assertThat(kept.at("/plugin_data/remark").asString()).isEqualTo("hello");

    walk.call(204, "inspection_rule.delete", null, rule);
    walk.call(404, "inspection_rule.show", null, rule);
    walk.call(204, "inspection_rule.delete_all", null);
    assertThat(walk.get("inspection_rule.list").path("inspection_rules")).isEmpty();
  }

  void events() {
    Map<String, ?> event =
        Map.of(
            "event",
            "network.bind_port",
            "port_id",
            "11111111-2222-3333-4444-555555555555",
            "mac_address",
            "52:54:00:70:00:01",
            "status",
            "ACTIVE");
    walk.call(204, "event.create", Map.of("events", List.of(event)));
    walk.call(400, "event.create", Map.of("events", List.of()));
  }
}
