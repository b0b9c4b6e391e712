package dev.ironic.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ironic.agent.json.JsonMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageWritingTest {

  private static final int IMAGE = 16 << 20;
  private static final int DISK = 96 << 20;

  @TempDir Path folder;
  private FakeIronic api;
  private ImageServer images;
  private ProcessMachine machine;

  @BeforeEach
  void start() throws Exception {
    api = new FakeIronic();
    images = new ImageServer();
    machine = new ProcessMachine(folder, api, DISK);
  }

  @AfterEach
  void stop() {
    machine.close();
    images.close();
    api.close();
  }

  @Test
  void streamsARawImageOverWhatWasThereBefore() throws IOException {
    byte[] old = new byte[DISK];
    Arrays.fill(old, (byte) 0x5a);
    Files.write(machine.disk, old);
    byte[] image = TestImages.gpt(IMAGE);

    JsonMap result = prepare(info("os.raw", image), null);

    assertThat(result.text("command_status")).isEqualTo("SUCCEEDED");
    assertThat(result.map("command_result").text("result"))
        .isEqualTo(
            "prepare_image: image (os.raw) written to device %s root_uuid=0x00000000"
                .formatted(machine.disk));
    byte[] disk = Files.readAllBytes(machine.disk);
    assertThat(disk).hasSize(DISK);
    // All but the protective size, the primary header and the old backup header is the image's.
    assertThat(Arrays.equals(disk, 1024, IMAGE - 512, image, 1024, IMAGE - 512)).isTrue();
    assertThat(new String(disk, DISK - 512, 8, StandardCharsets.US_ASCII)).isEqualTo("EFI PART");
    assertThat(images.ranges).containsExactly("-");
  }

  @Test
  void theTableThatIsMovedIsSoundForOtherTools() throws Exception {
    prepare(
        info("os.raw", TestImages.gpt(IMAGE)),
        configDrive("hello".getBytes(StandardCharsets.UTF_8)));

    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/sgdisk")), "sgdisk (package gdisk) is not installed");
    String verified = run("/usr/sbin/sgdisk", "-v", machine.disk.toString());
    assertThat(verified).contains("No problems found");
    assertThat(run("/usr/sbin/sgdisk", "-p", machine.disk.toString())).contains("config-2");
  }

  @Test
  void putsTheConfigDriveAtTheEnd() throws IOException {
    byte[] drive = "not really an ISO, but the bytes count".getBytes(StandardCharsets.UTF_8);

    JsonMap result = prepare(info("os.raw", TestImages.gpt(IMAGE)), configDrive(drive));

    assertThat(result.text("command_status")).isEqualTo("SUCCEEDED");
    JsonMap partitions =
        machine.call("standby.get_partition_uuids", Map.of()).map("command_result");
    assertThat(partitions.map("partitions").members()).containsOnlyKeys("root", "config-2");
    byte[] disk = Files.readAllBytes(machine.disk);
    int start = (DISK - 33 * 512 - (64 << 20)) >> 20 << 20;
    assertThat(Arrays.copyOfRange(disk, start, start + drive.length)).isEqualTo(drive);
    assertThat(disk[start + drive.length]).isZero();
  }

  @Test
  void putsTheConfigDriveOnMbrDisksToo() throws IOException {
    byte[] drive = "config".getBytes(StandardCharsets.UTF_8);

    JsonMap result = prepare(info("old.raw", TestImages.mbr(IMAGE)), configDrive(drive));

    assertThat(result.map("command_result").text("result")).endsWith("root_uuid=0x5a3c0001");
    byte[] disk = Files.readAllBytes(machine.disk);
    int start = DISK - (64 << 20);
    assertThat(Arrays.copyOfRange(disk, start, start + drive.length)).isEqualTo(drive);
    assertThat(disk[446 + 16 + 4]).isEqualTo((byte) 0x83);
  }

  @Test
  void fetchesAConfigDriveByItsUrl() throws IOException {
    byte[] drive = "by URL".getBytes(StandardCharsets.UTF_8);
    String url = images.put("drive", configDrive(drive).getBytes(StandardCharsets.US_ASCII));

    JsonMap result = prepare(info("os.raw", TestImages.gpt(IMAGE)), url);

    assertThat(result.text("command_status")).isEqualTo("SUCCEEDED");
    assertThat(Files.readAllBytes(machine.disk)).containsSequence(drive);
  }

  @Test
  void goesOnWhereTheConnectionBroke() throws IOException {
    images.cuts.set(2);
    images.cutAfter = 5 << 20;

    JsonMap result = prepare(info("os.raw", TestImages.gpt(IMAGE)), null);

    assertThat(result.text("command_status")).isEqualTo("SUCCEEDED");
    assertThat(images.ranges).hasSize(3);
    assertThat(images.ranges.get(0)).isEqualTo("-");
    assertThat(images.ranges.get(1)).startsWith("bytes=");
    assertThat(images.ranges.get(2)).startsWith("bytes=");
  }

  @Test
  void beginsAnewWhereGoingOnIsImpossible() throws IOException {
    images.resumable = false;
    images.cuts.set(1);
    images.cutAfter = 9 << 20;

    JsonMap result = prepare(info("os.raw", TestImages.gpt(IMAGE)), null);

    assertThat(result.text("command_status")).isEqualTo("SUCCEEDED");
    assertThat(images.ranges).containsExactly("-", "-");
  }

  @Test
  void givesUpAfterTheAllowedTries() throws IOException {
    images.resumable = false;
    images.cuts.set(100);
    images.cutAfter = 1000;

    JsonMap result = prepare(info("os.raw", TestImages.gpt(IMAGE)), null);

    assertThat(result.map("command_error").text("type")).isEqualTo("ImageDownloadError");
    assertThat(images.ranges).hasSize(10);
  }

  @Test
  void namesBothSumsWhenTheyDiffer() throws IOException {
    byte[] image = TestImages.gpt(IMAGE);
    Map<String, Object> info = info("os.raw", image);
    info.put("os_hash_value", "0".repeat(64));

    JsonMap result = prepare(info, null);

    assertThat(result.text("command_status")).isEqualTo("FAILED");
    assertThat(result.map("command_error").text("type")).isEqualTo("ImageChecksumError");
    assertThat(result.map("command_error").text("details"))
        .contains(TestImages.sum("SHA-256", image))
        .contains("expected " + "0".repeat(64));
    assertThat(images.ranges).hasSize(2); // the same wrong sum twice is proof enough
  }

  @Test
  void aDiskTooSmallIsLeftAlone() throws IOException {
    byte[] marker = "what was here before".getBytes(StandardCharsets.UTF_8);
    byte[] disk = new byte[DISK];
    System.arraycopy(marker, 0, disk, 4096, marker.length);
    Files.write(machine.disk, disk);

    JsonMap result = prepare(info("os.raw", new byte[DISK + 512]), null);

    assertThat(result.map("command_error").text("type")).isEqualTo("ImageWriteError");
    assertThat(result.map("command_error").text("details"))
        .contains(Integer.toString(DISK))
        .contains(Integer.toString(DISK + 512));
    assertThat(Files.readAllBytes(machine.disk)).isEqualTo(disk);
  }

  @Test
  void anImageThatIsNotThereFailsAtOnce() throws IOException {
    Map<String, Object> info = info("os.raw", TestImages.gpt(IMAGE));
    images.files.clear();

    JsonMap result = prepare(info, null);

    assertThat(result.map("command_error").text("type")).isEqualTo("ImageDownloadFatalError");
    assertThat(result.map("command_error").text("details")).contains("HTTP 404");
    assertThat(images.ranges).hasSize(1);
  }

  @Test
  void anImageWithoutPartitionsIsRefused() throws IOException {
    JsonMap result = prepare(info("os.raw", new byte[1 << 20]), null);

    assertThat(result.map("command_error").text("type")).isEqualTo("DeploymentError");
    assertThat(result.map("command_error").text("details")).contains("no partitions");
  }

  @Test
  void readsTheSumFromAFile() throws IOException {
    byte[] image = TestImages.gpt(IMAGE);
    Map<String, Object> info = info("os.raw", image);
    info.remove("os_hash_algo");
    info.remove("os_hash_value");
    String file =
        "# sums\n%s  other.raw\n%s *os.raw\n"
            .formatted("0".repeat(128), TestImages.sum("SHA-512", image));
    info.put("checksum", images.put("SUMS", file.getBytes(StandardCharsets.US_ASCII)));

    assertThat(prepare(info, null).text("command_status")).isEqualTo("SUCCEEDED");
  }

  @Test
  void md5IsRefusedBeforeAnythingStarts() throws IOException {
    Map<String, Object> info = info("os.raw", TestImages.gpt(IMAGE));
    info.remove("os_hash_algo");
    info.put("checksum", "0".repeat(32));

    var answer = machine.post("standby.prepare_image", Map.of("image_info", info), true);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("MD5");
  }

  @Test
  void showsProgressAndRefusesASecondCommandMeanwhile() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    images.gate = gate;
    var started =
        machine.post(
            "standby.prepare_image",
            Map.of("image_info", info("os.raw", TestImages.gpt(IMAGE))),
            false);
    assertThat(started.status()).isEqualTo(200);

    await().until(() -> progress().number("bytes_written", 0) > 4 << 20);
    assertThat(progress().number("bytes_total", 0)).isEqualTo(IMAGE);
    assertThat(progress().number("percent", 100)).isLessThan(60);
    var second = machine.post("standby.sync", Map.of(), true);
    assertThat(second.status()).isEqualTo(409);
    assertThat(new String(second.body(), StandardCharsets.UTF_8))
        .contains("Agent is busy: executing command prepare_image");

    gate.countDown();
    await().until(() -> last().text("command_status", "").equals("SUCCEEDED"));
  }

  @Test
  void convertsQcow2() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/qemu-img")),
        "qemu-img (package qemu-utils) is not installed");
    byte[] image = TestImages.gpt(IMAGE);
    Path raw = Files.write(folder.resolve("in.raw"), image);
    Path qcow2 = folder.resolve("in.qcow2");
    run("/usr/bin/qemu-img", "convert", "-O", "qcow2", raw.toString(), qcow2.toString());
    byte[] old = new byte[DISK];
    Arrays.fill(old, (byte) 0x5a);
    Files.write(machine.disk, old);
    Map<String, Object> info = info("os.qcow2", Files.readAllBytes(qcow2));
    info.put("disk_format", "qcow2");

    assertThat(prepare(info, null).text("command_status")).isEqualTo("SUCCEEDED");

    byte[] disk = Files.readAllBytes(machine.disk);
    assertThat(disk).hasSize(DISK);
    assertThat(Arrays.equals(disk, 1024, IMAGE - 512, image, 1024, IMAGE - 512)).isTrue();
  }

  @Test
  void refusesAQcow2ThatWouldReadOtherFiles() throws Exception {
    byte[] header = new byte[512];
    System.arraycopy(new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3}, 0, header, 0, 8);
    header[15] = 104; // the offset of a backing file's name
    Map<String, Object> info = info("evil.qcow2", header);
    info.put("disk_format", "qcow2");

    JsonMap result = prepare(info, null);

    assertThat(result.map("command_error").text("type")).isEqualTo("InvalidImage");
    assertThat(result.map("command_error").text("details")).contains("backing file");
  }

  @Test
  void refusesAnotherFormatThanDeclared() throws Exception {
    Map<String, Object> info = info("os.qcow2", TestImages.gpt(IMAGE));
    info.put("disk_format", "qcow2");

    assertThat(prepare(info, null).map("command_error").text("details"))
        .contains("declared to be qcow2, but it is gpt");
  }

  private JsonMap last() throws IOException {
    return JsonMap.of((Map<?, ?>) machine.commands().list("commands").getLast());
  }

  private JsonMap progress() throws IOException {
    return last().map("command_result").map("progress");
  }

  private JsonMap prepare(Map<String, Object> info, @Nullable String configDrive)
      throws IOException {
    Map<String, Object> params = new HashMap<>();
    params.put("image_info", info);
    params.put("configdrive", configDrive);
    return machine.call("standby.prepare_image", params);
  }

  private Map<String, Object> info(String name, byte[] content) {
    Map<String, Object> info = new HashMap<>();
    info.put("id", name);
    info.put("urls", List.of(images.put(name, content)));
    info.put("disk_format", "raw");
    info.put("stream_raw_images", true);
    info.put("os_hash_algo", "sha256");
    info.put("os_hash_value", TestImages.sum("SHA-256", content));
    return info;
  }

  private static String configDrive(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
