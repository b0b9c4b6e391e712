package dev.ironic.driver.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import dev.ironic.driver.SpiVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What every plug-in and its hardware types have to keep. */
public abstract class HardwareTypeContract {

  /** The plug-in under test. */
  protected abstract DriverPlugin plugin();

  /** Options that its interfaces need to be made; {@code group.option} to text. */
  protected Map<String, String> options() {
    return Map.of();
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(DriverPlugin.class).stream().map(ServiceLoader.Provider::type))
        .contains(plugin().getClass());
  }

  @Test
  void speaksThisVersionOfTheSpi() {
    assertThat(plugin().spiVersion()).isEqualTo(SpiVersion.CURRENT);
  }

  @Test
  void namesAreUnique() {
    var types = new HashSet<String>();
    for (AbstractHardwareType type : plugin().hardwareTypes()) {
      assertThat(types.add(type.name())).as("hardware type %s is named once", type.name()).isTrue();
    }
    var interfaces = new HashSet<String>();
    for (InterfaceProvider<?> provider : plugin().interfaces()) {
      String name = provider.kind().wireName() + " " + provider.name();
      assertThat(interfaces.add(name)).as("interface %s is named once", name).isTrue();
    }
  }

  @Test
  void everyHardwareTypeNamesAnImplementationOfEveryKindWithoutRepeating() {
    for (AbstractHardwareType type : plugin().hardwareTypes()) {
      Map<InterfaceKind, List<String>> supported = type.supportedInterfaces();
      for (InterfaceKind kind : InterfaceKind.values()) {
        assertThat(supported.get(kind))
            .as("%s interfaces of %s", kind.wireName(), type.name())
            .isNotEmpty()
            .doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void everyInterfaceCanBeMadeDescribesItselfAndCloses() {
    TestContext context = TestContext.of(options());
    for (InterfaceProvider<?> provider : plugin().interfaces()) {
      var made = provider.create(context);
      assertThat(made.properties()).allSatisfy((key, text) -> assertThat(text).isNotBlank());
      made.close();
    }
  }
}
