package dev.ironic.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command that operators have, as their distribution ships it. */
class BaremetalClientTest {

  private static final Path CLIENT = Path.of("/usr/bin/baremetal");
  private static final JsonMapper JSON = new JsonMapper();

  /** What the client printed, and how it ended. */
  private record Output(int status, String out, String errors) {

    Output well() {
      assertThat(status).as("%s%s", out, errors).isZero();
      return this;
    }

    JsonNode json() {
      return JSON.readTree(well().out);
    }
  }

  private static Output baremetal(int port, String command)
      throws IOException, InterruptedException {
    var line = new ArrayList<String>();
    line.add(CLIENT.toString());
    line.addAll(List.of(command.split(" ")));
    Path errors = Files.createTempFile("baremetal", ".err");
    try {
      var builder = new ProcessBuilder(line).redirectError(errors.toFile());
      builder.environment().put("OS_AUTH_TYPE", "none");
      builder.environment().put("OS_ENDPOINT", "http://127.0.0.1:" + port);
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), out, Files.readString(errors));
    } finally {
      Files.delete(errors);
    }
  }

  @Test
  void takesANodeThroughItsLife(@TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(CLIENT),
        CLIENT + " is not there: apt-get install python3-ironicclient python3-openstackclient");
    try (var server = ServerProcessUnderTest.withFakeHardware(folder)) {
      int port = server.port();
      assertThat(baremetal(port, "driver list -f json").json().toString())
          .contains("fake-hardware");
      JsonNode created =
          baremetal(port, "node create --driver fake-hardware --name n1 -f json").json();
      assertThat(created.path("provision_state").asString()).isEqualTo("enroll");
      baremetal(port, "node set n1 --extra rack=4 --resource-class gold").well();
      JsonNode shown = baremetal(port, "node show n1 -f json").json();
      assertThat(shown.path("resource_class").asString()).isEqualTo("gold");
      assertThat(shown.path("extra").path("rack").asInt()).isEqualTo(4);
      baremetal(port, "node manage n1 --wait 60").well();
      baremetal(port, "node provide n1 --wait 60").well();
      baremetal(port, "node deploy n1 --wait 60").well();
      assertThat(baremetal(port, "node list -f json").json().path(0).path("Provisioning State"))
          .hasToString("\"active\"");
      baremetal(port, "node undeploy n1 --wait 60").well();
      baremetal(port, "node delete n1").well();
      assertThat(baremetal(port, "node list -f json").json().size()).isZero();
      Output unknown = baremetal(port, "node show n1");
      assertThat(unknown.status()).isNotZero();
      assertThat(unknown.errors()).contains("n1").contains("404");
    }
  }
}
