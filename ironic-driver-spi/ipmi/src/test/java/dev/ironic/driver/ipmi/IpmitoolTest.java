package dev.ironic.driver.ipmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.VendorInterface;
import dev.ironic.driver.tck.HangingController;
import dev.ironic.driver.tck.HardwareTypeContract;
import dev.ironic.driver.tck.PowerInterfaceContract;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class IpmitoolTest {

  private static final String PASSWORD = "pass word";

  private final Map<String, String> options = new HashMap<>();
  private final ScriptedRunner runner = new ScriptedRunner();
  private final TestNode node =
      new TestNode()
          .driverInfo("ipmi_address", "192.0.2.5")
          .driverInfo("ipmi_username", "admin")
          .driverInfo("ipmi_password", PASSWORD);
  private TestContext context = TestContext.of(Map.of());
  private TestNodeTask task = new TestNodeTask(node, context);

  private Ipmitool ipmitool() {
    context = TestContext.of(options);
    task = new TestNodeTask(node, context);
    return new Ipmitool(
        IpmiOptions.from(context.config()), runner, context.bmcCalls(), context.clock());
  }

  private IpmiPower power() {
    Ipmitool ipmitool = ipmitool();
    return new IpmiPower(context, ipmitool);
  }

  @Nested
  class Plugin extends HardwareTypeContract {
    @Override
    protected DriverPlugin plugin() {
      return new IpmiDriverPlugin();
    }
  }

  @Nested
  class Power extends PowerInterfaceContract {
    private final ScriptedMachine machine = new ScriptedMachine();

    private TestNodeTask task(String address) {
      var other =
          new TestNode().driverInfo("ipmi_address", address).driverInfo("ipmi_username", "admin");
      var program =
          new Ipmitool(
              IpmiOptions.from(context.config()), machine, context.bmcCalls(), context.clock());
      return new TestNodeTask(other, context).with(new IpmiPower(context, program));
    }

    @Override
    protected TestNodeTask task() {
      return task("192.0.2.5");
    }

    @Override
    protected void machineIs(PowerState state) {
      machine.on = state == PowerState.POWER_ON;
    }

    @Override
    protected Optional<HangingController> hangingController() {
      machine.hangs("192.0.2.6");
      return Optional.of(
          new HangingController(
              task("192.0.2.6"), task(), machine::awaitHung, () -> machine.release()));
    }
  }

  @Test
  void aBmcThatIsLeftAloneIsNotWaitedFor() {
    Ipmitool ipmitool = ipmitool();
    context.bmcCalls().leaveAlone(true);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> ipmitool.run(task, "power", "status"))
        .withMessageContaining("is left alone");
    assertThat(context.clock().total()).isZero();
  }

  @Test
  void thePasswordIsInAFileThatOnlyWeReadAndThatIsGoneAfterwards() {
    ipmitool().run(task, "power", "status");
    assertThat(runner.passwords).containsExactly(PASSWORD);
    assertThat(runner.commands).noneMatch(line -> line.contains(PASSWORD));
    assertThat(runner.files).singleElement().satisfies(file -> assertThat(file).doesNotExist());
    node.driverInfo("ipmi_password", null);
    ipmitool().run(task, "power", "status");
    assertThat(runner.passwords).last().as("or the program would ask").isEqualTo("\0");
  }

  @Test
  void orInItsEnvironment() {
    options.put("ipmi.store_cred_in_env", "true");
    ipmitool().run(task, "power", "status");
    assertThat(runner.environments).containsExactly(Map.of("IPMI_PASSWORD", PASSWORD));
    assertThat(runner.commands).singleElement().asString().endsWith("-E power status");
  }

  @Test
  void aBmcIsNotAskedTooOften() {
    Ipmitool ipmitool = ipmitool();
    ipmitool.run(task, "power", "status");
    ipmitool.run(task, "power", "status");
    assertThat(context.clock().slept()).containsExactly(Duration.ofSeconds(5));
    node.driverInfo("ipmi_address", "192.0.2.6");
    ipmitool.run(task, "power", "status");
    assertThat(context.clock().slept()).as("another BMC").hasSize(1);
  }

  @Test
  void failuresAreTriedAgainForAMinuteAndToldWithoutThePassword() {
    runner.otherwise =
        new CommandRunner.Output(
            1, "", "Error: Unable to establish IPMI v2 / RMCP+ session for " + PASSWORD);
    Ipmitool ipmitool = ipmitool();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> ipmitool.run(task, "power", "status"))
        .withMessageStartingWith("IPMI call failed: power status. The BMC at 192.0.2.5: Error")
        .matches(e -> e.kind() == DriverException.Kind.UNREACHABLE)
        .matches(e -> !String.valueOf(e.getMessage()).contains(PASSWORD));
    assertThat(runner.commands).hasSize(12);
    assertThat(context.clock().total()).isEqualTo(Duration.ofSeconds(55));
  }

  @Test
  void aFailureMayPass() {
    runner.fails("Node busy");
    runner.answers("Chassis Power is on\n");
    assertThat(power().powerState(task)).isEqualTo(PowerState.POWER_ON);
  }

  @Test
  void theProgramCanDoTheRetries() {
    options.put("ipmi.use_ipmitool_retries", "true");
    options.put("ipmi.additional_retryable_ipmi_errors", "Strange");
    runner.fails("Strange thing");
    runner.fails("Invalid user name");
    Ipmitool ipmitool = ipmitool();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> ipmitool.run(task, "power", "status"))
        .withMessageContaining("Invalid user name")
        .matches(e -> e.kind() == DriverException.Kind.OPERATION_FAILED);
    assertThat(runner.commands).hasSize(2).allMatch(line -> line.contains(" -R 12 -N 5 "));
  }

  @Test
  void anOldProgramGetsNoTiming() {
    runner.timingKnown = false;
    ipmitool().run(task, "power", "status");
    assertThat(runner.commands)
        .containsExactly(
            "ipmitool -I lanplus -H 192.0.2.5 -L ADMINISTRATOR -U admin -f PWFILE power status");
  }

  @Test
  void cipherSuitesAreTriedFromTheEndOfTheList() {
    options.put("ipmi.cipher_suite_versions", "3,8,17");
    for (int i = 0; i < 3; i++) {
      runner.fails("Error in open session response message : no matching cipher suite");
    }
    ipmitool().run(task, "power", "status");
    assertThat(runner.commands)
        .extracting(line -> line.replaceAll(".*?(-C \\d+)?(?= -R).*", "$1"))
        .containsExactly("", "-C 17", "-C 8", "-C 3");
  }

  @Test
  void aRebootGoesByWayOfOff() {
    runner.answers("Chassis Power is on\n");
    runner.answers("");
    runner.answers("Chassis Power is off\n");
    runner.answers("");
    runner.answers("Chassis Power is off\n");
    runner.answers("Chassis Power is on\n");
    power().reboot(task, null);
    assertThat(runner.commands)
        .extracting(line -> line.replaceFirst(".*PWFILE ", ""))
        .containsExactly(
            "power status",
            "power off",
            "power status",
            "power on",
            "power status",
            "power status");
  }

  @Test
  void aMachineThatMustStayOnIsResetInstead() {
    node.neverOff();
    IpmiPower power = power();
    runner.answers("");
    runner.answers("Chassis Power is on\n");
    power.reboot(task, null);
    assertThat(runner.commands)
        .extracting(line -> line.replaceFirst(".*PWFILE ", ""))
        .containsExactly("power reset", "power status");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.setPowerState(task, PowerState.SOFT_REBOOT, null));
  }

  @Test
  void aMachineThatDoesNotObeyFailsInTime() {
    runner.otherwise = new CommandRunner.Output(0, "Chassis Power is on\n", "");
    IpmiPower power = power();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.setPowerState(task, PowerState.POWER_OFF, Duration.ofSeconds(20)))
        .withMessageContaining("did not reach 'power off' within 20 s");
    assertThat(context.clock().total()).isLessThan(Duration.ofSeconds(40));
  }

  @Test
  void aForgetfulBmcIsToldTheBootDeviceBeforeEachStart() {
    node.driverInfo("ipmi_force_boot_device", "true").property("capabilities", "boot_mode:bios");
    runner.otherwise = new CommandRunner.Output(0, "Chassis Power is on\n", "");
    Ipmitool ipmitool = ipmitool();
    var management = new IpmiManagement(ipmitool);
    var power = new IpmiPower(context, ipmitool);
    management.setBootDevice(task, BootDevice.DISK, true);
    assertThat(node.driverInternalInfo()).containsEntry("persistent_boot_device", "disk");
    assertThat(management.bootDevice(task))
        .isEqualTo(new BootDevice.Selection(BootDevice.DISK, true));
    management.setBootDevice(task, BootDevice.PXE, false);
    runner.commands.clear();
    power.setPowerState(task, PowerState.POWER_ON, null);
    assertThat(runner.commands).as("this start is for PXE").noneMatch(c -> c.contains("bootdev"));
    power.setPowerState(task, PowerState.POWER_ON, null);
    assertThat(runner.commands)
        .anyMatch(line -> line.endsWith("chassis bootdev disk"))
        .noneMatch(line -> line.contains("persistent"));
  }

  @Test
  void rawBytesAreBytes() {
    var vendor = new IpmiVendor(ipmitool());
    vendor.sendRaw(task, Map.of("raw_bytes", "0x06 0x01"));
    vendor.bmcReset(task, Map.of("warm", "false"));
    assertThat(runner.commands)
        .extracting(line -> line.replaceFirst(".*PWFILE ", ""))
        .containsExactly("raw 0x06 0x01", "bmc reset cold");
    VendorInterface.Route raw =
        vendor.routes().stream().filter(r -> r.name().equals("send_raw")).findFirst().orElseThrow();
    for (String bad : List.of("-H 192.0.2.9", "0x06 -f /etc/shadow", "0x100", "six")) {
      assertThatExceptionOfType(DriverException.class)
          .isThrownBy(() -> vendor.validateCall(task, raw, "POST", Map.of("raw_bytes", bad)))
          .matches(e -> e.kind() == DriverException.Kind.INVALID_PARAMETER);
    }
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> vendor.validateCall(task, raw, "POST", Map.of()))
        .matches(e -> e.kind() == DriverException.Kind.MISSING_PARAMETER);
    for (StepKind kind : List.of(StepKind.CLEAN, StepKind.DEPLOY, StepKind.SERVICE)) {
      assertThat(vendor.steps(task, kind)).extracting(s -> s.name()).containsExactly("send_raw");
    }
  }

  @Test
  void wrongSettingsAreNamed() {
    var power = power();
    Map<String, Object> wrong =
        Map.of(
            "ipmi_port", "abc",
            "ipmi_priv_level", "ROOT",
            "ipmi_bridging", "dual",
            "ipmi_protocol_version", "3.0",
            "ipmi_cipher_suite", "x",
            "ipmi_hex_kg_key", "zz",
            "ipmi_address", "a\nb",
            "ipmi_force_boot_device", "perhaps");
    wrong.forEach(
        (key, value) -> {
          Object before = node.driverInfo().get(key);
          node.driverInfo(key, value);
          assertThatExceptionOfType(DriverException.class)
              .as(key)
              .isThrownBy(() -> power.validate(task))
              .matches(e -> e.kind().status() == 400);
          node.driverInfo(key, before);
        });
    power.validate(task);
  }

  @Test
  void aProgramThatHangsIsKilled() {
    assertThatIOException()
        .isThrownBy(
            () -> new ProcessRunner().run(List.of("sleep", "60"), Map.of(), Duration.ofMillis(200)))
        .withMessageContaining("was killed");
  }
}
