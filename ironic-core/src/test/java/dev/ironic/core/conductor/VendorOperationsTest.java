package dev.ironic.core.conductor;

import static dev.ironic.core.conductor.OperationsRig.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.Fault;
import dev.ironic.core.conductor.ConductorService.VendorAnswer;
import dev.ironic.core.conductor.ConductorService.VendorMethod;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.NodeLock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VendorOperationsTest {

  private final OperationsRig rig = new OperationsRig();
  private final VendorOperations vendor = rig.operations.vendor();

  @AfterEach
  void close() {
    rig.close();
  }

  private VendorAnswer call(Node node, String method, String http, Map<String, Object> body) {
    return vendor.callNode(rig.context, node.uuid(), method, http, Map.copyOf(body));
  }

  @Test
  void methodsOfANodeAreListed() {
    assertThat(vendor.nodeMethods(rig.context, rig.node().uuid()))
        .containsOnlyKeys(
            "fourth_method_shared_lock", "log_passthrough", "second_method", "third_method_sync")
        .containsEntry(
            "second_method",
            new VendorMethod(
                List.of("POST"), true, false, true, "Test if the value of bar is kazoo"));
  }

  @ParameterizedTest
  @CsvSource({"meow, true", "bark, false"})
  void aSynchronousMethodAnswers(String bar, boolean expected) {
    assertThat(call(rig.node(), "third_method_sync", "post", Map.of("bar", bar)))
        .isEqualTo(new VendorAnswer(expected, false, false));
  }

  @Test
  void anAsynchronousMethodIsCheckedBeforeItIsAccepted() {
    Node node = rig.node();
    assertFault(Fault.MISSING_PARAMETER_VALUE, () -> call(node, "second_method", "POST", Map.of()));
    assertThat(rig.reload(node).reservation()).isNull();
    assertThat(call(node, "second_method", "POST", Map.of("bar", "kazoo")))
        .isEqualTo(new VendorAnswer(null, true, false));
    rig.settle();
    assertThat(rig.reload(node).reservation()).isNull();
    assertThat(rig.reload(node).lastError()).isNull();
  }

  @Test
  void unknownMethodsAndVerbsAreRefused() {
    Node node = rig.node();
    assertFault(Fault.INVALID_PARAMETER_VALUE, () -> call(node, "none", "POST", Map.of()));
    assertFault(Fault.INVALID_PARAMETER_VALUE, () -> call(node, "second_method", "GET", Map.of()));
  }

  @Test
  void onlyMethodsThatNeedItWantTheLock() {
    Node node = rig.node();
    NodeLock lock = rig.store.nodes().reserve(node.uuid(), "other");
    call(node, "fourth_method_shared_lock", "POST", Map.of("bar", "woof"));
    assertFault(
        Fault.NODE_LOCKED, () -> call(node, "second_method", "POST", Map.of("bar", "kazoo")));
    rig.settle();
    rig.store.nodes().release(lock);
  }

  @Test
  void whatADriverShouldNotThrowIsTheMethodsFailure() {
    assertFault(Fault.INTERNAL, () -> call(rig.scripted(n -> n), "break_down", "POST", Map.of()));
  }

  @Test
  void aDriversMethodNeedsNoNode() {
    assertThat(vendor.driverMethods("scripted-hardware")).containsOnlyKeys("echo");
    assertThat(vendor.callDriver("scripted-hardware", "echo", "GET", Map.of("a", 1)).value())
        .isEqualTo(Map.of("a", 1, "http_method", "GET"));
    assertThat(vendor.driverMethods("fake-hardware")).isEmpty();
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> vendor.callDriver("fake-hardware", "x", "POST", Map.of()));
    assertFault(Fault.DRIVER_NOT_FOUND, () -> vendor.driverMethods("absent"));
  }

  @Test
  void propertiesOfADriverAreThoseOfItsDefaultInterfaces() {
    DriverOperations drivers = rig.operations.drivers();
    assertThat(drivers.properties("fake-hardware")).containsOnlyKeys("B1", "B2");
    assertThat(drivers.properties("scripted-hardware")).containsOnlyKeys("address");
    assertThat(drivers.logicalDiskProperties("fake-hardware")).containsKey("size_gb");
    assertFault(Fault.DRIVER_NOT_FOUND, () -> drivers.properties("absent"));
  }
}
