package dev.ironic.examples.customdriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A server started with {@code [conductor] driver_folder}, and nothing of the driver on its class
 * path.
 */
class StandaloneTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void servesAHardwareTypeFromTheFolderConfigured() throws IOException {
    Path drivers = Files.createDirectory(folder.resolve("drivers-of-ours"));
    DriverFolderTest.pack(drivers.resolve("outlet.jar"));
    String options =
        """
        [DEFAULT]
        auth_strategy = noauth
        host = custom-driver
        state_path = %s
        enabled_hardware_types = outlet
        enabled_boot_interfaces = local-disk
        enabled_deploy_interfaces = noop
        [conductor]
        driver_folder = %s
        """
            .formatted(folder, drivers);
    try (var strip = new PowerStrip();
        var ironic = new Standalone(folder, options)) {
      assertThat(ironic.get("/v1/drivers").path("drivers").values())
          .extracting(driver -> driver.path("name").asString())
          .containsExactly("outlet");
      assertThat(ironic.get("/v1/drivers/outlet/properties").propertyNames())
          .contains("outlet_address", "outlet_number");

      Map<String, Object> settings =
          Map.of("outlet_address", strip.uri().toString(), "outlet_number", 3);
      String node =
          ironic
              .send("POST", "/v1/nodes", Map.of("driver", "outlet", "driver_info", settings))
              .path("uuid")
              .asString();
      String path = "/v1/nodes/" + node;
      ironic.send("PUT", path + "/states/provision", Map.of("target", "manage"));
      awaitField(ironic, path, "provision_state", "manageable");
      ironic.send("PUT", path + "/states/power", Map.of("target", "power on"));
      awaitField(ironic, path, "power_state", "power on");
      assertThat(strip.state(3)).isEqualTo("on");
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
}
