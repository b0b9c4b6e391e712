package dev.ironic.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.core.config.IronicConfig;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ImageService.Ramdisk;
import dev.ironic.driver.ImageService.RamdiskUse;
import dev.ironic.driver.tck.TestNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RamdiskChoiceTest {

  private final Map<String, String> options = new HashMap<>();

  private Ramdisk choose(TestNode node, RamdiskUse use) {
    return RamdiskChoice.from(IronicConfig.of(Map.of("conductor", options))).ramdisk(node, use);
  }

  @Test
  void theNodesOwnComesBeforeThatOfItsArchitectureAndThatOfAll() {
    options.put("deploy_kernel", "http://h/k");
    options.put("deploy_ramdisk", "http://h/r");
    options.put("deploy_kernel_by_arch", "aarch64:http://h/arm-k");
    options.put("deploy_ramdisk_by_arch", "aarch64:http://h/arm-r");
    var node = new TestNode().property("cpu_arch", "x86_64");
    assertThat(choose(node, RamdiskUse.DEPLOY)).isEqualTo(new Ramdisk("http://h/k", "http://h/r"));
    var arm = new TestNode().property("cpu_arch", "aarch64");
    assertThat(choose(arm, RamdiskUse.DEPLOY))
        .isEqualTo(new Ramdisk("http://h/arm-k", "http://h/arm-r"));
    var own =
        new TestNode()
            .property("cpu_arch", "aarch64")
            .driverInfo("deploy_kernel", "http://n/k")
            .driverInfo("deploy_ramdisk", "http://n/r");
    assertThat(choose(own, RamdiskUse.DEPLOY)).isEqualTo(new Ramdisk("http://n/k", "http://n/r"));
  }

  @Test
  void halfAPairIsPassedOverOrRefused() {
    options.put("deploy_kernel", "http://h/k");
    options.put("deploy_ramdisk", "http://h/r");
    var half = new TestNode().driverInfo("deploy_kernel", "http://n/k");
    assertThat(choose(half, RamdiskUse.DEPLOY)).isEqualTo(new Ramdisk("http://h/k", "http://h/r"));
    options.put("error_on_ramdisk_config_inconsistency", "true");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> choose(half, RamdiskUse.DEPLOY))
        .withMessageContaining("a kernel without a ramdisk");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> choose(new TestNode(), RamdiskUse.RESCUE))
        .withMessageContaining("rescue_kernel and rescue_ramdisk")
        .matches(e -> e.kind() == DriverException.Kind.MISSING_PARAMETER);
  }
}
