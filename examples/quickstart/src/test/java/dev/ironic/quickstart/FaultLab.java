package dev.ironic.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ironic.driver.tck.FakeBmc;
import dev.ironic.lab.LabMachine;
import dev.ironic.lab.MachineSpec;
import dev.ironic.lab.ProcessBackend;
import dev.ironic.lab.SampleImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * A standalone server as a process, a machine behind a BMC, and a server of images. The waits of
 * the server are short; everything else is as an operator has it.
 */
final class FaultLab implements AutoCloseable {

  /** What must never be seen in an error or a log. */
  static final List<String> SECRETS = List.of("lab-secret", "not-the-secret", "image-secret");

  static final String GOOD_IMAGE = "good.img";
  static final String LARGE_IMAGE = "large.img";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long MIB = 1 << 20;
  private static final long DISK = 48 * MIB;
  private static final Set<String> FAILED =
      Set.of("deploy failed", "clean failed", "error", "adopt failed", "inspect failed");

  private final Path folder;
  private final int port = freePort();
  private final ImageHost images;
  private final FlakyBackend backend;
  private final LabMachine machine;
  private final Child server;
  private final IronicClient client;

  /**
   * Starts all of it.
   *
   * @param folder for state, logs and disks
   * @param imageMebibytes size of the image that can be deployed
   * @param conductorOptions lines for the group [conductor]
   */
  FaultLab(Path folder, int imageMebibytes, String conductorOptions) throws IOException {
    this.folder = folder;
    Path imageFolder = Files.createDirectories(folder.resolve("images"));
    SampleImage.write(imageFolder.resolve(GOOD_IMAGE), imageMebibytes * MIB, 1);
    SampleImage.write(imageFolder.resolve(LARGE_IMAGE), DISK + 16 * MIB, 2);
    images = new ImageHost(imageFolder);
    var spec = new MachineSpec("lab-1", "52:54:00:12:34:56", 0, 0, DISK, 256);
    Path machineFolder = folder.resolve("machine");
    backend = new FlakyBackend(new ProcessBackend(machineFolder, spec, agentJar()));
    machine = LabMachine.start(machineFolder, spec, backend);
    server = Child.start("ironic", log(), command(conductorOptions));
    client = new IronicClient(URI.create("http://127.0.0.1:" + port));
    awaitApi();
  }

  FakeBmc bmc() {
    return machine.bmc();
  }

  FlakyBackend backend() {
    return backend;
  }

  ImageHost images() {
    return images;
  }

  IronicClient client() {
    return client;
  }

  /** Kills the server without warning and starts it again. */
  void crashServer() throws IOException {
    server.crashAndRestart();
    awaitApi();
  }

  /** What the BMC needs to be driven. */
  Map<String, Object> driverInfo() {
    var info = new LinkedHashMap<String, Object>(machine.driverInfo(port));
    String nothing = "file://" + folder.resolve("nothing");
    info.put("deploy_kernel", nothing);
    info.put("deploy_ramdisk", nothing);
    info.put("bootloader", nothing);
    return info;
  }

  /** Creates a node; returns its path in the API. */
  String enrol(String name, Map<String, Object> driverInfo) throws IOException {
    JsonNode node =
        client.post(
            "/v1/nodes",
            Map.of(
                "name",
                name,
                "driver",
                "redfish",
                "driver_info",
                driverInfo,
                "properties",
                Map.of("cpu_arch", "x86_64", "capabilities", "boot_mode:uefi")));
    return "/v1/nodes/" + node.path("uuid").asString();
  }

  /** Creates the node of the machine, with its port, and brings it to {@code manageable}. */
  String manageable() throws IOException {
    String node = enrol("lab-1", driverInfo());
    for (String mac : machine.macs()) {
      String uuid = client.get(node).path("uuid").asString();
      client.post("/v1/ports", Map.of("node_uuid", uuid, "address", mac));
    }
    provision(node, "manage");
    awaitState(node, "manageable");
    return node;
  }

  void provision(String node, String verb) throws IOException {
    client.put(node + "/states/provision", Map.of("target", verb));
  }

  /** Asks for a deployment of an image. */
  void deploy(String node, String image, String sha256) throws IOException {
    client.patch(
        node,
        List.of(
            Map.of(
                "op",
                "add",
                "path",
                "/instance_info",
                "value",
                Map.of(
                    "image_source", image,
                    "image_os_hash_algo", "sha256",
                    "image_os_hash_value", sha256,
                    "image_disk_format", "raw"))));
    provision(node, "active");
  }

  /** Deploys what can be deployed, and sees that it is on the disk and runs. */
  void deployWell(String node) throws IOException {
    deploy(node, images.url(GOOD_IMAGE), sha256(GOOD_IMAGE));
    awaitGoodImage(node);
  }

  /** Waits for the end of a deployment, and sees that what was deployed is on the disk and runs. */
  void awaitGoodImage(String node) throws IOException {
    JsonNode active = awaitState(node, "active");
    assertThat(active.path("last_error").isNull()).as("%s", active.path("last_error")).isTrue();
    assertThat(active.path("maintenance").asBoolean()).isFalse();
    assertThat(active.path("power_state").asString()).isEqualTo("power on");
    SampleImage.compare(folder.resolve("images").resolve(GOOD_IMAGE), backend.disk());
  }

  /** Waits until a node has come to rest in a state, and fails as soon as it rests elsewhere. */
  JsonNode awaitState(String node, String state) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast(
            () -> {
              JsonNode now = client.get(node);
              String found = now.path("provision_state").asString();
              if (FAILED.contains(found) && !found.equals(state) && atRest(now)) {
                throw new AssertionError("The node is %s instead of %s: %s".formatted(found, state, now));
              }
            })
        .until(
            () -> client.get(node),
            now -> now.path("provision_state").asString().equals(state) && atRest(now));
  }

  /** Waits for a failure and hands out what the node says of it, which holds no secret. */
  String awaitFailure(String node, String state) {
    JsonNode failed = awaitState(node, state);
    String error = failed.path("last_error").asString("");
    assertThat(error).isNotBlank().doesNotContain(SECRETS);
    return error;
  }

  /** Waits until a node is back in a state with an error to tell. */
  JsonNode awaitError(String node, String state) {
    return awaitNode(
        node,
        now ->
            now.path("provision_state").asString().equals(state)
                && !now.path("last_error").isNull());
  }

  /** Waits until nobody works on a node and it is as wanted. */
  JsonNode awaitNode(String node, Predicate<JsonNode> wanted) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> client.get(node), now -> atRest(now) && wanted.test(now));
  }

  /** Waits until a step waits for what does not answer; returns what it says. */
  String awaitSilence(String node, String step) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                client.get(node + "/flows").path("flows").path(0).path("steps").values().stream()
                    .filter(each -> each.path("step").asString().equals(step))
                    .filter(each -> each.path("state").asString().equals("waiting"))
                    .map(each -> each.path("progress").path("message").asString(""))
                    .findFirst()
                    .orElse(""),
            message -> message.contains("cannot be reached"));
  }

  /** Waits until a step has told how far it is. */
  void awaitProgress(String node, String step) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> client.get(node + "/flows").path("flows").path(0).path("steps").values(),
            steps ->
                steps.stream()
                    .filter(each -> each.path("step").asString().equals(step))
                    .anyMatch(each -> each.path("progress").path("done").asLong(0) > 0));
  }

  void replace(String node, String path, Object value) throws IOException {
    client.patch(node, List.of(Map.of("op", "add", "path", path, "value", value)));
  }

  void setDriverInfo(String node, String key, Object value) throws IOException {
    replace(node, "/driver_info/" + key, value);
  }

  private static boolean atRest(JsonNode node) {
    return node.path("reservation").isNull();
  }

  String sha256(String image) {
    try {
      byte[] bytes = Files.readAllBytes(folder.resolve("images").resolve(image));
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** What server and agent have written to their logs. */
  String logs() throws IOException {
    return Files.readString(log()) + Files.readString(backend.console());
  }

  private Path log() {
    return folder.resolve("ironic.log");
  }

  private void awaitApi() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreException(java.net.ConnectException.class)
        .failFast(() -> server.checkAlive())
        .until(() -> client.get("/v1/nodes"), JsonNode::isObject);
  }

  private static Path root() {
    return Path.of(System.getProperty("project.root"));
  }

  private static Path agentJar() {
    return built(root().resolve("ironic-agent/target/ironic-agent.jar"));
  }

  private static Path built(Path jar) {
    assertThat(jar).as("is built by 'mvn verify' before").exists();
    return jar;
  }

  private String[] command(String conductorOptions) throws IOException {
    Path nothing = Files.writeString(folder.resolve("nothing"), "process machines boot no kernel\n");
    assertThat(nothing).exists();
    Path config = folder.resolve("ironic.conf");
    Files.writeString(config, configuration(conductorOptions));
    Path target = root().resolve("examples/standalone/target");
    Path jar = built(target.resolve("ironic-standalone.jar"));
    return new String[] {
      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-cp",
      jar + System.getProperty("path.separator") + target.resolve("lib") + "/*",
      "dev.ironic.standalone.StandaloneMain",
      "--config-file",
      config.toString()
    };
  }

  private String configuration(String conductorOptions) {
    return """
    [DEFAULT]
    auth_strategy = noauth
    debug = true
    host = fault-lab
    state_path = %1$s
    enabled_hardware_types = redfish
    enabled_boot_interfaces = redfish-virtual-media
    enabled_deploy_interfaces = direct
    default_network_interface = noop

    [api]
    host_ip = 127.0.0.1
    port = %2$d
    public_endpoint = http://127.0.0.1:%2$d

    [conductor]
    file_url_allowed_paths = %1$s
    %4$s

    [deploy]
    erase_devices_priority = 0
    http_server_port = %3$d
    http_server_bind = 127.0.0.1

    [agent]
    command_wait_interval = 1
    deploy_logs_local_path = %1$s/deploy-logs
    post_deploy_get_power_state_retry_interval = 1

    [redfish]
    connection_attempts = 3
    connection_retry_interval = 1
    read_timeout = 1
    """
        .formatted(folder, port, freePort(), conductorOptions);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
    machine.close();
    images.close();
  }
}
