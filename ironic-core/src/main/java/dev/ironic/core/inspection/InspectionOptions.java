package dev.ironic.core.inspection;

import dev.ironic.driver.DriverConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What inspection reads from the configuration; names, defaults and meanings are those of the
 * options of {@code ironic.conf}.
 *
 * @param hooks names of the hooks, in the order in which they run
 * @param addPorts which network interfaces become ports
 * @param keepPorts which ports stay
 * @param updatePxeEnabled whether ports learn from the data which of them boots
 * @param cpuCapabilities CPU flag to capability
 * @param storeData whether the data are stored in the database
 * @param discoveryDriver driver of unknown machines that post data; null when they are turned away
 */
public record InspectionOptions(
    List<String> hooks,
    AddPorts addPorts,
    KeepPorts keepPorts,
    boolean updatePxeEnabled,
    Map<String, String> cpuCapabilities,
    boolean storeData,
    @Nullable String discoveryDriver) {

  private static final String GROUP = "inspector";

  private static final String DEFAULT_HOOKS =
      "ramdisk-error,validate-interfaces,ports,architecture";

  private static final List<String> CPU_CAPABILITIES =
      List.of(
          "vmx:cpu_vt",
          "svm:cpu_vt",
          "aes:cpu_aes",
          "pse:cpu_hugepages",
          "pdpe1gb:cpu_hugepages_1g",
          "smx:cpu_txt");

  /** Which network interfaces become ports. */
  public enum AddPorts {
    ALL,
    ACTIVE,
    PXE,
    DISABLED
  }

  /** Which ports stay: all, those whose address was seen, or those just added. */
  public enum KeepPorts {
    ALL,
    PRESENT,
    ADDED
  }

  /** Copies what could be changed from outside. */
  public InspectionOptions {
    hooks = List.copyOf(hooks);
    cpuCapabilities = Map.copyOf(cpuCapabilities);
  }

  /** Reads the options. */
  public static InspectionOptions from(DriverConfig config) {
    return new InspectionOptions(
        hooks(config),
        choice(config, "add_ports", AddPorts.class, AddPorts.PXE),
        choice(config, "keep_ports", KeepPorts.class, KeepPorts.ALL),
        config.flag(GROUP, "update_pxe_enabled", true),
        pairs(config.list(GROUP, "cpu_capabilities", CPU_CAPABILITIES)),
        storeData(config),
        discoveryDriver(config));
  }

  private static List<String> hooks(DriverConfig config) {
    String defaults = config.text(GROUP, "default_hooks").orElse(DEFAULT_HOOKS);
    String chain = config.text(GROUP, "hooks").orElse("$default_hooks");
    var names = new ArrayList<String>();
    for (String name : chain.replace("$default_hooks", defaults).split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }

  private static <E extends Enum<E>> E choice(
      DriverConfig config, String option, Class<E> type, E otherwise) {
    Optional<String> text = config.text(GROUP, option).filter(value -> !value.isBlank());
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return Enum.valueOf(type, text.get().strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "[inspector] %s = %s is not one of %s"
              .formatted(option, text.get(), List.of(type.getEnumConstants()))
              .toLowerCase(Locale.ROOT),
          e);
    }
  }

  private static boolean storeData(DriverConfig config) {
    String backend = config.text("inventory", "data_backend").orElse("database");
    return switch (backend) {
      case "database" -> true;
      case "none" -> false;
      default ->
          throw new IllegalArgumentException(
              "[inventory] data_backend = %s is not supported; use database or none"
                  .formatted(backend));
    };
  }

  private static @Nullable String discoveryDriver(DriverConfig config) {
    if (!config.flag("auto_discovery", "enabled", false)) {
      return null;
    }
    return config
        .text("auto_discovery", "driver")
        .filter(driver -> !driver.isBlank())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "[auto_discovery] enabled needs [auto_discovery] driver"));
  }

  private static Map<String, String> pairs(List<String> entries) {
    var pairs = new LinkedHashMap<String, String>();
    for (String entry : entries) {
      int colon = entry.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException(
            "[inspector] cpu_capabilities has the entry '%s'; write flag:capability"
                .formatted(entry));
      }
      pairs.put(entry.substring(0, colon).strip(), entry.substring(colon + 1).strip());
    }
    return pairs;
  }
}
