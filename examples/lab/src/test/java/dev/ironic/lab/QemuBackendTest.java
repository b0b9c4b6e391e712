package dev.ironic.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real machine: firmware, a deployed disk, and a BMC that switches it. */
class QemuBackendTest {

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void bootsItsDiskAndObeysItsBmc(@TempDir Path folder) throws IOException, InterruptedException {
    Path image = Path.of(System.getProperty("project.root"), "ramdisk/out/os.img");
    Optional<QemuHost> host = QemuHost.find(System.getenv("PATH"));
    need(host.isPresent(), "this host lacks " + QemuHost.missing(System.getenv("PATH")));
    need(Files.exists(image), "ramdisk/build-os-image makes " + image + ", which is not there");
    Files.copy(image, folder.resolve("disk.img"), StandardCopyOption.COPY_ATTRIBUTES);
    int web = freePort();
    var spec =
        new MachineSpec("lab-1", "52:54:00:00:00:01", freePort(), web, Files.size(image), 512);
    var backend = new QemuBackend(folder, host.get(), Accelerator.TCG, spec);
    try (var machine = LabMachine.start(folder, spec, backend)) {
      reset(machine, "On");
      awaitConsole(backend, "DEPLOYED-OS-UP hostname=ironic-os");
      assertThat(backend.running()).isTrue();
      assertThat(get(URI.create("http://127.0.0.1:%d/".formatted(web)))).contains("ironic-os");

      reset(machine, "GracefulShutdown");
      Awaitility.await("the system shuts down")
          .atMost(Duration.ofSeconds(60))
          .until(() -> !backend.running());

      reset(machine, "On");
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(backend::running);
      reset(machine, "ForceOff");
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !backend.running());
    }
  }

  /** Skips where something is missing, and says so where whoever runs the build sees it. */
  private static void need(boolean there, String otherwise) {
    if (!there) {
      // Past Surefire, which keeps what tests print in a file.
      var console = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
      console.println("NO QEMU MACHINE: its test is skipped, since " + otherwise);
    }
    assumeTrue(there, otherwise);
  }

  private static void awaitConsole(QemuBackend backend, String sign) {
    Awaitility.await(sign)
        .atMost(Duration.ofMinutes(2))
        .until(() -> Files.readString(backend.console(), ISO_8859_1).contains(sign));
  }

  private void reset(LabMachine machine, String type) throws IOException, InterruptedException {
    URI action =
        machine.bmc().uri().resolve("/redfish/v1/Systems/lab-1/Actions/ComputerSystem.Reset");
    HttpRequest request =
        HttpRequest.newBuilder(action)
            .header("Content-Type", "application/json")
            .header(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString("admin:lab-secret".getBytes(UTF_8)))
            .POST(HttpRequest.BodyPublishers.ofString("{\"ResetType\": \"" + type + "\"}"))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
  }

  private String get(URI uri) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
