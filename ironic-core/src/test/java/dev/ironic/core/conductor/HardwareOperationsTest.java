package dev.ironic.core.conductor;

import static dev.ironic.core.conductor.OperationsRig.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.Fault;
import dev.ironic.core.conductor.ConductorService.Validation;
import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HardwareOperationsTest {

  private final OperationsRig rig = new OperationsRig();
  private final HardwareOperations hardware = rig.operations.hardware();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void theBootDeviceIsSetAndRead() {
    String fake = rig.node().uuid();
    hardware.setBootDevice(rig.context, fake, "pxe", true);
    assertThat(hardware.bootDevice(rig.context, fake))
        .isEqualTo(Map.of("boot_device", "pxe", "persistent", false));
    assertThat(hardware.supportedBootDevices(rig.context, fake)).containsExactly("pxe");
  }

  @Test
  void anUnknownBootDeviceIsTold() {
    String scripted = rig.scripted(n -> n).uuid();
    assertThat(hardware.bootDevice(rig.context, scripted))
        .containsEntry("boot_device", null)
        .containsEntry("persistent", null);
    assertThat(hardware.supportedBootDevices(rig.context, scripted)).containsExactly("pxe", "disk");
  }

  @Test
  void aWrongBootDeviceIsRefused() {
    String node = rig.node().uuid();
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> hardware.setBootDevice(rig.context, node, "floppy", false));
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> hardware.setBootDevice(rig.context, node, "abacus", false));
  }

  @Test
  void theBootModeIsChangedInAWorkerThatKeepsTheLock() throws InterruptedException {
    Node node = rig.scripted(n -> n.with(b -> b.lastError("old")));
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    rig.hardware.during =
        () -> {
          entered.countDown();
          await(go);
        };
    hardware.changeBootMode(rig.context, node.uuid(), "uefi");
    entered.await();
    assertThat(rig.reload(node).reservation()).isEqualTo(OperationsRig.HOST);
    assertThat(rig.reload(node).lastError()).isNull();
    go.countDown();
    rig.settle();
    assertThat(rig.hardware.bootMode).isEqualTo(BootMode.UEFI);
    assertThat(rig.reload(node).bootMode()).isEqualTo("uefi");
    assertThat(rig.reload(node).reservation()).isNull();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aBootModeThatIsSetAlreadyIsOnlyRecorded() {
    Node node = rig.scripted(n -> n);
    hardware.changeBootMode(rig.context, node.uuid(), "bios");
    rig.settle();
    assertThat(rig.hardware.calls).isEmpty();
    assertThat(rig.reload(node).bootMode()).isEqualTo("bios");
  }

  @Test
  void aFailedChangeIsToldByTheNodeAndItsHistory() {
    Node node = rig.scripted(n -> n);
    rig.hardware.failure = DriverException.failed("no power supply", null);
    hardware.changeBootMode(rig.context, node.uuid(), "uefi");
    rig.settle();
    assertThat(rig.reload(node).lastError())
        .contains("Failed to change boot mode to 'uefi'")
        .contains("no power supply");
    assertThat(rig.reload(node).bootMode()).isNull();
    assertThat(rig.store.nodes().history(node.id(), Query.ALL))
        .extracting(HistoryEntry::severity)
        .containsExactly("ERROR");
  }

  @Test
  void hardwareWithoutSecureBootSaysSo() {
    Node node = rig.node();
    hardware.changeSecureBoot(rig.context, node.uuid(), true);
    rig.settle();
    assertThat(rig.reload(node).lastError()).contains("secure boot");
  }

  @ParameterizedTest
  @EnumSource(
      value = ProvisionState.class,
      names = {"DEPLOYING", "CLEAN_WAIT", "VERIFYING"})
  void theBootModeIsNotChangedUnderARunningFlow(ProvisionState state) {
    Node node = rig.nodeIn(state);
    assertFault(
        Fault.INVALID_STATE_REQUESTED,
        () -> hardware.changeBootMode(rig.context, node.uuid(), "uefi"));
    assertThat(rig.reload(node).reservation()).isNull();
  }

  @Test
  void anUnsupportedNmiIsABadRequestAndAFailedOneIsAnError() {
    assertFault(
        Fault.UNSUPPORTED_DRIVER_EXTENSION,
        () -> hardware.injectNmi(rig.context, rig.node().uuid()));
    assertFault(
        Fault.DRIVER_OPERATION_ERROR,
        () -> hardware.injectNmi(rig.context, rig.scripted(n -> n).uuid()));
  }

  @Test
  void indicatorsAreListedReadAndSet() {
    String node = rig.node().uuid();
    assertThat(hardware.supportedIndicators(rig.context, node, null))
        .containsOnlyKeys("chassis", "system");
    assertThat(hardware.supportedIndicators(rig.context, node, "system"))
        .containsOnlyKeys("system");
    assertThat(hardware.indicatorState(rig.context, node, "system", "led")).isEqualTo("on");
    hardware.setIndicatorState(rig.context, node, "system", "led", "BLINKING");
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> hardware.setIndicatorState(rig.context, node, "system", "led", "purple"));
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> hardware.setIndicatorState(rig.context, node, "chassis", "led-0", "on"));
  }

  @Test
  void virtualMediaAreAttachedInAWorker() {
    Node node = rig.scripted(n -> n);
    hardware.attachVirtualMedia(
        rig.context, node.uuid(), "cdrom", "http://192.0.2.1/x.iso", "http");
    rig.settle();
    assertThat(rig.hardware.calls).containsExactly("attach cdrom http://192.0.2.1/x.iso");
    assertThat(hardware.virtualMedia(rig.context, node.uuid())).isEmpty();
    assertFault(
        Fault.UNSUPPORTED_DRIVER_EXTENSION,
        () -> hardware.virtualMedia(rig.context, rig.node().uuid()));
  }

  @Test
  void aLocalImageIsPublishedForTheBmcUntilItIsDetached(@TempDir Path folder) throws Exception {
    Path image = Files.writeString(folder.resolve("tools.iso"), "an image");
    try (var serving =
        new OperationsRig(
            Map.of(
                "deploy.http_root", folder.resolve("http").toString(),
                "deploy.http_server_port", "0",
                "deploy.http_server_bind", "127.0.0.1",
                "deploy.http_server_advertise", "127.0.0.1",
                "conductor.file_url_allowed_paths", folder.toString()))) {
      Node node = serving.scripted(n -> n);
      HardwareOperations media = serving.operations.hardware();
      media.attachVirtualMedia(
          serving.context, node.uuid(), "cdrom", image.toUri().toString(), "local");
      serving.settle();
      assertThat(serving.reload(node).lastError()).isNull();
      assertThat(serving.hardware.calls).singleElement().asString().startsWith("attach cdrom ");
      URI published =
          URI.create(serving.hardware.calls.getFirst().substring("attach cdrom ".length()));
      assertThat(published).asString().endsWith(".iso").isNotEqualTo(image.toUri().toString());
      assertThat(fetch(published).body()).isEqualTo("an image");

      media.detachVirtualMedia(serving.context, node.uuid(), List.of("floppy"));
      serving.settle();
      assertThat(fetch(published).statusCode()).isEqualTo(200);
      media.detachVirtualMedia(serving.context, node.uuid(), List.of());
      serving.settle();
      assertThat(fetch(published).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aLocalImageFromAFolderThatIsNotAllowedIsToldByTheNode(@TempDir Path folder)
      throws Exception {
    Path image = Files.writeString(folder.resolve("secret"), "not for everyone");
    try (var serving = new OperationsRig(Map.of("deploy.http_url", "http://192.0.2.9"))) {
      Node node = serving.scripted(n -> n);
      serving
          .operations
          .hardware()
          .attachVirtualMedia(
              serving.context, node.uuid(), "disk", image.toUri().toString(), "http");
      serving.settle();
      assertThat(serving.reload(node).lastError())
          .contains("virtual disk")
          .contains("file_url_allowed_paths");
      assertThat(serving.hardware.calls).isEmpty();
    }
  }

  private static HttpResponse<String> fetch(URI address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void mediaThatCannotBeDetachedAreToldByTheNode() {
    Node node = rig.node();
    hardware.detachVirtualMedia(rig.context, node.uuid(), List.of());
    rig.settle();
    assertThat(rig.reload(node).lastError()).contains("virtual media");
  }

  @Test
  void theWantedRaidConfigurationIsCheckedAndCanBeTakenBack() {
    Node node = rig.node();
    Map<String, Object> disk = Map.of("size_gb", 100, "raid_level", "1");
    hardware.setTargetRaidConfig(rig.context, node.uuid(), Map.of("logical_disks", List.of(disk)));
    assertThat(rig.reload(node).targetRaidConfig()).containsOnlyKeys("logical_disks");
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () ->
            hardware.setTargetRaidConfig(
                rig.context,
                node.uuid(),
                Map.of("logical_disks", List.of(Map.of("raid_level", "1")))));
    hardware.setTargetRaidConfig(rig.context, node.uuid(), Map.of());
    assertThat(rig.reload(node).targetRaidConfig()).isEmpty();
  }

  @Test
  void theConsoleIsSwitchedInAWorker() {
    Node node = rig.scripted(n -> n);
    ConsoleOperations consoles = rig.operations.consoles();
    assertFault(
        Fault.NODE_CONSOLE_NOT_ENABLED, () -> consoles.information(rig.context, node.uuid()));
    consoles.setMode(rig.context, node.uuid(), true);
    rig.settle();
    assertThat(rig.hardware.consoleRuns).isTrue();
    assertThat(rig.reload(node).consoleEnabled()).isTrue();
    assertThat(consoles.information(rig.context, node.uuid())).containsEntry("type", "socat");
    consoles.setMode(rig.context, node.uuid(), true);
    rig.settle();
    assertThat(rig.hardware.calls).containsExactly("start console");
  }

  @Test
  void aConsoleThatDoesNotStartStaysOff() {
    Node node = rig.scripted(n -> n);
    rig.hardware.failure = DriverException.failed("line is busy", null);
    rig.operations.consoles().setMode(rig.context, node.uuid(), true);
    rig.settle();
    assertThat(rig.reload(node).consoleEnabled()).isFalse();
    assertThat(rig.reload(node).lastError()).contains("line is busy");
  }

  @Test
  void validationTellsOfEachInterface() {
    Map<String, Validation> fine =
        rig.operations.validation().validate(rig.context, rig.node().uuid());
    assertThat(fine)
        .hasSize(12)
        .doesNotContainKey("vendor")
        .allSatisfy((kind, outcome) -> assertThat(outcome).isEqualTo(new Validation(true, null)));
  }

  @Test
  void validationSurvivesWhatADriverShouldNotThrow() {
    Node node = rig.scripted(n -> n.with(b -> b.driverInfo(Map.of("broken", true))));
    Validation outcome =
        rig.operations.validation().validate(rig.context, node.uuid()).get("management");
    assertThat(outcome.result()).isFalse();
    assertThat(outcome.reason())
        .contains("Unexpected exception", OperationsRig.HOST, "cannot even look");
  }

  @Test
  void validationOfDeployLooksAtTheInstanceTraits() {
    Node node = rig.node(n -> n.with(b -> b.instanceInfo(Map.of("traits", List.of("CUSTOM_A")))));
    TraitOperations traits = rig.operations.traits();
    assertThat(validateDeploy(node)).isFalse();
    traits.add(rig.context, node.uuid(), Set.of("CUSTOM_A"), false);
    assertThat(validateDeploy(node)).isTrue();
  }

  private Boolean validateDeploy(Node node) {
    return rig.operations.validation().validate(rig.context, node.uuid()).get("deploy").result();
  }

  @Test
  void traitsAreAddedReplacedAndRemoved() {
    Node node = rig.node();
    TraitOperations traits = rig.operations.traits();
    traits.add(rig.context, node.uuid(), Set.of("CUSTOM_A"), false);
    traits.add(rig.context, node.uuid(), Set.of("CUSTOM_B"), false);
    assertThat(rig.store.nodes().get(node.uuid()).traits()).containsExactly("CUSTOM_A", "CUSTOM_B");
    assertFault(Fault.NOT_FOUND, () -> traits.remove(rig.context, node.uuid(), Set.of("CUSTOM_Z")));
    traits.remove(rig.context, node.uuid(), Set.of("CUSTOM_A"));
    assertThat(rig.store.nodes().get(node.uuid()).traits()).containsExactly("CUSTOM_B");
    traits.add(rig.context, node.uuid(), Set.of("CUSTOM_C"), true);
    assertThat(rig.store.nodes().get(node.uuid()).traits()).containsExactly("CUSTOM_C");
    traits.remove(rig.context, node.uuid(), null);
    assertThat(rig.store.nodes().get(node.uuid()).traits()).isEmpty();
  }

  @Test
  void aNodeHasAtMostFiftyTraits() {
    Node node = rig.node();
    Set<String> fifty =
        IntStream.range(0, 50).mapToObj(i -> "CUSTOM_" + i).collect(Collectors.toSet());
    TraitOperations traits = rig.operations.traits();
    traits.add(rig.context, node.uuid(), fifty, true);
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> traits.add(rig.context, node.uuid(), Set.of("CUSTOM_MORE"), false));
    var one = new HashSet<>(fifty);
    one.add("CUSTOM_MORE");
    assertFault(
        Fault.INVALID_PARAMETER_VALUE, () -> traits.add(rig.context, node.uuid(), one, true));
    assertThat(rig.store.nodes().get(node.uuid()).traits()).hasSize(50);
  }

  @Test
  void vifsAreAttachedAndDetached() {
    String node = rig.node().uuid();
    VifOperations vifs = rig.operations.vifs();
    vifs.attach(rig.context, node, Map.of("id", "v1"));
    assertThat(vifs.list(rig.context, node)).containsExactly("v1");
    vifs.detach(rig.context, node, "v1");
    assertThat(vifs.list(rig.context, node)).isEmpty();
  }
}
