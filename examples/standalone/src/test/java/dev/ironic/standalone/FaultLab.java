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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * A server process, images, and machines whose agent is a process, each behind a BMC of its own.
 * Thread-safe; closing it looks whether a secret got into a log.
 */
final class FaultLab implements AutoCloseable {

  /** The password of all BMCs. */
  static final String PASSWORD = "lab-secret";

  static final String OTHER_PASSWORD = "not-the-password";
  static final String IMAGE_PASSWORD = "image-secret";
  static final String IMAGE = "small.img";
  static final String LARGE_IMAGE = "large.img";
  static final int IMAGE_MEBIBYTES = 24;
  static final int LARGE_IMAGE_MEBIBYTES = 80;
  static final int DISK_MEBIBYTES = 64;

  private static final List<String> SECRETS = List.of(PASSWORD, OTHER_PASSWORD, IMAGE_PASSWORD);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path folder;
  private final Path agent;
  private final ImageHost images;
  private final ServerProcessUnderTest server;
  private final RestClient client;
  private final AtomicInteger machines = new AtomicInteger();
  private final Queue<Path> consoles = new ConcurrentLinkedQueue<>();

  /**
   * Starts server and images.
   *
   * @param folder for state, logs and disks
   * @param conductorOptions lines of the group {@code [conductor]}, and of further groups
   */
  FaultLab(Path folder, String conductorOptions) throws IOException {
    agent = Path.of(System.getProperty("project.root"), "ironic-agent/target/ironic-agent.jar");
    assumeTrue(Files.exists(agent), agent + " is not there; 'mvn verify' builds it, 'test' not");
    this.folder = folder;
    images = images();
    images.add(IMAGE, IMAGE_MEBIBYTES);
    images.add(LARGE_IMAGE, LARGE_IMAGE_MEBIBYTES);
    server =
        ServerProcessUnderTest.withRedfish(
            Files.createDirectories(folder.resolve("server")), conductorOptions);
    client = new RestClient(server.port());
  }

  RestClient client() {
    return client;
  }

  ServerProcessUnderTest server() {
    return server;
  }

  /** One more server of the same images, for a case that holds its transfers back. */
  ImageHost images() throws IOException {
    return new ImageHost(Files.createDirectories(folder.resolve("images")));
  }

  /** The {@code instance_info} to deploy an image with. */
  Map<String, Object> instanceInfo(String image) throws IOException {
    return images.instanceInfo(image);
  }

  String imageUrl(String name) {
    return images.url(name);
  }

  Path agent() {
    return agent;
  }

  LabMachine machine(String name) throws IOException {
    return machine(name, agent);
  }

  /** A machine with an agent that need not work. */
  LabMachine machine(String name, Path agentJar) throws IOException {
    Path place = folder.resolve(name);
    String mac = "52:54:00:fa:00:%02x".formatted(machines.incrementAndGet());
    var spec = new MachineSpec(name, mac, 0, 0, (long) DISK_MEBIBYTES << 20, 256);
    var backend = new ProcessBackend(place, spec, agentJar);
    consoles.add(backend.console());
    return LabMachine.start(place, spec, backend);
  }

  /** Creates a node with its port; returns its UUID. */
  String enrol(LabMachine machine, String name, Map<String, Object> more) throws IOException {
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

  /** Creates a node and makes it available, without cleaning. */
  String available(LabMachine machine, String name) throws IOException {
    String node = enrol(machine, name, Map.of());
    client.provision(node, "manage");
    client.await(node, "manageable");
    client.provision(node, "provide");
    client.await(node, "available");
    return node;
  }

  void deploy(String node, Map<String, Object> instanceInfo) {
    client.replace(node, "/instance_info", instanceInfo);
    client.provision(node, "active");
  }

  /** Deploys what can be deployed. */
  void deploysWell(String node, LabMachine machine) throws IOException {
    deploy(node, instanceInfo(IMAGE));
    awaitDeployed(node, machine);
  }

  /** Deploys an image until a third of it is written; it stays there until the server lets pass. */
  void deployInPart(String node, ImageHost held) throws IOException {
    held.holdAfter(IMAGE_MEBIBYTES / 3);
    deploy(node, held.instanceInfo(IMAGE));
    awaitStep(node, "write_image", step -> step.path("progress").path("done").asLong(0) > 0);
  }

  /** Waits for the end of a deployment, and sees that it left nothing to complain about. */
  void awaitDeployed(String node, LabMachine machine) throws IOException {
    JsonNode active = client.await(node, "active");
    assertThat(active.path("last_error").isNull()).as("%s", active.path("last_error")).isTrue();
    assertThat(active.path("maintenance").asBoolean()).isFalse();
    assertThat(active.path("power_state").asString()).isEqualTo("power on");
    SampleImage.compare(folder.resolve("images").resolve(IMAGE), machine.backend().disk());
  }

  /** Waits for a failure; returns what the node says of it, which holds no secret. */
  String awaitFailure(String node, String state) {
    return lastError(client.await(node, state));
  }

  /** Waits for a failed verification; returns what the node says of it. */
  String awaitRefusal(String node) {
    return lastError(
        awaitNode(
            node,
            now ->
                now.path("provision_state").asString().equals("enroll")
                    && !now.path("last_error").isNull()));
  }

  private static String lastError(JsonNode node) {
    String error = node.path("last_error").asString("");
    assertThat(error).isNotBlank().doesNotContain(SECRETS);
    return error;
  }

  /** Waits until nobody works on a node and it is as wanted. */
  JsonNode awaitNode(String node, Predicate<JsonNode> wanted) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> client.get("/v1/nodes/" + node),
            now -> now.path("reservation").isNull() && wanted.test(now));
  }

  /** Waits until a step of a node's newest flow is as wanted. */
  JsonNode awaitStep(String node, String name, Predicate<JsonNode> wanted) {
    return Awaitility.await("step " + name).atMost(PATIENCE).until(() -> step(node, name), wanted);
  }

  private JsonNode step(String node, String name) {
    JsonNode flow = client.get("/v1/nodes/" + node + "/flows").path("flows").path(0);
    for (JsonNode step : flow.path("steps")) {
      if (step.path("step").asString().equals(name)) {
        return step;
      }
    }
    return flow.path("nothing");
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
    images.close();
    assertThat(server.log()).as("no secret in the server's log").doesNotContain(SECRETS);
    for (Path console : consoles) {
      assertThat(Files.readString(console)).as("none in the agent's").doesNotContain(SECRETS);
    }
  }
}
