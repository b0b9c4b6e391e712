package dev.ironic.agent;

import dev.ironic.agent.http.Trust;
import dev.ironic.agent.http.WebClient;
import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Walks once through start-up, TLS, JSON, HTTP and a clean step, on a machine made of temporary
 * files: proof that the parts work here, and training for the JVM's ahead-of-time cache.
 */
final class SelfTest {

  private static final String TOKEN = "self-test-token-of-enough-characters";

  private SelfTest() {}

  static void run() throws Exception {
    Path folder = Files.createTempDirectory("ironic-agent-self-test");
    Path disk = folder.resolve("disk");
    Path authority = folder.resolve("agent.pem");
    try {
      Files.write(disk, new byte[4 << 20]);
      KernelParameters kernel =
          KernelParameters.parse(
              "ipa-agent-token=%s ipa-listen-host=127.0.0.1 ipa-listen-port=0".formatted(TOKEN)
                  + " ipa-advertise-host=127.0.0.1 ipa-advertise-protocol=https");
      CommandLine machine =
          CommandLine.parse(List.of("--disk", disk.toString(), "--mac", "52:54:00:00:00:01"));
      AgentOptions options = new AgentOptions.Reader(kernel).read(machine);
      try (Agent agent = Agent.start(options, Agent.Surroundings.real(() -> new byte[0]))) {
        Files.writeString(authority, agent.certificatePem());
        WebClient client = new WebClient(Trust.authorities(authority), options.requestTimeout());
        URI commands =
            URI.create(
                "https://127.0.0.1:%d/v1/commands/?wait=true&agent_token=%s"
                    .formatted(agent.port(), TOKEN));
        Map<String, Object> about = Map.of("node", Map.of(), "ports", List.of());
        call(client, commands, "clean.get_clean_steps", about);
        call(client, commands, "poll.get_hardware_info", Map.of());
        call(
            client,
            commands,
            "clean.execute_clean_step",
            Map.of(
                "step",
                Map.of("step", "erase_devices_metadata", "interface", "deploy"),
                "node",
                Map.of(),
                "ports",
                List.of()));
      }
    } finally {
      Files.deleteIfExists(disk);
      Files.deleteIfExists(authority);
      Files.deleteIfExists(folder);
    }
    System.out.println("self-test passed");
  }

  private static void call(WebClient client, URI commands, String name, Map<String, ?> params)
      throws Exception {
    byte[] request = Json.write(Map.of("name", name, "params", params));
    WebClient.Answer answer =
        client.call("POST", commands, Map.of("Content-Type", "application/json"), request);
    JsonMap result = Json.readMap(answer.body());
    if (answer.status() != 200 || !"SUCCEEDED".equals(result.text("command_status"))) {
      throw new IllegalStateException(
          "self-test failed: %s was answered with HTTP %d: %s"
              .formatted(name, answer.status(), result));
    }
  }
}
