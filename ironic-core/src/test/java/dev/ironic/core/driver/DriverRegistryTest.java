package dev.ironic.core.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.model.Node;
import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import dev.ironic.driver.Sleeper;
import dev.ironic.driver.SpiVersion;
import dev.ironic.driver.StorageInterface;
import dev.ironic.driver.fake.FakeDriverPlugin;
import dev.ironic.driver.fake.FakeStorage;
import dev.ironic.driver.tck.DirectBmcCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.random.RandomGenerator;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverRegistryTest {

  private record Context(DriverConfig config) implements DriverContext {
    @Override
    public Clock clock() {
      return Clock.systemUTC();
    }

    @Override
    public Sleeper sleeper() {
      return duration -> {};
    }

    @Override
    public BmcCalls bmcCalls() {
      return new DirectBmcCalls();
    }

    @Override
    public RandomGenerator random() {
      return new Random(1);
    }

    @Override
    public ImageService images() {
      throw new UnsupportedOperationException("no images here");
    }

    @Override
    public String conductorHost() {
      return "cond-1";
    }
  }

  /** Brings one more storage. */
  private static DriverPlugin storage(String name) {
    return new DriverPlugin() {
      @Override
      public List<InterfaceProvider<?>> interfaces() {
        return List.of(
            new InterfaceProvider<StorageInterface>(InterfaceKind.STORAGE, name, FakeStorage::new));
      }
    };
  }

  private static Map<String, String> fakeOnly() {
    var options = new HashMap<String, String>();
    options.put("enabled_hardware_types", "fake-hardware");
    for (InterfaceKind kind : InterfaceKind.values()) {
      options.put("enabled_" + kind.wireName() + "_interfaces", "fake");
    }
    return options;
  }

  private static DriverRegistry load(DriverSources sources, Map<String, String> options) {
    return DriverRegistry.load(sources, new Context(IronicConfig.of(Map.of("DEFAULT", options))));
  }

  private static DriverSources withFake() {
    return new DriverSources().plugin(new FakeDriverPlugin()).plugin(new TestNetworks());
  }

  @Test
  void aNodeGetsTheDefaultsOfItsType() {
    DriverRegistry registry = load(withFake(), fakeOnly());
    Node node = Node.draft("u", "fake-hardware");
    assertThat(registry.complete(node))
        .hasSize(InterfaceKind.values().length)
        .containsValues("fake");
    assertThat(registry.registrations())
        .anySatisfy(
            row -> {
              assertThat(row.hardwareType()).isEqualTo("fake-hardware");
              assertThat(row.isDefault()).isTrue();
            });
  }

  @Test
  void whatTheInstanceWantsComesFirst() {
    Map<String, String> options = fakeOnly();
    options.put("enabled_storage_interfaces", "fake,other");
    DriverRegistry registry = load(withFake().plugin(storage("other")), options);
    Node node =
        Node.draft("u", "fake-hardware").withInstanceInfo(Map.of("storage_interface", "other"));
    assertThat(registry.effectiveName(node, InterfaceKind.STORAGE)).isEqualTo("other");
    assertThat(registry.complete(node)).containsEntry(InterfaceKind.STORAGE, "fake");
  }

  @Test
  void unknownChoicesAreRefused() {
    DriverRegistry registry = load(withFake(), fakeOnly());
    Node node =
        Node.draft("u", "fake-hardware").withInterfaces(Map.of(InterfaceKind.DEPLOY, "nowhere"));
    assertThatThrownBy(() -> registry.complete(node))
        .isInstanceOfSatisfying(
            IronicException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTERFACE_NOT_FOUND))
        .hasMessage(
            "Could not find the following interface in the 'ironic.hardware.interfaces.deploy'"
                + " entrypoint: nowhere. Valid interfaces are ['fake'].");
    assertThatThrownBy(() -> registry.complete(Node.draft("u", "absent")))
        .isInstanceOfSatisfying(
            IronicException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DRIVER_NOT_FOUND));
  }

  @Test
  void namesOfTheOriginalAreSkippedAndOthersStopTheStart() {
    Map<String, String> options = fakeOnly();
    options.put("enabled_boot_interfaces", "fake,pxe,ipxe");
    options.put("enabled_hardware_types", "fake-hardware,ipmi");
    assertThat(load(withFake(), options).hardwareTypeNames()).containsExactly("fake-hardware");
    options.put("enabled_boot_interfaces", "fake,pxi");
    assertThatThrownBy(() -> load(withFake(), options))
        .hasMessageContaining("enabled_boot_interfaces")
        .hasMessageContaining("'pxi'");
  }

  @Test
  void aTypeWithoutAnInterfaceOfAKindIsSkipped() {
    AbstractHardwareType picky =
        new AbstractHardwareType() {
          @Override
          public String name() {
            return "picky";
          }

          @Override
          protected List<String> supportedPowerInterfaces() {
            return List.of("lever");
          }

          @Override
          protected List<String> supportedManagementInterfaces() {
            return List.of("fake");
          }
        };
    DriverPlugin plugin =
        new DriverPlugin() {
          @Override
          public List<AbstractHardwareType> hardwareTypes() {
            return List.of(picky);
          }
        };
    Map<String, String> options = fakeOnly();
    options.put("enabled_hardware_types", "picky,fake-hardware");
    assertThat(load(withFake().plugin(plugin), options).hardwareTypeNames())
        .contains("fake-hardware")
        .doesNotContain("picky");
  }

  @Test
  void twoDriversOfOneNameAreRefused() {
    assertThatThrownBy(() -> load(withFake().plugin(storage("fake")), fakeOnly()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("storage interface fake is brought by both")
        .hasMessageContaining(FakeDriverPlugin.class.getName());
  }

  @Test
  void aDriverOfALaterSpiIsRefused() {
    DriverPlugin later =
        new DriverPlugin() {
          @Override
          public SpiVersion spiVersion() {
            return new SpiVersion(2, 0);
          }
        };
    assertThatThrownBy(() -> new DriverSources().plugin(later)).hasMessageContaining("2.0");
  }

  @Test
  void aJarInAFolderBringsADriverThatSeesOnlyTheSpi(@TempDir Path folder) throws Exception {
    jar(folder.resolve("acme.jar"), "acme");
    Map<String, String> options = fakeOnly();
    options.put("enabled_hardware_types", "fake-hardware,acme");
    try (DriverSources sources = withFake().folder(folder)) {
      AbstractHardwareType type = load(sources, options).hardwareType("acme");
      ClassLoader loader = type.getClass().getClassLoader();
      assertThat(loader).isNotSameAs(getClass().getClassLoader());
      assertThatThrownBy(() -> loader.loadClass(Node.class.getName()))
          .isInstanceOf(ClassNotFoundException.class);
      assertThat(loader.loadClass(DriverPlugin.class.getName())).isSameAs(DriverPlugin.class);
    }
  }

  @Test
  void aJarWithoutADriverIsNamed(@TempDir Path folder) throws Exception {
    try (OutputStream out = Files.newOutputStream(folder.resolve("empty.jar"));
        var jar = new JarOutputStream(out)) {
      jar.putNextEntry(new JarEntry("nothing"));
    }
    assertThatThrownBy(() -> new DriverSources().folder(folder)).hasMessageContaining("empty.jar");
  }

  /** Compiles a driver of a third party. */
  private static void jar(Path file, String name) throws IOException {
    Path source = Files.createTempDirectory("driver").resolve("Acme.java");
    Files.writeString(
        source,
        """
        public class Acme implements dev.ironic.driver.DriverPlugin {
          public java.util.List<dev.ironic.driver.AbstractHardwareType> hardwareTypes() {
            return java.util.List.of(new Type());
          }
          public static class Type extends dev.ironic.driver.AbstractHardwareType {
            public String name() { return "%s"; }
            protected java.util.List<String> supportedPowerInterfaces() {
              return java.util.List.of("fake");
            }
            protected java.util.List<String> supportedManagementInterfaces() {
              return java.util.List.of("fake");
            }
            public boolean acceptsAnyInterface() { return true; }
          }
        }
        """
            .formatted(name));
    var errors = new ByteArrayOutputStream();
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                errors,
                "-cp",
                System.getProperty("java.class.path"),
                "-proc:none",
                source.toString());
    assertThat(result).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    try (OutputStream out = Files.newOutputStream(file);
        var jar = new JarOutputStream(out)) {
      for (String className : List.of("Acme", "Acme$Type")) {
        jar.putNextEntry(new JarEntry(className + ".class"));
        jar.write(Files.readAllBytes(source.resolveSibling(className + ".class")));
      }
      jar.putNextEntry(new JarEntry("META-INF/services/" + DriverPlugin.class.getName()));
      jar.write("Acme".getBytes(StandardCharsets.UTF_8));
    }
  }
}
