package dev.ironic.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.core.config.IronicConfig;
import dev.ironic.driver.BootFiles;
import dev.ironic.driver.BootFiles.Service;
import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootFilesTest {

  @TempDir private Path folder = Path.of("");

  private final HttpClient http = HttpClient.newHttpClient();

  private ImageStack start() {
    return ImageStack.start(
        IronicConfig.of(
            Map.of(
                "deploy",
                Map.of("http_server_port", "0", "http_server_advertise", "127.0.0.1"),
                "conductor",
                Map.of("file_url_allowed_paths", folder.toString()))),
        folder.resolve("state"),
        Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private HttpResponse<String> get(URI url) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aMachineLoadsWhatWasFetchedWrittenAndLinked() throws Exception {
    try (ImageStack images = start()) {
      Path kernel = Files.writeString(folder.resolve("vmlinuz"), "kernel");
      BootFiles files = images.images().bootFiles(Service.HTTP);
      files.fetch(kernel.toUri().toString(), "uuid/deploy_kernel");
      files.fetch(kernel.toUri().toString(), "uuid/deploy_kernel");
      files.write("uuid/config", "first");
      files.write("uuid/config", "second");
      files.link("pxelinux.cfg/52-54", "uuid/config");
      files.link("pxelinux.cfg/52-54", "uuid/config");
      assertThat(get(files.url("uuid/deploy_kernel")).body()).isEqualTo("kernel");
      assertThat(get(files.url("pxelinux.cfg/52-54")).body()).isEqualTo("second");
      Path root = folder.resolve("state/http");
      assertThat(Files.readSymbolicLink(root.resolve("pxelinux.cfg/52-54")))
          .isEqualTo(Path.of("../uuid/config"));
      assertThat(Files.getPosixFilePermissions(root.resolve("uuid/config")))
          .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
      try (var left = Files.list(root.resolve("uuid"))) {
        assertThat(left.map(path -> path.getFileName().toString()))
            .containsExactlyInAnyOrder("config", "deploy_kernel");
      }
      files.remove("uuid");
      files.remove("uuid");
      files.remove("pxelinux.cfg/52-54");
      assertThat(get(files.url("pxelinux.cfg/52-54")).statusCode()).isEqualTo(404);
      assertThat(kernel).as("the original").hasContent("kernel");
    }
  }

  @Test
  void linksThatLeadOutOfTheFolderAreNotServed() throws Exception {
    try (ImageStack images = start()) {
      Path secret = Files.writeString(folder.resolve("secret"), "secret");
      BootFiles files = images.images().bootFiles(Service.HTTP);
      files.write("there", "x");
      Files.createSymbolicLink(folder.resolve("state/http/out"), secret);
      assertThat(get(files.url("out")).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void tftpHasAFolderOfItsOwnAndNoAddress() {
    try (ImageStack images = start()) {
      BootFiles files = images.images().bootFiles(Service.TFTP);
      files.write("EFI/BOOT/grub.cfg", "text");
      assertThat(folder.resolve("state/tftpboot/EFI/BOOT/grub.cfg")).hasContent("text");
      assertThatExceptionOfType(DriverException.class).isThrownBy(() -> files.url("x"));
    }
  }

  @Test
  void nothingLeavesTheFolder() {
    try (ImageStack images = start()) {
      for (String path : new String[] {"../up", "a/../../up", "/etc/up", "", "."}) {
        assertThatExceptionOfType(DriverException.class)
            .isThrownBy(() -> images.images().bootFiles(Service.HTTP).write(path, "x"))
            .withMessageContaining("does not lie below");
      }
    }
  }

  @Test
  void whatCannotBeFetchedLeavesNothing() {
    try (ImageStack images = start()) {
      BootFiles files = images.images().bootFiles(Service.HTTP);
      assertThatExceptionOfType(DriverException.class)
          .isThrownBy(() -> files.fetch("file:///nowhere/vmlinuz", "uuid/deploy_kernel"));
      assertThat(folder.resolve("state/http/uuid")).isEmptyDirectory();
    }
  }
}
