package dev.ironic.driver.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.tck.BootInterfaceContract;
import dev.ironic.driver.tck.BootSelection;
import dev.ironic.driver.tck.FakeBmc;
import dev.ironic.driver.tck.HangingController;
import dev.ironic.driver.tck.HardwareTypeContract;
import dev.ironic.driver.tck.MachineControl;
import dev.ironic.driver.tck.MachineInMemory;
import dev.ironic.driver.tck.ManagementInterfaceContract;
import dev.ironic.driver.tck.PowerInterfaceContract;
import dev.ironic.driver.tck.RecordedRequest;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RedfishTest {

  private final TestContext context = TestContext.of(Map.of());
  private final MachineInMemory machine = new MachineInMemory(List.of("52:54:00:00:00:01"));
  private final FakeBmc bmc = FakeBmc.builder().start();
  private final FakeBmc second = FakeBmc.builder().start();
  private final BmcConnections connections = new BmcConnections(context);
  private final TestNode node = new TestNode();
  private TestNodeTask task = new TestNodeTask(node, context);

  @BeforeEach
  void enroll() {
    bmc.add("1", machine);
    node.driverInfo("redfish_address", bmc.uri().toString())
        .driverInfo("redfish_username", "admin")
        .driverInfo("redfish_password", "password");
    task =
        new TestNodeTask(node, context)
            .with(new RedfishPower(context, connections))
            .with(new RedfishManagement(context, connections))
            .with(new RedfishVirtualMediaBoot(context, connections))
            .with(new NoFastTrack())
            .withPort("52:54:00:00:00:01");
  }

  @AfterEach
  void close() {
    connections.close();
    bmc.close();
    second.close();
  }

  /** The BMC of the other tests hangs, and there is a second one. */
  private Optional<HangingController> hanging() {
    second.add("1", new MachineInMemory(List.of("52:54:00:00:00:02")));
    var other =
        new TestNodeTask(
                new TestNode()
                    .driverInfo("redfish_address", second.uri().toString())
                    .driverInfo("redfish_username", "admin")
                    .driverInfo("redfish_password", "password"),
                context)
            .with(new RedfishPower(context, connections))
            .with(new RedfishManagement(context, connections));
    bmc.faults().hang(true);
    return Optional.of(
        new HangingController(
            task, other, bmc.faults()::awaitHung, () -> bmc.faults().hang(false)));
  }

  @Nested
  class Plugin extends HardwareTypeContract {
    @Override
    protected DriverPlugin plugin() {
      return new RedfishDriverPlugin();
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
      machine.becomes(
          state == PowerState.POWER_ON ? MachineControl.Power.ON : MachineControl.Power.OFF);
    }

    @Override
    protected Optional<HangingController> hangingController() {
      return hanging();
    }
  }

  @Nested
  class Management extends ManagementInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }

    @Override
    protected Optional<HangingController> hangingController() {
      return hanging();
    }
  }

  @Nested
  class Boot extends BootInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }
  }

  @Test
  void bootsTheRamdiskFromAVirtualCdOnceAndThenTheDisk() {
    task.boot().prepareRamdisk(task, Map.of("ipa-api-url", "http://192.0.2.1:6385"));
    task.powerAction(PowerState.REBOOT);

    BootSelection ramdisk = machine.boots().getLast();
    assertThat(ramdisk.target()).isEqualTo("Cd");
    assertThat(ramdisk.media())
        .containsEntry("Cd", "http://192.0.2.1/boot-" + node.uuid() + ".iso");
    assertThat(context.images().bootIsos().getLast())
        .containsEntry("ipa-api-url", "http://192.0.2.1:6385")
        .containsEntry("boot_method", "vmedia")
        .containsEntry("BOOTIF", "52:54:00:00:00:01")
        .containsEntry("ipa-agent-token", node.internalText("agent_secret_token").orElseThrow())
        .containsKey("nofb");
    assertThat(node.driverInternalInfo()).containsEntry("agent_secret_token_pregenerated", true);

    task.boot().prepareInstance(task);
    task.powerAction(PowerState.POWER_OFF);
    task.powerAction(PowerState.POWER_ON);

    BootSelection disk = machine.boots().getLast();
    assertThat(disk.target()).isEqualTo("Hdd");
    assertThat(disk.media()).isEmpty();
    assertThat(context.images().bootIsoPublished()).isFalse();
  }

  @Test
  void aWrongPasswordIsToldAtOnceAndNotShown() {
    node.driverInfo("redfish_password", "geheim");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.power().powerState(task))
        .withMessageContaining("rejected the credentials of user admin")
        .withMessageContaining(bmc.uri().toString())
        .matches(e -> !String.valueOf(e.getMessage()).contains("geheim"));
    assertThat(context.clock().total()).isZero();
  }

  @Test
  void oneSessionServesAllAndIsRenewedWhenItExpired() {
    for (int i = 0; i < 5; i++) {
      task.power().powerState(task);
    }
    assertThat(bmc.sessionsOpenedEver()).isEqualTo(1);
    bmc.expireSessions();
    assertThat(task.power().powerState(task)).isEqualTo(PowerState.POWER_OFF);
    assertThat(bmc.sessionsOpenedEver()).isEqualTo(2);
  }

  @Test
  void closingEndsTheSession() {
    task.power().powerState(task);
    assertThat(bmc.openSessions()).isEqualTo(1);
    connections.close();
    assertThat(bmc.openSessions()).isZero();
  }

  @Test
  void sessionsThatAreNotKeptAreEnded() {
    var few = TestContext.of(Map.of("redfish.connection_cache_size", "0"));
    try (var none = new BmcConnections(few)) {
      var power = new RedfishPower(few, none);
      var once = new TestNodeTask(node, few).with(power);
      power.powerState(once);
      power.setPowerState(once, PowerState.POWER_ON, null);
      Awaitility.await().until(() -> bmc.openSessions() == 0);
    }
    assertThat(bmc.sessionsOpenedEver()).isPositive();
  }

  @Test
  void aSessionThatMakesRoomForOthersIsEnded() {
    var few = TestContext.of(Map.of("redfish.connection_cache_size", "1"));
    try (var small = new BmcConnections(few)) {
      var power = new RedfishPower(few, small);
      var once = new TestNodeTask(node, few).with(power);
      power.powerState(once);
      assertThat(bmc.openSessions()).isEqualTo(1);
      node.driverInfo("redfish_auth_type", "session");
      power.powerState(once);
      Awaitility.await().until(() -> bmc.openSessions() == 1);
      assertThat(bmc.sessionsOpenedEver()).isEqualTo(2);
    }
  }

  @Test
  void aBmcThatIsLeftAloneIsNotWaitedFor() {
    context.bmcCalls().leaveAlone(true);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.power().powerState(task))
        .withMessageContaining("is left alone");
    assertThat(context.clock().total()).isZero();
  }

  @Test
  void fallsBackToBasicWhereThereAreNoSessions() {
    bmc.faults().sessionsOffered(false);
    assertThat(task.power().powerState(task)).isEqualTo(PowerState.POWER_OFF);
    assertThat(bmc.requests()).extracting(RecordedRequest::path).contains("/redfish/v1/Systems/1");
  }

  @Test
  void outlivesABmcThatIsDeadForAMinute() {
    task.power().powerState(task);
    var died = context.clock().instant();
    bmc.die();
    context
        .clock()
        .onSleep(
            now -> {
              if (Duration.between(died, now).compareTo(Duration.ofSeconds(50)) >= 0) {
                bmc.revive();
              }
            });
    task.power().setPowerState(task, PowerState.POWER_ON, null);
    assertThat(machine.power()).isEqualTo(MachineControl.Power.ON);
  }

  @Test
  void aBmcThatStaysDeadIsNamedWithTheCause() {
    bmc.die();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.power().setPowerState(task, PowerState.POWER_ON, null))
        .withMessageContaining(bmc.uri().toString())
        .withMessageContaining("cannot be reached")
        .matches(e -> e.kind() == DriverException.Kind.UNREACHABLE);
    assertThat(context.clock().total()).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void repeatsReadsThatFailedInTheServer() {
    bmc.faults()
        .answerNext("GET", "/redfish/v1/Systems/1", 3, 503, "GeneralError", "Busy right now.");
    assertThat(task.power().powerState(task)).isEqualTo(PowerState.POWER_OFF);
  }

  @Test
  void retriesAConflictAtPowerOn() {
    bmc.faults()
        .answerNext("POST", ".*Reset", 2, 409, "ActionParameterValueConflict", "Still in POST.");
    task.power().setPowerState(task, PowerState.POWER_ON, null);
    assertThat(machine.power()).isEqualTo(MachineControl.Power.ON);
    assertThat(context.clock().slept()).contains(Duration.ofSeconds(10));
  }

  @Test
  void anErrorAfterTheEffectIsNoError() {
    bmc.faults().failAfterEffect("POST", ".*Reset", 1, 400, "GeneralError", "Something odd.");
    task.power().setPowerState(task, PowerState.POWER_ON, null);
    assertThat(machine.boots()).hasSize(1);
  }

  @Test
  void givesUpOnAnOperatingSystemThatDoesNotShutDown() {
    machine.becomes(MachineControl.Power.ON);
    machine.ignoreGracefulShutdown();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.power().setPowerState(task, PowerState.SOFT_POWER_OFF, null))
        .withMessageContaining("did not reach 'power off' within 600 s");
  }

  @Test
  void copesWithWeakAndMandatoryTags() {
    bmc.faults().weakEtags(true);
    bmc.faults().etagsRequired(true);
    task.management().setBootDevice(task, BootDevice.PXE, true);
    assertThat(task.management().bootDevice(task))
        .isEqualTo(new BootDevice.Selection(BootDevice.PXE, true));
  }

  @Test
  void remembersADeviceThatTheBmcWillNotKeep() {
    bmc.faults()
        .answerNext(
            "PATCH", "/redfish/v1/Systems/1", 1, 400, "PropertyValueNotInList", "No Continuous.");
    task.management().setBootDevice(task, BootDevice.DISK, true);
    assertThat(node.driverInternalInfo()).containsEntry("redfish_boot_device", "disk");

    for (int i = 0; i < 2; i++) {
      task.power().setPowerState(task, PowerState.POWER_ON, null);
      task.power().setPowerState(task, PowerState.POWER_OFF, null);
    }
    assertThat(machine.boots()).extracting(BootSelection::target).containsExactly("Hdd", "Hdd");
  }

  @Test
  void tellsWhyAnImageWasNotTaken() {
    bmc.faults()
        .answerNext(
            "POST", ".*InsertMedia", 1, 400, "ActionParameterNotSupported", "No licence for it.");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.management().attachVirtualMedia(task, "cdrom", "http://192.0.2.1/x"))
        .withMessageContaining("No licence for it.")
        .withMessageContaining(bmc.uri().toString());
  }

  @Test
  void makesEveryCallByWayOfTheConductorAndLogsInOnce() throws InterruptedException {
    int before = bmc.requests().size();
    int calls = context.bmcCalls().made().size();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 40; i++) {
      threads.add(
          Thread.ofVirtual().start(() -> task.power().powerState(new TestNodeTask(node, context))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    List<String> made = context.bmcCalls().made();
    assertThat(made).hasSize(calls + bmc.requests().size() - before).hasSizeGreaterThan(40);
    assertThat(made).containsOnly(bmc.uri().toString());
    assertThat(bmc.sessionsOpenedEver()).isEqualTo(1);
  }

  @Test
  void checksTheCertificateAsAsked() {
    try (FakeBmc secure = FakeBmc.builder().tls().start()) {
      secure.add("1", new MachineInMemory());
      node.driverInfo("redfish_address", secure.uri().toString());
      assertThatExceptionOfType(DriverException.class)
          .isThrownBy(() -> task.power().powerState(task))
          .withMessageContaining("cannot be reached");
      node.driverInfo("redfish_verify_ca", false);
      assertThat(task.power().powerState(task)).isEqualTo(PowerState.POWER_OFF);
    }
  }

  @Test
  void readsSensorsAndAddresses() {
    assertThat(task.management().sensors(task).get("Temperature")).containsKey("0@1");
    assertThat(task.management().macAddresses(task)).containsExactly("52:54:00:00:00:01");
    assertThat(task.management().detectVendor(task)).isEqualTo("Contoso");
    task.management().injectNmi(task);
    assertThat(machine.nmis()).isEqualTo(1);
  }
}
