package dev.ironic.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ironic.lab.LabMachine;
import dev.ironic.lab.MachineSpec;
import dev.ironic.lab.ProcessBackend;
import dev.ironic.lab.SampleImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * What goes wrong in a data centre, from end to end: a server process, machines whose agent is a
 * process, a BMC that speaks Redfish. Each fault ends in the right state and with its cause in
 * {@code last_error}; once the cause is gone, trying again is enough.
 *
 * <p>The cases wait most of the time, so they run side by side on one server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class FaultsTest {

  private static final String SECRET = "lab-secret";

  private Path folder = Path.of("");
  private Path agent = Path.of("");
  private ServerProcessUnderTest server;
  private RestClient client;
  private ImageHost images;

  @BeforeAll
  void start(@TempDir Path state) throws IOException {
    agent = Path.of(System.getProperty("project.root"), "ironic-agent/target/ironic-agent.jar");
    assumeTrue(Files.exists(agent), agent + " is not there; 'mvn verify' builds it, 'test' not");
    folder = state;
    images = new ImageHost(Files.createDirectories(state.resolve("images")));
    images.add("small.img", 24);
    images.add("large.img", 80);
    server =
        ServerProcessUnderTest.withRedfish(
            Files.createDirectories(state.resolve("server")),
            """
            deploy_callback_timeout = 25
            check_provision_state_interval = 2
            sync_power_state_interval = 5
            power_failure_recovery_interval = 5
            """);
    client = new RestClient(server.port());
  }

  @AfterAll
  void stop() throws IOException {
    if (server == null) {
      return;
    }
    client.close();
    server.close();
    images.close();
    assertThat(server.log()).as("no secret in the log").doesNotContain(SECRET);
  }

  /** A machine of its own for each case. */
  private LabMachine machine(String name, int mac, Path agentJar) throws IOException {
    Path place = folder.resolve(name);
    var spec = new MachineSpec(name, "52:54:00:fa:00:0" + mac, 0, 0, 64L << 20, 256);
    return LabMachine.start(place, spec, new ProcessBackend(place, spec, agentJar));
  }

  private String enrol(LabMachine machine, String name, Map<String, Object> more)
      throws IOException {
    Path nothing = Files.writeString(folder.resolve(name + "-nothing"), "unused\n");
    var info = new LinkedHashMap<String, Object>(machine.driverInfo(server.port()));
    for (String file : new String[] {"deploy_kernel", "deploy_ramdisk", "bootloader"}) {
      info.put(file, "file://" + nothing);
    }
    info.putAll(more);
    String node =
        client
            .call(
                "POST",
                "/v1/nodes",
                Map.of("name", name, "driver", "redfish", "driver_info", info),
                201)
            .path("uuid")
            .asString();
    client.call(
        "POST", "/v1/ports", Map.of("node_uuid", node, "address", machine.macs().getFirst()), 201);
    return node;
  }

  private String available(LabMachine machine, String name) throws IOException {
    String node = enrol(machine, name, Map.of());
    client.provision(node, "manage");
    client.await(node, "manageable");
    client.provision(node, "provide");
    client.await(node, "available");
    return node;
  }

  private void deploy(String node, Map<String, Object> instanceInfo) {
    client.replace(node, "/instance_info", instanceInfo);
    client.provision(node, "active");
  }

  private static String lastError(JsonNode node) {
    String error = node.path("last_error").asString("");
    assertThat(error).doesNotContain(SECRET);
    return error;
  }

  private void deploysWell(String node, LabMachine machine) throws IOException {
    deploy(node, images.instanceInfo("small.img"));
    assertThat(client.await(node, "active").path("last_error").isNull()).isTrue();
    SampleImage.compare(folder.resolve("images/small.img"), machine.backend().disk());
  }

  @Test
  void wrongChecksum() throws IOException {
    try (LabMachine machine = machine("checksum", 1, agent)) {
      String node = available(machine, "checksum");
      Map<String, Object> wrong = images.instanceInfo("small.img");
      wrong.put("image_os_hash_value", "0".repeat(64));
      deploy(node, wrong);
      assertThat(lastError(client.await(node, "deploy failed")))
          .contains("small.img")
          .containsIgnoringCase("checksum")
          .contains("0".repeat(64));
      deploysWell(node, machine);
    }
  }

  @Test
  void unreachableImage() throws IOException {
    try (LabMachine machine = machine("unreachable", 2, agent)) {
      String node = available(machine, "unreachable");
      Map<String, Object> missing = images.instanceInfo("small.img");
      missing.put("image_source", images.url("missing.img"));
      deploy(node, missing);
      assertThat(lastError(client.await(node, "deploy failed")))
          .contains("missing.img")
          .contains("404");
      missing.put("image_source", "http://127.0.0.1:1/gone.img");
      deploy(node, missing);
      assertThat(lastError(client.await(node, "deploy failed")))
          .contains("http://127.0.0.1:1/gone.img")
          .containsIgnoringCase("connect");
      deploysWell(node, machine);
    }
  }

  @Test
  void wrongBmcPassword() throws IOException {
    try (LabMachine machine = machine("password", 3, agent)) {
      String node = enrol(machine, "password", Map.of("redfish_password", "not-the-password"));
      client.provision(node, "manage");
      JsonNode refused = awaitRefused(node);
      assertThat(lastError(refused))
          .contains(machine.bmc().uri().toString())
          .containsPattern("(?i)401|password|credential")
          .doesNotContain("not-the-password");
      client.replace(node, "/driver_info/redfish_password", SECRET);
      client.provision(node, "manage");
      assertThat(client.await(node, "manageable").path("last_error").isNull()).isTrue();
    }
  }

  private JsonNode awaitRefused(String node) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> client.get("/v1/nodes/" + node),
            now ->
                now.path("provision_state").asString().equals("enroll")
                    && !now.path("last_error").isNull());
  }

  @Test
  void deadBmc() throws IOException {
    try (LabMachine machine = machine("dead", 4, agent)) {
      String node = available(machine, "dead");
      machine.bmc().die();
      deploy(node, images.instanceInfo("small.img"));
      assertThat(lastError(client.await(node, "deploy failed")))
          .contains(machine.bmc().uri().toString());
      // Long enough for the periodic look at the power to give up, too.
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> client.get("/v1/nodes/" + node).path("maintenance").asBoolean());
      machine.bmc().revive();
      Awaitility.await("power sync brings the node back")
          .atMost(Duration.ofSeconds(90))
          .until(() -> !client.get("/v1/nodes/" + node).path("maintenance").asBoolean());
      deploysWell(node, machine);
    }
  }

  @Test
  void diskTooSmall() throws IOException {
    try (LabMachine machine = machine("disk", 5, agent)) {
      String node = available(machine, "disk");
      deploy(node, images.instanceInfo("large.img"));
      assertThat(lastError(client.await(node, "deploy failed")))
          .contains(Long.toString(80L << 20))
          .contains(Long.toString(64L << 20));
      deploysWell(node, machine);
    }
  }

  @Test
  void agentThatNeverCallsBack() throws IOException {
    Path broken = folder.resolve("broken-agent.jar");
    try (LabMachine machine = machine("silent", 6, broken)) {
      String node = available(machine, "silent");
      deploy(node, images.instanceInfo("small.img"));
      assertThat(lastError(client.await(node, "deploy failed")))
          .contains("Timeout")
          .contains("waiting for callback");
      Files.copy(agent, broken);
      deploysWell(node, machine);
    }
  }
}
