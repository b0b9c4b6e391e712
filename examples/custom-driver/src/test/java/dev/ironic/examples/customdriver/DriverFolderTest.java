package dev.ironic.examples.customdriver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.generic.GenericDriverPlugin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver as an operator gets it: a jar in a folder, enabled in the configuration. */
class DriverFolderTest {

  private static final RequestContext ME = RequestContext.internal("req-" + UUID.randomUUID());
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("enabled_hardware_types", "outlet"),
          Map.entry("enabled_power_interfaces", "outlet"),
          Map.entry("enabled_boot_interfaces", "local-disk"),
          Map.entry("enabled_management_interfaces", "noop"),
          Map.entry("enabled_deploy_interfaces", "noop"),
          Map.entry("enabled_network_interfaces", "noop"),
          Map.entry("enabled_storage_interfaces", "noop"),
          Map.entry("enabled_bios_interfaces", "no-bios"),
          Map.entry("enabled_console_interfaces", "no-console"),
          Map.entry("enabled_firmware_interfaces", "no-firmware"),
          Map.entry("enabled_inspect_interfaces", "no-inspect"),
          Map.entry("enabled_raid_interfaces", "no-raid"),
          Map.entry("enabled_rescue_interfaces", "no-rescue"),
          Map.entry("enabled_vendor_interfaces", "no-vendor"));

  @TempDir private Path folder = Path.of("");

  @Test
  void switchesAMachineThroughAJarInTheDriverFolder() throws IOException {
    pack(folder.resolve("outlet.jar"));
    try (var strip = new PowerStrip();
        Conductor ironic =
            Conductor.builder()
                .config(
                    IronicConfig.of(
                        Map.of(
                            "DEFAULT", OPTIONS,
                            "database", Map.of("connection", "sqlite://"),
                            "outlet", Map.of("meter_interval", "1", "discharge_time", "0"))))
                .onlyGivenDrivers()
                .drivers(new GenericDriverPlugin())
                .driverFolder(folder)
                .host("folder")
                .start()) {
      assertThat(ironic.store().conductors().active(Duration.ofMinutes(1)))
          .singleElement()
          .satisfies(row -> assertThat(row.drivers()).isEqualTo(List.of("outlet")));
      Node node = ironic.service().createNode(ME, draft(strip));
      ironic.service().doProvisioningAction(ME, node.uuid(), "manage");
      await(ironic, node, now -> now.provisionState() == ProvisionState.MANAGEABLE);

      ironic.service().changeNodePowerState(ME, node.uuid(), "power on", null);
      await(ironic, node, now -> now.powerState() == PowerState.POWER_ON);
      assertThat(strip.state(3)).isEqualTo("on");
      await(ironic, node, now -> "42".equals(now.driverInternalInfo().get("outlet_watts")));
    }
  }

  private static Node draft(PowerStrip strip) {
    return Node.draft(UUID.randomUUID().toString(), "outlet")
        .with(
            b ->
                b.driverInfo(Map.of("outlet_address", strip.uri().toString(), "outlet_number", 3)));
  }

  private static void await(
      Conductor ironic, Node node, java.util.function.Predicate<Node> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> ironic.store().nodes().get(node.uuid()),
            now -> condition.test(now) && now.reservation() == null);
  }

  /** What the build packs, before the build has packed it. */
  static void pack(Path jar) throws IOException {
    Path classes = Path.of("target", "classes");
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file);
        Stream<Path> all = Files.walk(classes)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
        Files.copy(path, out);
      }
    }
  }
}
