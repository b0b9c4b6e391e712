package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.ironic.core.model.ProvisionState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** What can be done with nodes and what serves them. Not thread-safe. */
final class NodeWalk {

  private final Walk walk;

  NodeWalk(Walk walk) {
    this.walk = walk;
  }

  private JsonNode show(String node) {
    return walk.get("node.show", node);
  }

  /** Waits until a node shows what the hardware was told. */
  private void awaitShown(String node, String member, String value) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () -> assertThat(show(node).path(member).asString("")).as(member).isEqualTo(value));
    walk.rig().awaitRest(node);
  }

  void discovery() {
    assertThat(walk.get("root.get").path("default_version").path("version").asString())
        .isEqualTo(ApiRig.LATEST);
    assertThat(walk.get("v1.get").has("inspection_rules")).isTrue();
    assertThat(walk.get("openapi.get").path("openapi").asString()).isEqualTo("3.1.0");
    assertThat(walk.call(200, "docs.get", null).text()).contains("<html").contains("runbook");
    assertThat(Walk.each(walk.get("driver.list").path("drivers"), "name"))
        .containsExactly("fake-hardware");
    assertThat(walk.get("driver.show", "fake-hardware").path("name").asString())
        .isEqualTo("fake-hardware");
    walk.get("driver.properties", "fake-hardware");
    assertThat(walk.get("driver.raid_properties", "fake-hardware").has("raid_level")).isTrue();
    assertThat(Walk.each(walk.get("conductor.list").path("conductors"), "hostname"))
        .containsExactly("rig");
    assertThat(walk.get("conductor.show", "rig").path("alive").asBoolean()).isTrue();
  }

  void nodes() {
    String node =
        walk.make(
            "node.create", Map.of("driver", "fake-hardware", "name", "parent", "owner", "us"));
    String child =
        walk.make(
            "node.create", Map.of("driver", "fake-hardware", "parent_node", node, "owner", "us"));
    JsonNode changed = walk.replace("node.update", "parent", "/extra/rack", "r1");
    assertThat(changed.path("extra").path("rack").asString()).isEqualTo("r1");
    assertThat(show("parent").path("owner").asString()).isEqualTo("us");
    assertThat(Walk.each(walk.get("node.list", "?owner=us").path("nodes"), "uuid"))
        .containsExactly(node);
    assertThat(Walk.each(walk.get("node.list_detail", "?owner=us").path("nodes"), "owner"))
        .contains("us");
    assertThat(walk.get("node.children", node).path("children").toString()).contains(child);
    assertThat(walk.get("node.validate", node).path("power").path("result").asBoolean()).isTrue();
    assertThat(walk.get("node.validate_query", "?node=parent").has("deploy")).isTrue();
    assertThat(walk.get("node.states.get", node).path("provision_state").asString())
        .isEqualTo("enroll");
    walk.provision(node, Map.of("target", "manage"), ProvisionState.MANAGEABLE);
    assertThat(Walk.each(walk.get("node.flows", node).path("flows"), "kind")).contains("verify");
    JsonNode lock = walk.get("node.lock", node);
    assertThat(lock.path("locked").asBoolean()).isFalse();
    assertThat(lock.path("number").asInt()).isPositive();
    walk.call(202, "node.maintenance.set", Map.of("reason", "a fan"), node);
    assertThat(show(node).path("maintenance_reason").asString()).isEqualTo("a fan");
    walk.call(202, "node.maintenance.clear", null, node);
    assertThat(show(node).path("maintenance").asBoolean()).isFalse();
    walk.call(204, "node.delete", null, child);
    walk.call(404, "node.show", null, child);
  }

  void drain() {
    assertThat(walk.get("conductor.drain_report", "rig").path("draining").asBoolean()).isFalse();
    JsonNode report = walk.call(202, "conductor.drain", null, "rig").json();
    assertThat(report.path("draining").asBoolean()).isTrue();
    assertThat(report.path("nodes")).isEmpty();
    assertThat(walk.get("conductor.drain_report", "rig").path("conductor").asString())
        .isEqualTo("rig");
  }

  void hardware() {
    String node = walk.node(Map.of(), ProvisionState.MANAGEABLE);
    walk.call(202, "node.states.power", Map.of("target", "power on"), node);
    awaitShown(node, "power_state", "power on");
    walk.call(202, "node.states.boot_mode", Map.of("target", "uefi"), node);
    awaitShown(node, "boot_mode", "uefi");
    walk.call(202, "node.states.secure_boot", Map.of("target", true), node);
    awaitShown(node, "secure_boot", "true");
    walk.call(204, "node.boot_device.set", Map.of("boot_device", "disk", "persistent", true), node);
    JsonNode device = walk.get("node.boot_device.get", node);
    assertThat(device.path("boot_device").asString()).isEqualTo("disk");
    assertThat(device.path("persistent").asBoolean()).isTrue();
    assertThat(walk.get("node.boot_device.supported", node).toString()).contains("disk", "pxe");
    walk.call(204, "node.inject_nmi", null, node);
    walk.call(202, "node.states.console.set", Map.of("enabled", true), node);
    awaitShown(node, "console_enabled", "true");
    assertThat(walk.get("node.states.console.get", node).path("console_enabled").asBoolean())
        .isTrue();
    Map<String, ?> disks =
        Map.of("logical_disks", List.of(Map.of("size_gb", 100, "raid_level", "1")));
    walk.call(204, "node.states.raid", disks, node);
    assertThat(show(node).at("/target_raid_config/logical_disks/0/size_gb").asInt()).isEqualTo(100);

    String lamps = walk.node(Map.of("management_interface", "fake"), ProvisionState.ENROLL);
    assertThat(Walk.each(walk.get("node.indicator.list", lamps).path("indicators"), "name"))
        .contains("led@system");
    walk.call(204, "node.indicator.set", Map.of("state", "blinking"), lamps, "led@system");
    assertThat(walk.get("node.indicator.get", lamps, "led@system").path("state").asString())
        .isEqualTo("on");
    assertThat(
            walk.call(400, "node.indicator.set", Map.of("state", "on"), lamps, "led-0@chassis")
                .fault())
        .contains("read-only");
  }

  /** The conductor fetches the image and hands out a copy of its own. */
  void virtualMedia() throws IOException {
    byte[] content = new byte[40_000];
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/cd.iso",
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    server.start();
    try {
      virtualMedia("http://127.0.0.1:" + server.getAddress().getPort() + "/cd.iso");
    } finally {
      server.stop(0);
    }
  }

  private void virtualMedia(String image) {
    String node = walk.node(Map.of(), ProvisionState.ENROLL);

    walk.call(204, "node.vmedia.attach", Map.of("device_type", "cdrom", "image_url", image), node);
    awaitDrive(node, true);
    walk.call(204, "node.vmedia.detach", null, node, "?device_types=cdrom");
    awaitDrive(node, false);
  }

  private void awaitDrive(String node, boolean inserted) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () -> {
              walk.rig().awaitRest(node);
              JsonNode drive = walk.get("node.vmedia.get", node).path("vmedia").path(0);
              assertThat(drive.path("inserted").asBoolean())
                  .as("%s: %s", drive, show(node).path("last_error"))
                  .isEqualTo(inserted);
              assertThat(drive.path("image").asString())
                  .startsWith(inserted ? "http://127.0.0.1:9/media/" : "");
            });
  }

  void vendorMethods() {
    String node = walk.node(Map.of(), ProvisionState.ENROLL);
    assertThat(walk.get("node.vendor_passthru.methods", node).at("/echo/async").asBoolean(true))
        .isFalse();
    assertThat(walk.get("driver.vendor_passthru.methods", "fake-hardware").has("echo_driver"))
        .isTrue();
    Map<String, ?> sent = Map.of("a", List.of(1, "b"));
    for (String method : List.of("post", "put", "patch", "delete")) {
      JsonNode back =
          walk.call(200, "node.vendor_passthru." + method, sent, node, "?method=echo").json();
      assertThat(back.path("a")).as(method).hasToString("[1,\"b\"]");
      assertThat(back.path("http_method").asString()).isEqualToIgnoringCase(method);
      JsonNode ofDriver =
          walk.call(
                  200,
                  "driver.vendor_passthru." + method,
                  sent,
                  "fake-hardware",
                  "?method=echo_driver")
              .json();
      assertThat(ofDriver.path("a")).as(method).hasToString("[1,\"b\"]");
      assertThat(ofDriver.path("http_method").asString()).isEqualToIgnoringCase(method);
    }
    JsonNode read = walk.get("node.vendor_passthru.get", node, "?method=echo&x=y");
    assertThat(read.path("x").asString()).isEqualTo("y");
    JsonNode ofDriver =
        walk.get("driver.vendor_passthru.get", "fake-hardware", "?method=echo_driver&x=y");
    assertThat(ofDriver.path("x").asString()).isEqualTo("y");
    walk.call(400, "node.vendor_passthru.post", sent, node, "?method=unheard_of");
  }

  void traits() {
    String node = walk.node(Map.of(), ProvisionState.ENROLL);
    walk.call(204, "node.trait.add", null, node, "CUSTOM_A");
    walk.call(204, "node.trait.add", null, node, "HW_CPU_X86_VMX");
    assertThat(walk.get("node.trait.list", node).path("traits").toString())
        .contains("CUSTOM_A", "HW_CPU_X86_VMX");
    walk.call(204, "node.trait.remove", null, node, "CUSTOM_A");
    walk.call(404, "node.trait.remove", null, node, "CUSTOM_A");
    walk.call(204, "node.trait.replace", Map.of("traits", List.of("CUSTOM_B")), node);
    assertThat(show(node).path("traits")).hasToString("[\"CUSTOM_B\"]");
    walk.call(204, "node.trait.clear", null, node);
    assertThat(show(node).path("traits")).isEmpty();
  }

  void virtualInterfaces() {
    String node = walk.node(Map.of(), ProvisionState.ENROLL);
    walk.make("port.create", Map.of("node_uuid", node, "address", "52:54:00:40:00:01"));
    walk.call(204, "node.vif.attach", Map.of("id", "vif-1"), node);
    assertThat(walk.get("node.vif.list", node).path("vifs")).isEmpty();
    walk.call(204, "node.vif.detach", null, node, "vif-1");
  }

  void biosSettings() {
    String node = walk.node(Map.of(), ProvisionState.MANAGEABLE);
    var setting = Map.of("name", "virtualization", "value", "on");
    var step =
        Map.of(
            "interface",
            "bios",
            "step",
            "apply_configuration",
            "args",
            Map.of("settings", List.of(setting)));
    walk.provision(
        node, Map.of("target", "clean", "clean_steps", List.of(step)), ProvisionState.MANAGEABLE);
    assertThat(Walk.each(walk.get("node.bios.list", node).path("bios"), "name"))
        .containsExactly("virtualization");
    assertThat(
            walk.get("node.bios.show", node, "virtualization")
                .at("/virtualization/value")
                .asString())
        .isEqualTo("on");
    assertThat(walk.get("node.firmware.list", node).path("firmware")).isEmpty();
  }

  void history() {
    String node = walk.node(Map.of(), ProvisionState.MANAGEABLE);
    walk.call(
        202,
        "node.states.provision",
        Map.of(
            "target",
            "clean",
            "clean_steps",
            List.of(
                Map.of(
                    "interface",
                    "bios",
                    "step",
                    "apply_configuration",
                    "args",
                    Map.of("settings", List.of(Map.of("name", "no value")))))),
        node);
    walk.rig().await(node, ProvisionState.CLEAN_FAILED);
    JsonNode events = walk.get("node.history.list", node, "?detail=true").path("history");
    JsonNode failed = null;
    for (JsonNode event : events) {
      if (event.path("severity").asString().equals("ERROR")) {
        failed = event;
      }
    }
    assertThat(failed).as("%s", events).isNotNull();
    JsonNode shown = walk.get("node.history.show", node, failed.path("uuid").asString());
    assertThat(shown.path("event").asString()).contains("settings");
  }
}
