package dev.ironic.driver.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.driver.BiosSettingInfo;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepResult;
import dev.ironic.driver.VendorInterface;
import dev.ironic.driver.tck.BootInterfaceContract;
import dev.ironic.driver.tck.DeployInterfaceContract;
import dev.ironic.driver.tck.HardwareTypeContract;
import dev.ironic.driver.tck.ManagementInterfaceContract;
import dev.ironic.driver.tck.PowerInterfaceContract;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FakeHardwareTest {

  private final TestContext context =
      TestContext.of(Map.of("fake.power_delay", "3", "fake.boot_delay", "2,6"));
  private final TestNode node = new TestNode().powerState(PowerState.POWER_OFF);
  private final TestNodeTask task =
      new TestNodeTask(node, context)
          .with(new FakePower(context))
          .with(new FakeManagement(context))
          .with(new FakeBoot(context))
          .with(new FakeDeploy(context))
          .with(new FakeBios(context))
          .with(new FakeVendor(context));

  @Nested
  class Plugin extends HardwareTypeContract {
    @Override
    protected DriverPlugin plugin() {
      return new FakeDriverPlugin();
    }
  }

  @Nested
  class Power extends PowerInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }

    @Override
    protected void machineIs(PowerState state) {
      node.powerState(state);
    }
  }

  @Nested
  class Management extends ManagementInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }

    @Override
    protected boolean remembersBootDevice() {
      return false;
    }
  }

  @Nested
  class Boot extends BootInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }
  }

  @Nested
  class Deploy extends DeployInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }
  }

  @Test
  void takesAsLongAsConfigured() {
    task.power().setPowerState(task, PowerState.POWER_ON, null);
    assertThat(context.clock().slept()).containsExactly(Duration.ofSeconds(3));

    for (int i = 0; i < 50; i++) {
      task.boot().prepareInstance(task);
    }
    assertThat(context.clock().slept().subList(1, 51))
        .allSatisfy(
            each -> assertThat(each).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6)))
        .anySatisfy(each -> assertThat(each).isLessThan(Duration.ofSeconds(3)));
  }

  @Test
  void refusesADelayThatIsNone() {
    for (String wrong : List.of("x", "-1", "3,1", "1,2,3")) {
      assertThatExceptionOfType(DriverException.class)
          .isThrownBy(() -> new FakeDeploy(TestContext.of(Map.of("fake.deploy_delay", wrong))))
          .withMessageContaining("[fake]deploy_delay = " + wrong);
    }
  }

  @Test
  void rebootingIsNoPowerStateToSet() {
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.power().setPowerState(task, PowerState.REBOOT, null));
  }

  @Test
  void biosSettingsLiveInTheTable() {
    FakeBios bios = task.driver(FakeBios.class);
    Step apply = step(bios.steps(task, StepKind.CLEAN), "apply_configuration");
    assertThat(apply.argsInfo().get("settings").required()).isTrue();
    bios.executeStep(
        task,
        StepKind.CLEAN,
        apply.withArgs(
            Map.of(
                "settings",
                List.of(
                    Map.of("name", "vt", "value", "on"), Map.of("name", "order", "value", 2)))));
    assertThat(task.biosSettings())
        .containsExactly(BiosSettingInfo.of("vt", "on"), BiosSettingInfo.of("order", "2"));

    bios.executeStep(task, StepKind.CLEAN, step(bios.steps(task, StepKind.CLEAN), "factory_reset"));
    assertThat(task.biosSettings()).isEmpty();
    assertThat(bios.steps(task, StepKind.CLEAN))
        .extracting(Step::name)
        .contains("cache_bios_settings");
  }

  @Test
  void vendorStepsAndMethods() {
    FakeVendor vendor = task.driver(FakeVendor.class);
    assertThat(vendor.steps(task, StepKind.CLEAN))
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.name()).isEqualTo("log_passthrough");
              assertThat(step.priority()).isEqualTo(1);
            });
    Step wait = step(vendor.steps(task, StepKind.SERVICE), "trigger_servicewait");
    assertThat(vendor.executeStep(task, StepKind.SERVICE, wait)).isEqualTo(StepResult.waiting());

    VendorInterface.Route route =
        vendor.routes().stream()
            .filter(each -> each.name().equals("third_method_sync"))
            .findFirst()
            .orElseThrow();
    assertThat(route.async()).isFalse();
    assertThat(vendor.call(task, route, "POST", Map.of("bar", "meow"))).isEqualTo(true);
    assertThat(vendor.call(task, route, "POST", Map.of("bar", "bark"))).isEqualTo(false);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> vendor.validateCall(task, route, "POST", Map.of()))
        .withMessage("Parameter 'bar' not passed to method 'third_method_sync'.");
  }

  @Test
  void raidConfigurationIsChecked() {
    var raid = new FakeRaid(context);
    raid.validateRaidConfig(
        task,
        Map.of(
            "logical_disks",
            List.of(Map.of("raid_level", "1", "size_gb", 100, "is_root_volume", true))));
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(
            () ->
                raid.validateRaidConfig(
                    task,
                    Map.of("logical_disks", List.of(Map.of("raid_level", "99", "size_gb", 1)))))
        .withMessage(
            "RAID config validation error: '99' is not one of ['JBOD', '0', '1', '2', '5', '6',"
                + " '1+0', '5+0', '6+0']");
    assertThat(raid.logicalDiskProperties()).containsKeys("raid_level", "size_gb", "volume_name");
  }

  private static Step step(List<Step> steps, String name) {
    return steps.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void anUnknownIndicatorIsTheCallersMistake() {
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.management().indicator(task, "chassis", "led-9"))
        .matches(e -> e.kind() == DriverException.Kind.INVALID_PARAMETER);
    assertThat(task.management().indicator(task, "system", "led")).isEqualTo("on");
  }
}
