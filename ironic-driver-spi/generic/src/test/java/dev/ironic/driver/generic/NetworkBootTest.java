package dev.ironic.driver.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootFiles.Service;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.tck.BootInterfaceContract;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkBootTest {

  private static final String MAC = "52:54:00:00:00:01";
  private static final Map<String, @Nullable String> API =
      Map.of("ipa-api-url", "http://192.0.2.1:6385");

  @TempDir private Path folder = Path.of("");

  private final Map<String, String> options = new HashMap<>();
  private final SimpleManagement management = new SimpleManagement();
  private final SimplePower power = new SimplePower();
  private final TestNode node = new TestNode();
  private TestContext context = TestContext.of(Map.of());

  @BeforeEach
  void configure() {
    options.put("dhcp.dhcp_provider", "none");
    options.put("pxe.tftp_server", "192.0.2.1");
  }

  private TestNodeTask task(NetworkBootKind kind) {
    context = TestContext.of(options);
    return new TestNodeTask(node, context)
        .with(power)
        .with(management)
        .with(new NoopDeploy())
        .with(new NetworkBoot(kind, context))
        .withPort(MAC);
  }

  private Map<String, String> served(Service service) {
    return context.images().bootFiles(service).files();
  }

  @Nested
  class Pxe extends BootInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return NetworkBootTest.this.task(NetworkBootKind.PXE);
    }
  }

  @Nested
  class Ipxe extends BootInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return NetworkBootTest.this.task(NetworkBootKind.IPXE);
    }
  }

  @Nested
  class Http extends BootInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return NetworkBootTest.this.task(NetworkBootKind.HTTP);
    }
  }

  @Test
  void ipxeFindsItsScriptByTheNetworkCard() {
    TestNodeTask task = task(NetworkBootKind.IPXE);
    assertThat(served(Service.HTTP)).as("before any node boots").containsOnlyKeys("boot.ipxe");
    task.boot().prepareRamdisk(task, API);
    String config = node.uuid() + "/config";
    assertThat(served(Service.HTTP))
        .containsEntry(node.uuid() + "/deploy_kernel", "image of http://192.0.2.9/deploy.kernel")
        .containsEntry(node.uuid() + "/deploy_ramdisk", "image of http://192.0.2.9/deploy.ramdisk")
        .containsEntry("pxelinux.cfg/52-54-00-00-00-01", "link to " + config)
        .containsEntry("grub.cfg-01-52-54-00-00-00-01", "link to " + config)
        .containsEntry(MAC + ".conf", "link to " + config)
        .containsKeys("boot.ipxe", config)
        .hasSize(7);
    assertThat(served(Service.HTTP).get(config))
        .startsWith("#!ipxe\n")
        .contains(
            "kernel http://192.0.2.1:8080/%s/deploy_kernel selinux=0 troubleshoot=0 text nofb vga=normal ipa-api-url=http://192.0.2.1:6385 ipa-global-request-id=req-test BOOTIF=${mac} initrd=ramdisk"
                .formatted(node.uuid()),
            "initrd --name ramdisk http://192.0.2.1:8080/%s/deploy_ramdisk".formatted(node.uuid()));
    assertThat(management.set).containsExactly(new BootDevice.Selection(BootDevice.PXE, false));
    task.boot().cleanUpRamdisk(task);
    assertThat(served(Service.HTTP)).containsOnlyKeys("boot.ipxe");
    assertThat(served(Service.TFTP)).isEmpty();
  }

  @Test
  void noTokenGoesOverTheNetwork() {
    TestNodeTask task = task(NetworkBootKind.IPXE);
    task.boot().prepareRamdisk(task, API);
    assertThat(node.driverInternalInfo()).doesNotContainKey("agent_secret_token");
    assertThat(served(Service.HTTP).values()).noneMatch(text -> text.contains("token"));
  }

  @Test
  void pxeServesGrubOrPxelinuxAsTheMachineBoots() {
    TestNodeTask task = task(NetworkBootKind.PXE);
    assertThat(served(Service.TFTP)).containsOnlyKeys("EFI/BOOT/grub.cfg");
    task.boot().prepareRamdisk(task, API);
    String config = node.uuid() + "/config";
    assertThat(served(Service.TFTP)).containsKeys("pxelinux.cfg/01-52-54-00-00-00-01");
    assertThat(served(Service.TFTP).get(config))
        .contains(
            "linux /%s/deploy_kernel selinux=0".formatted(node.uuid()),
            "boot_server=192.0.2.1",
            "initrd /%s/deploy_ramdisk".formatted(node.uuid()));
    assertThat(node.driverInternalInfo()).containsEntry("deploy_boot_mode", "uefi");
    node.property("capabilities", "boot_mode:bios");
    task.boot().prepareRamdisk(task, API);
    assertThat(served(Service.TFTP).get(config))
        .contains(
            "kernel %s/deploy_kernel".formatted(node.uuid()),
            "append initrd=%s/deploy_ramdisk selinux=0".formatted(node.uuid()),
            "ipappend 2");
    assertThat(served(Service.HTTP)).isEmpty();
  }

  @Test
  void rescueBootsItsOwnRamdisk() {
    TestNodeTask task = task(NetworkBootKind.IPXE);
    node.state("rescuing");
    task.boot().prepareRamdisk(task, API);
    assertThat(served(Service.HTTP))
        .containsEntry(node.uuid() + "/rescue_kernel", "image of http://192.0.2.9/rescue.kernel");
  }

  @Test
  void theInstanceBootsItsDisk() {
    TestNodeTask task = task(NetworkBootKind.IPXE);
    task.boot().prepareRamdisk(task, API);
    task.boot().prepareInstance(task);
    assertThat(served(Service.HTTP)).containsOnlyKeys("boot.ipxe");
    assertThat(management.set).last().isEqualTo(new BootDevice.Selection(BootDevice.DISK, true));
    management.set.clear();
    node.state("active");
    task.boot().prepareInstance(task);
    assertThat(management.set).as("a machine in use keeps its boot device").isEmpty();
  }

  @Test
  void localBootCanHaveANetworkBootToFallBackOn() {
    options.put("pxe.enable_netboot_fallback", "true");
    TestNodeTask task = task(NetworkBootKind.IPXE);
    task.boot().prepareInstance(task);
    assertThat(served(Service.HTTP).get(node.uuid() + "/config")).contains("sanboot --no-describe");
  }

  @Test
  void anInstanceCanBeARamdisk() {
    node.uses(InterfaceKind.DEPLOY, "ramdisk");
    TestNodeTask task = task(NetworkBootKind.IPXE);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.boot().validate(task))
        .withMessageContaining("set kernel and ramdisk, or boot_iso");
    node.instance("boot_iso", "http://192.0.2.9/live.iso");
    task.boot().validate(task);
    task.boot().prepareInstance(task);
    assertThat(served(Service.HTTP).get(node.uuid() + "/config"))
        .contains("sanboot http://192.0.2.1:8080/%s/boot_iso".formatted(node.uuid()));
    assertThat(management.set).containsExactly(new BootDevice.Selection(BootDevice.PXE, true));
    TestNodeTask pxe = task(NetworkBootKind.PXE);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> pxe.boot().validate(pxe))
        .withMessageContaining("use ipxe");
    node.instance("kernel", "http://192.0.2.9/vmlinuz").instance("ramdisk", "http://192.0.2.9/rd");
    pxe.boot().prepareInstance(pxe);
    assertThat(served(Service.TFTP).get(node.uuid() + "/config"))
        .contains("text root=/dev/ram0 boot_server");
  }

  @Test
  void persistenceIsForTheOperatorToDecide() {
    TestNodeTask task = task(NetworkBootKind.IPXE);
    node.driverInfo("force_persistent_boot_device", "Always");
    task.boot().prepareRamdisk(task, API);
    node.driverInfo("force_persistent_boot_device", "Never");
    task.boot().prepareInstance(task);
    assertThat(management.set)
        .containsExactly(
            new BootDevice.Selection(BootDevice.PXE, true),
            new BootDevice.Selection(BootDevice.DISK, false));
    node.driverInfo("force_persistent_boot_device", "Sometimes");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.boot().validate(task))
        .withMessageContaining("'Sometimes'");
  }

  @Test
  void httpBootFallsBackToPxeWhereTheMachineDoesNotKnowIt() {
    management.supported = EnumSet.of(BootDevice.PXE, BootDevice.DISK);
    TestNodeTask task = task(NetworkBootKind.HTTP_IPXE);
    task.boot().prepareRamdisk(task, API);
    assertThat(management.set).containsExactly(new BootDevice.Selection(BootDevice.PXE, false));
  }

  @Test
  void validationTellsWhatIsMissing() {
    context = TestContext.of(options);
    TestNodeTask portless =
        new TestNodeTask(node, context).with(new NetworkBoot(NetworkBootKind.IPXE, context));
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> portless.boot().validate(portless))
        .withMessage("Node %s does not have any port associated with it".formatted(node.uuid()))
        .matches(e -> e.kind() == DriverException.Kind.MISSING_PARAMETER);
    assertThatExceptionOfType(DriverException.class)
        .as("so that inspection goes on unmanaged")
        .isThrownBy(() -> portless.boot().validateInspection(portless))
        .matches(e -> e.kind() == DriverException.Kind.UNSUPPORTED);
    TestNodeTask task = task(NetworkBootKind.IPXE);
    node.driverInfo("kernel_append_params", "%default% init='/bin/sh'");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.boot().validate(task))
        .withMessageContaining("kernel parameter 'init'");
    node.driverInfo("kernel_append_params", null).driverInfo("pxe_template", "/etc/passwd");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.boot().validate(task))
        .withMessageContaining("pxe_template");
  }

  @Test
  void iPxeExpandsNothingOfANode() {
    node.driverInfo("kernel_append_params", "a=${net0/mac}");
    TestNodeTask task = task(NetworkBootKind.IPXE);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.boot().prepareRamdisk(task, API))
        .withMessageContaining("'a' would be interpreted");
  }

  @Test
  void aDhcpProviderThatIsNotHereIsNamed() {
    options.remove("dhcp.dhcp_provider");
    TestNodeTask task = task(NetworkBootKind.IPXE);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.boot().validate(task))
        .withMessageContaining("[dhcp]dhcp_provider is 'neutron'");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.boot().prepareRamdisk(task, API))
        .withMessageContaining("neutron");
    assertThatCode(() -> task.boot().cleanUpRamdisk(task)).doesNotThrowAnyException();
  }

  @Test
  void dnsmasqIsToldAndForgets() throws IOException {
    options.put("dhcp.dhcp_provider", "dnsmasq");
    options.put("dnsmasq.dhcp_optsdir", folder.toString());
    options.put("dnsmasq.dhcp_hostsdir", folder.toString());
    Path leases = folder.resolve("leases");
    options.put("dnsmasq.dhcp_leasefile", leases.toString());
    Files.writeString(leases, "1764000000 %s 192.0.2.77 * *\n".formatted(MAC));
    TestNodeTask task = task(NetworkBootKind.PXE);
    task.boot().prepareRamdisk(task, API);
    Object tag = node.driverInternalInfo().get("dnsmasq_tag");
    Path host = folder.resolve("ironic-" + MAC + ".conf");
    Path nodeOptions = folder.resolve("ironic-" + node.uuid() + ".conf");
    assertThat(host).hasContent("%s,set:%s,set:ironic".formatted(MAC, tag));
    assertThat(nodeOptions)
        .hasContent(
            """
            tag:%1$s,67,bootx64.efi
            tag:%1$s,66,192.0.2.1
            tag:%1$s,150,192.0.2.1
            tag:%1$s,255,192.0.2.1
            tag:%1$s,59,tftp://192.0.2.1/bootx64.efi
            """
                .formatted(tag));
    assertThat(served(Service.TFTP)).containsKey("192.0.2.77.conf");
    task.boot().cleanUpRamdisk(task);
    assertThat(host).hasContent(MAC + ",ignore");
    assertThat(nodeOptions).doesNotExist();
    assertThat(node.driverInternalInfo()).doesNotContainKey("dnsmasq_tag");
    assertThat(served(Service.TFTP)).containsOnlyKeys("EFI/BOOT/grub.cfg");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(host, leases);
    }
  }

  @Test
  void aRamdiskThatDoesNotComeUpIsBootedAgain() {
    options.put("pxe.boot_retry_timeout", "600");
    TestNodeTask task = task(NetworkBootKind.IPXE);
    NetworkBoot boot = (NetworkBoot) task.boot();
    power.state = PowerState.POWER_ON;
    node.state("wait call-back")
        .internal("last_power_state_change", context.clock().instant().toString());
    boot.retryBoot(task);
    assertThat(task.powerActions()).isEmpty();
    context.clock().sleep(Duration.ofSeconds(601));
    node.state("deploying");
    boot.retryBoot(task);
    assertThat(task.powerActions()).as("the ramdisk is not waited for").isEmpty();
    node.state("wait call-back");
    boot.retryBoot(task);
    assertThat(task.powerActions()).containsExactly(PowerState.POWER_OFF, PowerState.POWER_ON);
    assertThat(management.set).containsExactly(new BootDevice.Selection(BootDevice.PXE, false));
    node.internal("agent_secret_token", "x");
    boot.retryBoot(task);
    assertThat(task.powerActions()).as("the agent is there").hasSize(2);
  }

  @Test
  void loadersAreChosenByArchitectureAndMode() {
    options.put("pxe.ipxe_bootfile_name_by_arch", "aarch64:arm.efi,x86_64-bios:old.kpxe");
    options.put("pxe.loader_file_paths", "snponly.efi:/usr/lib/ipxe/snponly.efi");
    NetworkBootOptions.Loaders loaders =
        NetworkBootOptions.from(TestContext.of(options).config()).loaders();
    assertThat(loaders.of(true, "aarch64", BootMode.UEFI)).isEqualTo("arm.efi");
    assertThat(loaders.of(true, "x86_64", BootMode.BIOS)).isEqualTo("old.kpxe");
    assertThat(loaders.of(true, "x86_64", BootMode.UEFI)).isEqualTo("snponly.efi");
    task(NetworkBootKind.IPXE);
    for (Service service : Service.values()) {
      assertThat(served(service)).containsEntry("snponly.efi", "copy of /usr/lib/ipxe/snponly.efi");
    }
  }
}
