package dev.ironic.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.agent.http.WebClient;
import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsApiTest {

  private FakeIronic api;
  private ProcessMachine machine;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    api = new FakeIronic();
    machine = new ProcessMachine(folder, api, 8 << 20);
  }

  @AfterEach
  void stop() {
    machine.close();
    api.close();
  }

  @Test
  void statusNeedsNoToken() throws IOException {
    JsonMap status = Json.readMap(machine.get("/v1/status").body());

    assertThat(status.get("started_at")).isInstanceOf(Number.class);
    assertThat(status.text("version")).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/commands/ | 401 | 401 Unauthorized: Token invalid.",
        "/v1/commands/?agent_token=wrong | 401 | 401 Unauthorized: Token invalid.",
        "/nope | 404 | 404 Not Found:",
        "/v1/commands/abc?agent_token=TOKEN | 404 | Not found: Command Result with id abc not found.",
      })
  void refusesReading(String path, int status, String fault) throws IOException {
    WebClient.Answer answer = machine.get(path.replace("TOKEN", FakeIronic.TOKEN));

    assertThat(answer.status()).isEqualTo(status);
    JsonMap body = Json.readMap(answer.body());
    assertThat(body.text("faultcode")).isEqualTo("Client");
    assertThat(body.text("faultstring")).startsWith(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | 400 | 400 Bad Request: Failed to decode JSON object",
        "{\"name\": \"clean.x\"} | 400 | 400 Bad Request: Missing or invalid name or params",
        "{\"name\": \"clean.x\", \"params\": []} | 400 | 400 Bad Request: Missing or invalid name",
        "{\"name\": \"hello\", \"params\": {}} | 400 | Invalid command: Command name must be of the form <extension>.<name>",
        "{\"name\": \"y.hello\", \"params\": {}} | 404 | Not found: Extension with id y not found.",
        "{\"name\": \"standby.nope\", \"params\": {}} | 400 | Invalid command: Unknown command: nope",
        "{\"name\": \"flow.start_flow\", \"params\": {}} | 400 | Invalid command: Unknown command: start_flow",
        "{\"name\": \"poll.set_node_info\", \"params\": {\"node_info\": {}}} | 400 | Invalid command: set_node_info is only",
        "{\"name\": \"standby.prepare_image\", \"params\": {\"image_info\": {}}} | 400 | Invalid command parameters: image_info lacks 'id'",
      })
  void refusesCommands(String body, int status, String fault) throws IOException {
    WebClient.Answer answer =
        machine.send(
            "POST",
            "/v1/commands/?agent_token=" + FakeIronic.TOKEN,
            body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(Json.readMap(answer.body()).text("faultstring")).startsWith(fault);
    assertThat(machine.commands().list("commands")).isEmpty();
  }

  @Test
  void redirectsToTheSlashAndKeepsTheQuery() throws IOException {
    assertThat(machine.get("/v1/commands?agent_token=x").status()).isEqualTo(308);
    assertThat(machine.get("/v1").status()).isEqualTo(308);
  }

  @Test
  void refusesOtherVerbs() throws IOException {
    assertThat(machine.send("DELETE", "/v1/status", new byte[0]).status()).isEqualTo(405);
  }

  @Test
  void failedSyncCommandShowsItsFullName() throws IOException {
    JsonMap result = machine.call("clean.get_clean_steps", Map.of("surprise", 1));

    assertThat(result.text("command_status")).isEqualTo("FAILED");
    assertThat(result.text("command_name")).isEqualTo("clean.get_clean_steps");
    assertThat(result.map("command_error").text("type")).isEqualTo("CommandExecutionError");
    assertThat(result.map("command_error").text("details"))
        .contains("unexpected arguments [surprise]")
        .contains("missing arguments [node, ports]");
    assertThat(machine.commands().list("commands")).hasSize(1);
  }

  @Test
  void listsAndRunsCleanSteps() throws IOException {
    Map<String, Object> about = Map.of("node", Map.of(), "ports", List.of());

    JsonMap listed = machine.call("clean.get_clean_steps", about).map("command_result");

    JsonMap versions = listed.map("hardware_manager_version");
    assertThat(versions.members()).containsExactly(Map.entry("file_hardware_manager", "1.0"));
    assertThat(listed.map("clean_steps").list("FileHardwareManager").toString())
        .contains("step=erase_devices_metadata, priority=99, interface=deploy")
        .contains("step=erase_devices, priority=10");
    Map<String, Object> step = Map.of("step", "erase_devices_metadata", "interface", "deploy");
    JsonMap run =
        machine.call(
            "clean.execute_clean_step",
            Map.of("step", step, "node", Map.of(), "ports", List.of(), "clean_version", versions));
    assertThat(run.text("command_status")).isEqualTo("SUCCEEDED");
    assertThat(run.text("command_name")).isEqualTo("execute_clean_step");
    assertThat(run.map("command_result").map("clean_step").members()).isEqualTo(step);
  }

  @Test
  void tellsAnotherVersionOfTheHardwareManagers() throws IOException {
    JsonMap run =
        machine.call(
            "deploy.execute_deploy_step",
            Map.of(
                "step", Map.of("step", "erase_devices_metadata"),
                "node", Map.of(),
                "ports", List.of(),
                "deploy_version", Map.of("generic_hardware_manager", "0.9")));

    assertThat(run.text("command_status")).isEqualTo("CLEAN_VERSION_MISMATCH");
    assertThat(run.map("command_error").number("code", 0)).isEqualTo(409);
  }

  @Test
  void namesTheStepThatFailed() throws IOException {
    JsonMap run =
        machine.call(
            "service.execute_service_step",
            Map.of("step", Map.of("step", "dance"), "node", Map.of(), "ports", List.of()));

    assertThat(run.map("command_error").text("type")).isEqualTo("ServicingError");
    assertThat(run.map("command_error").text("details"))
        .contains("service_step dance")
        .contains("known are [write_image]");
  }

  @Test
  void inventoryTellsDisksAndCards() throws IOException {
    JsonMap inventory = machine.call("poll.get_hardware_info", Map.of()).map("command_result");

    assertThat(inventory.list("disks").toString()).contains("size=8388608");
    assertThat(inventory.list("interfaces").toString()).contains("mac_address=52:54:00:12:34:56");
    assertThat(inventory.members())
        .containsKeys("cpu", "memory", "bmc_address", "system_vendor", "boot", "hostname");
  }

  @Test
  void collectsLogs() throws IOException {
    String packed =
        machine.call("log.collect_system_logs", Map.of()).map("command_result").text("system_logs");

    byte[] tar;
    try (var in =
        new java.util.zip.GZIPInputStream(
            new java.io.ByteArrayInputStream(java.util.Base64.getDecoder().decode(packed)))) {
      tar = in.readAllBytes();
    }
    assertThat(new String(tar, 0, 16, StandardCharsets.US_ASCII)).isEqualTo("ironic-agent.log");
    assertThat(new String(tar, 512, 7, StandardCharsets.US_ASCII)).isEqualTo("own log");
    assertThat(tar.length % 512).isZero();
  }

  @Test
  void powerOffEndsTheProcessWithItsCode() throws Exception {
    assertThat(machine.call("standby.sync", Map.of()).text("command_status"))
        .isEqualTo("SUCCEEDED");
    assertThat(machine.call("standby.run_image", Map.of()).text("command_status"))
        .isEqualTo("SUCCEEDED");

    assertThat(machine.agent.awaitExit()).isEqualTo(64);
  }
}
