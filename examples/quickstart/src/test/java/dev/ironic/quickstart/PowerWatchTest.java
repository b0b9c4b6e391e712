package dev.ironic.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Nodes at rest whose BMC stops answering are put aside, and come back when it answers. */
class PowerWatchTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void aPasswordThatBecomesWrongMeansMaintenanceUntilItIsRight() throws IOException {
    String options =
        """
        sync_power_state_interval = 1
        power_state_sync_max_retries = 1
        power_failure_recovery_interval = 1
        """;
    try (var lab = new FaultLab(folder, 16, options)) {
      String node = lab.manageable();
      lab.bmc().changePassword("not-the-secret");
      lab.bmc().expireSessions();

      JsonNode aside = lab.awaitNode(node, now -> now.path("maintenance").asBoolean());
      assertThat(aside.path("fault").asString()).isEqualTo("power failure");
      assertThat(aside.path("provision_state").asString()).isEqualTo("manageable");
      assertThat(aside.path("last_error").asString())
          .contains(lab.bmc().uri().toString(), "rejected the credentials", "redfish_password")
          .doesNotContain(FaultLab.SECRETS);
      assertThat(aside.path("maintenance_reason").asString()).contains("rejected the credentials");

      lab.setDriverInfo(node, "redfish_password", "not-the-secret");
      JsonNode back = lab.awaitNode(node, now -> !now.path("maintenance").asBoolean());
      assertThat(back.path("fault").isNull()).isTrue();
      assertThat(back.path("power_state").asString()).isEqualTo("power off");
      assertThat(lab.logs()).doesNotContain(FaultLab.SECRETS);
    }
  }
}
