package dev.ironic.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine is told to boot, as its BMC was asked through Redfish. */
class LabMachineTest {

  private static final MachineSpec SPEC =
      new MachineSpec("lab-1", "52:54:00:00:00:01", 4001, 4002, 1 << 20, 512);
  private static final String SYSTEM = "/redfish/v1/Systems/lab-1";

  /** Remembers how it was started. */
  private static final class Recorder implements MachineBackend {
    private volatile BootSource boot = new BootSource.Disk();
    private volatile Supplier<BootSource> restart = BootSource.Disk::new;
    private volatile boolean on;

    @Override
    public void start(BootSource source, Supplier<BootSource> again) {
      boot = source;
      restart = again;
      on = true;
    }

    @Override
    public void stop(boolean graceful) {
      on = false;
    }

    @Override
    public boolean running() {
      return on;
    }

    @Override
    public Path console() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path disk() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String kernelParameters() {
      return "";
    }
  }

  @Test
  void anOverrideForOneBootIsOverWhenTheMachineRestarts(@TempDir Path folder)
      throws IOException, InterruptedException {
    Recorder machine = bootFromMedium(folder, "Once");
    assertThat(machine.boot).isInstanceOf(BootSource.Iso.class);
    assertThat(machine.restart.get()).isInstanceOf(BootSource.Disk.class);
  }

  @Test
  void aLastingOverrideHoldsForRestartsToo(@TempDir Path folder)
      throws IOException, InterruptedException {
    Recorder machine = bootFromMedium(folder, "Continuous");
    assertThat(machine.boot).isInstanceOf(BootSource.Iso.class);
    assertThat(machine.restart.get()).isInstanceOf(BootSource.Iso.class);
    assertThat(machine.restart.get()).isInstanceOf(BootSource.Iso.class);
  }

  private static Recorder bootFromMedium(Path folder, String enabled)
      throws IOException, InterruptedException {
    var recorder = new Recorder();
    HttpServer media =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    media.createContext(
        "/boot.iso",
        exchange -> {
          try (exchange) {
            byte[] content = "a medium".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
          }
        });
    media.start();
    try (var machine = LabMachine.start(folder, SPEC, recorder);
        var http = HttpClient.newHttpClient()) {
      URI bmc = machine.bmc().uri();
      send(
          http,
          bmc.resolve(
              "/redfish/v1/Managers/lab-1/VirtualMedia/Cd/Actions/VirtualMedia.InsertMedia"),
          "POST",
          "{\"Image\": \"http://127.0.0.1:%d/boot.iso\"}".formatted(media.getAddress().getPort()));
      send(
          http,
          bmc.resolve(SYSTEM),
          "PATCH",
          """
          {"Boot": {"BootSourceOverrideTarget": "Cd", "BootSourceOverrideEnabled": "%s"}}
          """
              .formatted(enabled));
      send(
          http,
          bmc.resolve(SYSTEM + "/Actions/ComputerSystem.Reset"),
          "POST",
          "{\"ResetType\": \"On\"}");
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(recorder::running);
      assertThat(recorder.boot)
          .isInstanceOfSatisfying(
              BootSource.Iso.class, iso -> assertThat(iso.file()).exists().hasContent("a medium"));
      assertThat(Files.list(folder)).hasSize(1);
      return recorder;
    } finally {
      media.stop(0);
    }
  }

  private static void send(HttpClient http, URI uri, String method, String body)
      throws IOException, InterruptedException {
    String user =
        Base64.getEncoder().encodeToString("admin:lab-secret".getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Authorization", "Basic " + user)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
  }
}
