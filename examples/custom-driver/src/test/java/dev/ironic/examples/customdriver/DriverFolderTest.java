package dev.ironic.examples.customdriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An operator drops the jar into a folder, enables the type, and powers a node on. */
class DriverFolderTest {

  @TempDir Path folder;

  @Test
  void aJarInTheFolderDrivesANode() throws IOException {
    Path drivers = Files.createDirectory(folder.resolve("drivers-of-ours"));
    jar(Path.of("target/classes"), drivers.resolve("pdu.jar"));
    String options =
        """
        [DEFAULT]
        auth_strategy = noauth
        host = custom-driver
        state_path = %s
        enabled_hardware_types = pdu
        enabled_boot_interfaces = fake
        enabled_deploy_interfaces = fake
        [conductor]
        driver_folder = %s
        [pdu]
        power_timeout = 5
        watts_interval = 0.2
        """
            .formatted(folder, drivers);
    try (var pdu = new FakePdu();
        var ironic = new Standalone(folder, options)) {
      assertThat(ironic.get("/v1/drivers").path("drivers").values())
          .extracting(driver -> driver.path("name").asString())
          .containsExactly("pdu");
      assertThat(ironic.get("/v1/drivers/pdu/properties").propertyNames())
          .contains("pdu_address", "pdu_outlet", "pdu_username", "pdu_password");

      String node =
          ironic
              .send(
                  "POST",
                  "/v1/nodes",
                  Map.of(
                      "driver",
                      "pdu",
                      "driver_info",
                      Map.of(
                          "pdu_address",
                          pdu.address(),
                          "pdu_outlet",
                          3,
                          "pdu_username",
                          "admin",
                          "pdu_password",
                          FakePdu.PASSWORD)))
              .path("uuid")
              .asString();
      String path = "/v1/nodes/" + node;
      ironic.send("PUT", path + "/states/provision", Map.of("target", "manage"));
      awaitField(ironic, path, "provision_state", "manageable");
      assertThat(ironic.get(path).path("power_state").asString()).isEqualTo("power off");

      ironic.send("PUT", path + "/states/power", Map.of("target", "power on"));
      awaitField(ironic, path, "power_state", "power on");
      assertThat(pdu.power()).isEqualTo("on");
      await("the periodic task")
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> ironic.get(path).path("driver_internal_info").path("watts").asString(""),
              "143"::equals);

      ironic.send(
          "PUT",
          path + "/management/boot_device",
          Map.of("boot_device", "pxe", "persistent", true));
      JsonNode device = ironic.get(path + "/management/boot_device");
      assertThat(device.path("boot_device").asString()).isEqualTo("pxe");
      assertThat(device.path("persistent").asBoolean()).isTrue();
      assertThat(ironic.get(path).path("driver_info").path("pdu_password").asString())
          .isEqualTo("******");
      assertThat(ironic.log()).doesNotContain(FakePdu.PASSWORD);
    }
  }

  private static void awaitField(Standalone ironic, String path, String field, String value) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              JsonNode node = ironic.get(path);
              assertThat(node.path(field).asString(""))
                  .as("%s; last_error: %s", field, node.path("last_error"))
                  .isEqualTo(value);
            });
  }

  /** What Maven packs later: tests run before that. */
  private static void jar(Path classes, Path file) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    try (var out = new JarOutputStream(Files.newOutputStream(file))) {
      for (Path each : files) {
        out.putNextEntry(new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
        Files.copy(each, out);
        out.closeEntry();
      }
    }
  }
}
