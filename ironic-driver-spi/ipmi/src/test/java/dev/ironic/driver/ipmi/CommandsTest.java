package dev.ironic.driver.ipmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command lines that BMCs of this hardware type have always been given. */
class CommandsTest {

  private static final String SENSORS =
      """
      Sensor ID              : Temp (0x1)
       Entity ID             : 3.1 (Processor)
       Sensor Type (Analog)  : Temperature
       Sensor Reading        : 30 (+/- 1) degrees C

      Sensor ID              : Fan (0x2)
       Sensor Type (Analog)  : Fan
       Status                : ok: fine
      """;

  @TestFactory
  Stream<DynamicTest> commands() throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("commands.json"))) {
      List<JsonNode> cases = new JsonMapper().readTree(in).valueStream().toList();
      assertThat(cases).hasSize(19);
      return cases.stream()
          .map(each -> DynamicTest.dynamicTest(each.get("case").asString(), () -> check(each)));
    }
  }

  private static void check(JsonNode row) {
    String name = row.get("case").asString();
    TestContext context = TestContext.of(Map.of());
    var runner = new ScriptedRunner();
    var ipmitool =
        new Ipmitool(
            IpmiOptions.from(context.config()), runner, context.bmcCalls(), context.clock());
    TestNode node = new TestNode().property("capabilities", row.get("capabilities").asString());
    row.get("driver_info")
        .properties()
        .forEach(
            field ->
                node.driverInfo(
                    field.getKey(),
                    field.getValue().isInt()
                        ? (Object) field.getValue().asInt()
                        : field.getValue().asString()));
    if (name.contains("supermicro")) {
      node.property("vendor", "Supermicro");
    }
    NodeTask task = new TestNodeTask(node, context);
    JsonNode result = row.get("result");
    if (result.isString() && result.asString().matches("\\w+(Value): .*")) {
      assertThatThrownBy(() -> act(name, task, runner, context, ipmitool))
          .hasMessage(result.asString().replaceFirst("\\w+: ", ""));
    } else {
      Object got = act(name, task, runner, context, ipmitool);
      assertThat(new JsonMapper().<JsonNode>valueToTree(got)).isEqualTo(result);
    }
    assertThat(runner.commands)
        .containsExactlyElementsOf(
            row.get("commands")
                .valueStream()
                .map(command -> command.asString().replace("INTERVAL", "5"))
                .toList());
    assertThat(runner.files).allSatisfy(file -> assertThat(file).doesNotExist());
  }

  private static @Nullable Object act(
      String name, NodeTask task, ScriptedRunner runner, TestContext context, Ipmitool ipmitool) {
    var management = new IpmiManagement(ipmitool);
    if (name.startsWith("get boot device")) {
      runner.answers(
          name.contains("none")
              ? "   - Boot Device Selector : No override\n - Options apply to only next boot\n"
              : "   - Boot Device Selector : Force PXE\n - Options apply to all future boots\n");
      BootDevice.Selection found = management.bootDevice(task);
      BootDevice device = found.device();
      var map = new LinkedHashMap<String, @Nullable Object>();
      map.put("boot_device", device == null ? null : device.wireName());
      map.put("persistent", found.persistent());
      return map;
    }
    if (name.startsWith("boot ")) {
      BootDevice device = BootDevice.ofWireName(name.split("[ ,]")[1]).orElseThrow();
      management.setBootDevice(task, device, name.contains("persistent"));
      return null;
    }
    switch (name) {
      case "bad device" -> management.setBootDevice(task, BootDevice.WANBOOT, false);
      case "nmi" -> management.injectNmi(task);
      case "missing address", "odd kg" -> management.validate(task);
      case "vendor" -> {
        runner.answers("Device ID                 : 32\nManufacturer Name         : Supermicro\n");
        return management.detectVendor(task);
      }
      case "sensors" -> {
        runner.answers(SENSORS);
        return management.sensors(task);
      }
      default -> {
        runner.answers(
            switch (name) {
              case "power status" -> "Chassis Power is on\n";
              case "power status, other text" -> "Chassis Power is fine\n";
              default -> "Chassis Power is off\n";
            });
        return new IpmiPower(context, ipmitool).powerState(task).wireName();
      }
    }
    return null;
  }
}
