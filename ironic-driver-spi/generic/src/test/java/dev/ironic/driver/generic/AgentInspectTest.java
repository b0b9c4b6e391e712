package dev.ironic.driver.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.driver.BootInterface;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PortInfo;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepResult;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentInspectTest {

  private final Map<String, String> settings =
      new HashMap<>(Map.of("service_catalog.endpoint_override", "http://192.0.2.1:6385/"));
  private final SimplePower power = new SimplePower();
  private final TestNode node = new TestNode();
  private List<String> macs = List.of();

  private TestNodeTask task(BootInterface boot) {
    return new TestNodeTask(node, TestContext.of(settings))
        .with(power)
        .with(boot)
        .with(new NoopNetwork())
        .with(new NoopStorage())
        .with(new Macs())
        .with(new AgentInspect(TestContext.of(settings)));
  }

  private static AgentInspect inspect(TestNodeTask task) {
    return task.driver(AgentInspect.class);
  }

  @Test
  void bootsTheRamdiskAndCleansUp() {
    settings.put("inspector.extra_kernel_params", "quiet console=ttyS0 ipa-collect-lldp=0");
    settings.put("inspector.force_dhcp", "true");
    var boot = new InspectionBoot();
    TestNodeTask task = task(boot);
    inspect(task).validate(task);
    assertThat(inspect(task).inspect(task)).isEqualTo(StepResult.waiting());
    assertThat(boot.ramdisk)
        .containsEntry("quiet", null)
        .containsEntry("console", "ttyS0")
        .containsEntry("ipa-collect-lldp", "0")
        .containsEntry(
            "ipa-inspection-callback-url", "http://192.0.2.1:6385/v1/continue_inspection")
        .doesNotContainKey("ipa-api-url");
    assertThat(task.powerActions()).containsExactly(PowerState.POWER_OFF, PowerState.POWER_ON);
    assertThat(node.driverInternalInfo()).containsEntry("inspector_manage_boot", true);

    assertThat(inspect(task).continueInspection(task, Map.of(), Map.of()))
        .isEqualTo(StepResult.done());
    assertThat(boot.ramdisk).isEmpty();
    assertThat(power.state).isEqualTo(PowerState.POWER_OFF);
    assertThat(node.driverInternalInfo()).doesNotContainKey("inspector_manage_boot");
  }

  @Test
  void aMachineThatSomebodyElseBootsIsRefusedByDefault() {
    TestNodeTask task = task(new SimpleBoot());
    assertThatThrownBy(() -> inspect(task).validate(task))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.UNSUPPORTED));
    assertThatThrownBy(() -> inspect(task).inspect(task)).isInstanceOf(DriverException.class);
    assertThat(task.powerActions()).isEmpty();
  }

  @Test
  void somebodyElseMayBootTheMachine() {
    settings.put("inspector.require_managed_boot", "false");
    TestNodeTask task = task(new SimpleBoot());
    inspect(task).validate(task);
    assertThat(inspect(task).inspect(task)).isEqualTo(StepResult.waiting());
    assertThat(node.driverInternalInfo()).containsEntry("inspector_manage_boot", false);
    assertThat(power.state).isEqualTo(PowerState.POWER_ON);
    inspect(task).abort(task);
    assertThat(power.state).isEqualTo(PowerState.POWER_OFF);
  }

  @Test
  void aMachineThatMustStayOnIsRebooted() {
    node.neverOff();
    TestNodeTask task = task(new InspectionBoot());
    inspect(task).inspect(task);
    inspect(task).continueInspection(task, Map.of(), Map.of());
    assertThat(task.powerActions()).containsExactly(PowerState.REBOOT, PowerState.REBOOT);
  }

  @Test
  void fastTrackKeepsTheMachineOn() {
    settings.put("deploy.fast_track", "true");
    var boot = new InspectionBoot();
    TestNodeTask task = task(boot);
    inspect(task).inspect(task);
    assertThat(boot.ramdisk).containsEntry("ipa-api-url", "http://192.0.2.1:6385");
    inspect(task).continueInspection(task, Map.of(), Map.of());
    assertThat(power.state).isEqualTo(PowerState.POWER_ON);
  }

  @Test
  void whatCannotBeCleanedUpFailsTheInspection() {
    TestNodeTask task = task(new StubbornBoot());
    inspect(task).inspect(task);
    assertThat(inspect(task).continueInspection(task, Map.of(), Map.of()))
        .isEqualTo(
            StepResult.failed(
                "Inspection clean up failed: unable to clean up ramdisk boot: it sticks"));
    assertThat(power.state)
        .as("the rest is cleaned up all the same")
        .isEqualTo(PowerState.POWER_OFF);
  }

  @Test
  void aMachineThatNobodyStartedIsLeftAlone() {
    TestNodeTask task = task(new InspectionBoot());
    assertThat(inspect(task).continueInspection(task, Map.of(), Map.of()))
        .isEqualTo(StepResult.done());
    assertThat(task.powerActions()).isEmpty();
  }

  @Test
  void portsAreMadeOfWhatTheControllerKnows() {
    macs = List.of("52:54:00:00:00:01", "52-54-00-00-00-0A", "none", "52:54:00:00:00:01");
    TestNodeTask task = task(new InspectionBoot());
    inspect(task).inspect(task);
    assertThat(task.ports())
        .extracting(PortInfo::address)
        .containsExactly("52:54:00:00:00:01", "52:54:00:00:00:0a");
    settings.put("inspector.pre_create_ports", "false");
    TestNodeTask other = task(new InspectionBoot());
    inspect(other).inspect(other);
    assertThat(other.ports()).isEmpty();
  }

  @Test
  void theMachineIsFoundByItsController() {
    node.driverInfo("redfish_address", "https://192.0.2.7:8443/redfish");
    node.driverInfo("ipmi_address", "192.0.2.8");
    node.driverInfo("other_address", "http://127.0.0.1/");
    node.driverInfo("v6_address", "http://[2001:db8::7]/");
    TestNodeTask task = task(new InspectionBoot());
    inspect(task).inspect(task);
    assertThat(addresses())
        .contains("192.0.2.7", "192.0.2.8", "2001:db8::7")
        .doesNotContain("127.0.0.1", "::1");
    node.driverInfo("ipmi_bridging", "single");
    inspect(task).inspect(task);
    assertThat(addresses()).contains("192.0.2.7").doesNotContain("192.0.2.8");
    inspect(task).abort(task);
    assertThat(node.driverInternalInfo()).doesNotContainKey("lookup_bmc_addresses");
  }

  private List<String> addresses() {
    var addresses = new ArrayList<String>();
    if (node.driverInternalInfo().get("lookup_bmc_addresses") instanceof List<?> list) {
      list.forEach(address -> addresses.add(String.valueOf(address)));
    }
    return addresses;
  }

  @Test
  void logsAreKeptWhenTheDataAreRefused(@TempDir Path folder) throws IOException {
    settings.put("agent.deploy_logs_local_path", folder.toString());
    TestNodeTask task = task(new InspectionBoot());
    String logs = Base64.getEncoder().encodeToString(new byte[] {1, 2});
    inspect(task).continueInspection(task, Map.of(), Map.of("logs", logs));
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
    inspect(task).dataRefused(task, Map.of("logs", logs));
    inspect(task).dataRefused(task, Map.of("logs", 5));
    try (var files = Files.list(folder)) {
      assertThat(files)
          .singleElement()
          .satisfies(file -> assertThat(file).hasBinaryContent(new byte[] {1, 2}));
    }
  }

  /** Tells MAC addresses. */
  private final class Macs extends SimpleManagement {
    @Override
    public List<String> macAddresses(NodeTask task) {
      return macs;
    }
  }

  /** Can boot for inspection. */
  private static class InspectionBoot extends SimpleBoot {
    @Override
    public void validateInspection(NodeTask task) {}
  }

  /** Can't undo what it did. */
  private static final class StubbornBoot extends InspectionBoot {
    @Override
    public void cleanUpRamdisk(NodeTask task) {
      throw DriverException.failed("it sticks", null);
    }
  }
}
