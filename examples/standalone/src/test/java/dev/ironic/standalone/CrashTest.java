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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** SIGKILL while an image is being written: the next process goes on, and nobody else does. */
class CrashTest {

  private static final int SENT_BEFORE = 8;

  @Test
  void theDeploymentGoesOn(@TempDir Path folder) throws IOException {
    Path agent =
        Path.of(System.getProperty("project.root"), "ironic-agent/target/ironic-agent.jar");
    assumeTrue(Files.exists(agent), agent + " is not there; 'mvn verify' builds it, 'test' not");
    var spec = new MachineSpec("crash", "52:54:00:fa:00:0f", 0, 0, 64L << 20, 256);
    try (var images = new ImageHost(Files.createDirectories(folder.resolve("images")));
        var server =
            ServerProcessUnderTest.withRedfish(
                Files.createDirectories(folder.resolve("server")),
                "deploy_callback_timeout = 600");
        var client = new RestClient(server.port());
        var machine =
            LabMachine.start(
                folder.resolve("machine"),
                spec,
                new ProcessBackend(folder.resolve("machine"), spec, agent))) {
      Path image = images.add("image.img", 32);
      String node = enrol(client, machine, folder, server.port());
      client.replace(node, "/instance_info", images.instanceInfo("image.img"));
      // The agent fetches the image itself, and stays in the middle of it.
      client.replace(node, "/instance_info/image_download_source", "http");
      images.holdAfter(SENT_BEFORE);
      client.provision(node, "active");
      Awaitility.await("the image is being written")
          .atMost(Duration.ofSeconds(60))
          .until(() -> written(client, node) > 0);
      server.crashAndRestart();
      images.letPass();
      JsonNode active = client.await(node, "active");
      assertThat(active.path("last_error").isNull()).isTrue();
      assertThat(active.path("maintenance").asBoolean()).isFalse();
      SampleImage.compare(image, machine.backend().disk());
    }
  }

  private static long written(RestClient client, String node) {
    long most = 0;
    for (JsonNode step :
        client.get("/v1/nodes/" + node + "/flows").path("flows").path(0).path("steps")) {
      if (step.path("step").asString().equals("write_image")) {
        most = Math.max(most, step.path("progress").path("done").asLong(0));
      }
    }
    return most;
  }

  private static String enrol(RestClient client, LabMachine machine, Path folder, int port)
      throws IOException {
    Path nothing = Files.writeString(folder.resolve("nothing"), "unused\n");
    var info = new LinkedHashMap<String, Object>(machine.driverInfo(port));
    for (String file : new String[] {"deploy_kernel", "deploy_ramdisk", "bootloader"}) {
      info.put(file, "file://" + nothing);
    }
    String node =
        client
            .call("POST", "/v1/nodes", Map.of("driver", "redfish", "driver_info", info), 201)
            .path("uuid")
            .asString();
    client.call(
        "POST", "/v1/ports", Map.of("node_uuid", node, "address", machine.macs().getFirst()), 201);
    client.provision(node, "manage");
    client.await(node, "manageable");
    client.provision(node, "provide");
    client.await(node, "available");
    return node;
  }
}
