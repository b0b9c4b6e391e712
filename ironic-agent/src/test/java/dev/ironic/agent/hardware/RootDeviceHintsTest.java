package dev.ironic.agent.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RootDeviceHintsTest {

  static Stream<JsonMap> cases() throws IOException {
    return vectors().list("cases").stream().map(c -> JsonMap.of((Map<?, ?>) c));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void matchesAsTheReferenceDoes(JsonMap vector) throws IOException {
    JsonMap hints = vector.map("hints");
    if (vector.get("error") != null) {
      assertThatThrownBy(() -> RootDeviceHints.parse(hints))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("root device hint");
      return;
    }
    RootDeviceHints parsed = RootDeviceHints.parse(hints);
    assertThat(parsed.normalised()).isEqualTo(vector.map("normalised").members());
    assertThat(parsed.find(devices()).map(BlockDevice::name).orElse(null))
        .isEqualTo(vector.text("match"));
  }

  @Test
  void withoutHintsTheSmallestOfAtLeastFourGibibytesIsTaken() throws IOException {
    BlockDevice chosen = RootDevice.choose(devices(), JsonMap.empty(), false);

    assertThat(chosen.name()).isEqualTo("/dev/sda");
  }

  @Test
  void skippedDevicesAreNeverChosen() throws IOException {
    JsonMap node =
        JsonMap.of(
            Map.of(
                "properties", Map.of("skip_block_devices", List.of(Map.of("name", "/dev/sda")))));

    assertThat(RootDevice.choose(devices(), node, false).name()).isEqualTo("/dev/nvme0n1");
  }

  @Test
  void saysWhatThereIsWhenNothingMatches() throws IOException {
    List<BlockDevice> devices = devices();
    JsonMap node =
        JsonMap.of(Map.of("properties", Map.of("root_device", Map.of("serial", "nothing"))));

    assertThatThrownBy(() -> RootDevice.choose(devices, node, false))
        .hasMessageContaining("nothing")
        .hasMessageContaining("/dev/nvme0n1 (536870912000 bytes)");
  }

  private static List<BlockDevice> devices() throws IOException {
    List<BlockDevice> devices = new ArrayList<>();
    for (Object entry : vectors().list("devices")) {
      JsonMap d = JsonMap.of((Map<?, ?>) entry);
      devices.add(
          new BlockDevice(
              d.text("name", ""),
              Path.of(d.text("name", "")),
              d.text("model"),
              d.number("size", 0),
              d.flag("rotational", false),
              Objects.toString(d.list("wwn").getFirst(), null),
              Objects.toString(d.list("serial").getFirst(), null),
              d.text("vendor"),
              null,
              null,
              d.text("hctl"),
              d.text("by_path"),
              512,
              512,
              d.text("tran"),
              Objects.toString(d.list("serial").getLast(), null),
              false,
              null));
    }
    return devices;
  }

  private static JsonMap vectors() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RootDeviceHintsTest.class.getResourceAsStream("/root-device-hints.json"))) {
      return Json.readMap(in.readAllBytes());
    }
  }
}
