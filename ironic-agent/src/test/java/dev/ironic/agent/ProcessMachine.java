package dev.ironic.agent;

import dev.ironic.agent.http.Trust;
import dev.ironic.agent.http.WebClient;
import dev.ironic.agent.ironic.Alarm;
import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real agent on a file disk, and a client that talks to it as a conductor would. */
final class ProcessMachine implements AutoCloseable {

  static final String MAC = "52:54:00:12:34:56";

  final Path disk;
  final Agent agent;

  /** Pauses the agent wanted to make; none was made. */
  final List<Duration> pauses = new CopyOnWriteArrayList<>();

  private final String token;
  private final WebClient client;

  ProcessMachine(Path folder, FakeIronic api, long diskSize) throws Exception {
    this(folder, "ipa-api-url=" + api.url(), FakeIronic.TOKEN, diskSize);
  }

  ProcessMachine(Path folder, String kernelParameters, String token, long diskSize)
      throws Exception {
    this.disk = folder.resolve("disk.img");
    this.token = token;
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(diskSize);
    }
    KernelParameters kernel =
        KernelParameters.parse(
            kernelParameters
                + " ipa-listen-host=127.0.0.1 ipa-listen-port=0 ipa-advertise-host=127.0.0.1");
    AgentOptions options =
        new AgentOptions.Reader(kernel)
            .read(CommandLine.parse(List.of("--disk", disk.toString(), "--mac", MAC)));
    this.agent =
        Agent.start(
            options,
            new Agent.Surroundings(
                InstantSource.system(),
                pauses::add,
                new SecureRandom(),
                Alarm.real(),
                () -> "own log".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    Path authority = folder.resolve("agent.pem");
    Files.writeString(authority, agent.certificatePem());
    this.client = new WebClient(Trust.authorities(authority), Duration.ofSeconds(30));
  }

  URI uri(String pathAndQuery) {
    return URI.create("https://127.0.0.1:" + agent.port() + pathAndQuery);
  }

  WebClient.Answer send(String method, String pathAndQuery, byte[] body) throws IOException {
    return client.call(method, uri(pathAndQuery), Map.of("Content-Type", "application/json"), body);
  }

  WebClient.Answer get(String pathAndQuery) throws IOException {
    return client.call("GET", uri(pathAndQuery), Map.of(), null);
  }

  /** Runs a command to its end and returns its result. */
  JsonMap call(String command, Map<String, ?> params) throws IOException {
    return Json.readMap(post(command, params, true).body());
  }

  WebClient.Answer post(String command, Map<String, ?> params, boolean wait) throws IOException {
    return send(
        "POST",
        "/v1/commands/?wait=" + wait + "&agent_token=" + token,
        Json.write(Map.of("name", command, "params", params)));
  }

  JsonMap commands() throws IOException {
    return Json.readMap(get("/v1/commands/?agent_token=" + token).body());
  }

  @Override
  public void close() {
    agent.close();
  }
}
