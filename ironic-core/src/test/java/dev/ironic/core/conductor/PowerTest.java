package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PowerTest {

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void power(Node node, String target) {
    rig.service().changeNodePowerState(Rig.CONTEXT, node.uuid(), target, null);
  }

  @Test
  void powerIsSwitchedAndRecorded() {
    Node node = rig.create();
    power(node, "power on");
    Node on =
        rig.await(node, n -> n.powerState() == PowerState.POWER_ON && n.reservation() == null);
    assertThat(on.targetPowerState()).isNull();
    assertThat(on.driverInternalInfo()).containsKey("last_power_state_change");
    power(node, "power on");
    rig.await(node, n -> n.targetPowerState() == null && n.reservation() == null);
    assertThat(rig.script.count("power.power on")).isEqualTo(1);
  }

  @Test
  void aRebootAlwaysHappens() {
    Node node = rig.create();
    power(node, "rebooting");
    rig.await(node, n -> n.powerState() == PowerState.POWER_ON && n.reservation() == null);
    assertThat(rig.script.calls()).contains("power.reboot");
  }

  @Test
  void aFailureIsOnTheNode() {
    Node node = rig.create();
    rig.script.fails("power.power on", DriverException.failed("fuse blown", null));
    power(node, "power on");
    Node failed = rig.await(node, n -> n.lastError() != null && n.reservation() == null);
    assertThat(failed.lastError())
        .isEqualTo("Failed to change power state to 'power on'. Error: fuse blown");
    assertThat(failed.targetPowerState()).isNull();
  }

  @Test
  void aMachineThatMustStayOnStaysOn() {
    Node node = rig.create("scripted", n -> n.with(b -> b.disablePowerOff(true)));
    assertThatThrownBy(() -> power(node, "power off"))
        .isInstanceOfSatisfying(
            IronicException.class, e -> assertThat(e.fault()).isEqualTo(Fault.CONFLICT));
  }

  @Test
  void theWholeIsSwitchedOnForItsPart() {
    Node parent = rig.create();
    Node child = rig.create("scripted", n -> n.with(b -> b.parentNode(parent.uuid())));
    power(child, "power on");
    rig.await(child, n -> n.powerState() == PowerState.POWER_ON && n.reservation() == null);
    assertThat(rig.node(parent).powerState()).isEqualTo(PowerState.POWER_ON);
    power(parent, "power off");
    rig.await(parent, n -> n.powerState() == PowerState.POWER_OFF && n.reservation() == null);
    assertThat(rig.node(child).powerState()).isEqualTo(PowerState.POWER_OFF);
  }

  @Test
  void aMachineThatWasSwitchedBehindOurBackIsSwitchedBack() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    power(node, "power on");
    rig.await(node, n -> n.powerState() == PowerState.POWER_ON && n.reservation() == null);
    // A conductor that starts anew finds the scripted machine off.
    rig.restart();
    rig.script.forgetCalls();
    rig.conductor();
    rig.time.advance(Duration.ofMinutes(2));
    rig.await(node, n -> rig.script.calls().contains("power.power on") && n.reservation() == null);
    assertThat(rig.node(node).powerState()).isEqualTo(PowerState.POWER_ON);
  }

  @Test
  void aMachineThatDoesNotAnswerGoesToMaintenanceAndComesBack() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.fails("power.state", DriverException.unreachable("no answer", null));
    Node lost =
        rig.await(
            node,
            n -> {
              rig.time.advance(Duration.ofMinutes(2));
              return n.maintenance() && n.reservation() == null;
            });
    assertThat(lost.fault()).isEqualTo("power failure");
    assertThat(lost.powerState()).isNull();
    assertThat(lost.maintenanceReason()).contains("no answer");
    rig.script.on("power.state", StepResult.done());
    Node back =
        rig.await(
            node,
            n -> {
              rig.time.advance(Duration.ofMinutes(5));
              return !n.maintenance() && n.reservation() == null;
            });
    assertThat(back.fault()).isNull();
  }

  @Test
  void aMachineThatNobodyHasSwitchedAndThatCannotTellIsLeftInPeace() {
    Node node = rig.create("fake-hardware", n -> n);
    rig.act(node, "manage");
    rig.awaitState(node, ProvisionState.MANAGEABLE);
    Node other = rig.createIn(ProvisionState.AVAILABLE);
    for (int round = 0; round < 6; round++) {
      rig.script.forgetCalls();
      rig.await(
          other,
          n -> {
            rig.time.advance(Duration.ofMinutes(2));
            return rig.script.count("power.state") > 0;
          });
      Awaitility.await().until(() -> rig.conductor().busyWorkers() == 0);
    }
    assertThat(rig.node(node).maintenance()).isFalse();
    assertThat(rig.node(node).powerState()).isNull();
  }

  @Test
  void aMachineThatCannotTellItsPowerAnyMoreIsSwitchedBackUntilThatIsInVain() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    power(node, "power on");
    rig.await(node, n -> n.powerState() == PowerState.POWER_ON && n.reservation() == null);
    rig.script.forgetCalls();
    rig.script.on("power.state", StepResult.waiting());
    // Maintenance is over as soon as it answers, and it does, if only that it cannot tell.
    rig.await(
        node,
        n -> {
          rig.time.advance(Duration.ofMinutes(2));
          return n.powerState() == null && !n.maintenance() && n.reservation() == null;
        });
    assertThat(rig.script.count("power.power on")).isEqualTo(3);
    assertThat(rig.store.nodes().history(node.id(), Query.ALL))
        .extracting(HistoryEntry::event)
        .anyMatch(event -> String.valueOf(event).contains("it does not stay power on"))
        .contains("Power answers again; maintenance has ended");
  }

  @Test
  void periodicMethodsOfDriversSeeTheirNodes() {
    rig.createIn(ProvisionState.AVAILABLE);
    Node node = rig.createIn(ProvisionState.ACTIVE);
    rig.create("fake-hardware", n -> n);
    rig.time.advance(Duration.ofSeconds(50));
    rig.await(node, n -> rig.script.count("power.look") == 1);
  }
}
