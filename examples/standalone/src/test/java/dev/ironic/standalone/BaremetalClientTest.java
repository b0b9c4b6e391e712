package dev.ironic.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ironic.core.config.IronicConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code baremetal} command that operators have, against the standalone server. */
class BaremetalClientTest {

  private static final Path CLIENT = Path.of("/usr/bin/baremetal");

  private record Run(int status, String text) {}

  @TempDir Path folder;

  @Test
  void aNodeLivesFromCreateToDelete() throws Exception {
    boolean there = Files.isExecutable(CLIENT);
    if (!there) {
      System.out.println("BaremetalClientTest is skipped: " + CLIENT + " is missing");
    }
    assumeTrue(
        there, CLIENT + " is missing: install python3-ironicclient and python3-openstackclient");
    try (var standalone = Standalone.start(IronicConfig.of(Settings.of(folder, 0).values()))) {
      String url = standalone.url();
      assertThat(done(url, "driver", "list", "-f", "value")).contains("fake-hardware");
      String uuid =
          done(
              url,
              "node",
              "create",
              "--driver",
              "fake-hardware",
              "--name",
              "n1",
              "-f",
              "value",
              "-c",
              "uuid");
      assertThat(uuid).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
      done(url, "node", "set", "n1", "--extra", "rack=7", "--description", "a node");
      assertThat(done(url, "node", "show", "n1", "--fields", "description", "extra", "-f", "json"))
          .contains("\"a node\"", "\"rack\": 7");
      done(url, "node", "manage", "n1", "--wait", "60");
      done(url, "node", "provide", "n1", "--wait", "60");
      done(url, "node", "deploy", "n1", "--wait", "60");
      assertThat(done(url, "node", "list", "-f", "value"))
          .contains(uuid + " n1")
          .contains("active");
      done(url, "node", "undeploy", "n1", "--wait", "60");
      done(url, "node", "delete", "n1");
      Run gone = run(url, "node", "show", "n1");
      assertThat(gone.status()).isEqualTo(1);
      assertThat(gone.text()).contains("Node n1 could not be found. (HTTP 404)");
    }
  }

  private String done(String url, String... arguments) throws IOException, InterruptedException {
    Run run = run(url, arguments);
    assertThat(run.status()).as("%s: %s", List.of(arguments), run.text()).isZero();
    return run.text().strip();
  }

  private Run run(String url, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(CLIENT.toString());
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(folder, "client", ".txt");
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("OS_"));
    builder.environment().put("OS_AUTH_TYPE", "none");
    builder.environment().put("OS_ENDPOINT", url);
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " did not end within 90 s");
    }
    return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
