package dev.ironic.core.driver;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.Node;
import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.HardwareInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hardware types and interface implementations that a conductor offers, and which of them a
 * node uses. Immutable after it is made, and thread-safe.
 */
public final class DriverRegistry {

  private static final Logger LOG = LoggerFactory.getLogger(DriverRegistry.class);

  /** An enabled implementation: its name and the one instance. */
  public record Implementation(InterfaceKind kind, String name, HardwareInterface instance) {}

  private record Declared<T>(T value, String origin) {}

  private final Map<String, AbstractHardwareType> types = new TreeMap<>();
  private final Map<InterfaceKind, Map<String, HardwareInterface>> instances =
      new EnumMap<>(InterfaceKind.class);
  private final Map<String, Map<InterfaceKind, String>> defaults = new TreeMap<>();

  private DriverRegistry() {}

  /**
   * Makes the enabled implementations.
   *
   * @param sources where the drivers are
   * @param context what the implementations get; its configuration says what is enabled
   * @throws IllegalArgumentException when two drivers have the same name, when an enabled name is
   *     unknown, or when an implementation cannot be made
   */
  public static DriverRegistry load(DriverSources sources, DriverContext context) {
    var registry = new DriverRegistry();
    registry.fill(sources.found(), context);
    return registry;
  }

  private void fill(List<DriverSources.Found> plugins, DriverContext context) {
    var declaredTypes = new TreeMap<String, Declared<AbstractHardwareType>>();
    var declared =
        new EnumMap<InterfaceKind, Map<String, Declared<InterfaceProvider<?>>>>(
            InterfaceKind.class);
    for (DriverSources.Found found : plugins) {
      for (AbstractHardwareType type : found.plugin().hardwareTypes()) {
        declare(declaredTypes, "hardware type " + type.name(), type.name(), type, found.origin());
      }
      for (InterfaceProvider<?> provider : found.plugin().interfaces()) {
        declare(
            declared.computeIfAbsent(provider.kind(), kind -> new TreeMap<>()),
            provider.kind().wireName() + " interface " + provider.name(),
            provider.name(),
            provider,
            found.origin());
      }
    }
    DriverConfig config = context.config();
    List<AbstractHardwareType> enabledTypes = enabledTypes(declaredTypes, config);
    for (InterfaceKind kind : InterfaceKind.values()) {
      instances.put(
          kind, create(kind, declared.getOrDefault(kind, Map.of()), enabledTypes, context));
    }
    enabledTypes.forEach(type -> admit(type, config));
    if (types.isEmpty()) {
      LOG.warn("No hardware type is usable; see the warnings above and enabled_hardware_types");
    }
  }

  private static <T> void declare(
      Map<String, Declared<T>> all, String what, String name, T value, String origin) {
    Declared<T> before = all.put(name, new Declared<>(value, origin));
    if (before != null) {
      throw new IllegalArgumentException(
          "%s is brought by both %s and %s; remove one of them"
              .formatted(what, before.origin(), origin));
    }
  }

  private static List<AbstractHardwareType> enabledTypes(
      Map<String, Declared<AbstractHardwareType>> declared, DriverConfig config) {
    var enabled = new ArrayList<AbstractHardwareType>();
    for (String name : names(config.list("DEFAULT", "enabled_hardware_types", List.of()))) {
      Declared<AbstractHardwareType> type = declared.get(name);
      if (type != null) {
        enabled.add(type.value());
      } else if (KnownNames.hardwareType(name)) {
        LOG.warn("Hardware type {} is enabled but no driver brings it; it is skipped", name);
      } else {
        throw new IllegalArgumentException(
            "enabled_hardware_types names '%s', which no driver brings; known are %s"
                .formatted(name, declared.keySet()));
      }
    }
    return enabled;
  }

  private static Map<String, HardwareInterface> create(
      InterfaceKind kind,
      Map<String, Declared<InterfaceProvider<?>>> declared,
      List<AbstractHardwareType> enabledTypes,
      DriverContext context) {
    String option = "enabled_" + kind.wireName() + "_interfaces";
    var created = new LinkedHashMap<String, HardwareInterface>();
    Set<String> wanted = names(context.config().list("DEFAULT", option, List.of()));
    if (wanted.isEmpty()) {
      wanted = new LinkedHashSet<>();
      for (AbstractHardwareType type : enabledTypes) {
        type.supportedInterfaces().getOrDefault(kind, List.of()).stream()
            .filter(declared::containsKey)
            .findFirst()
            .ifPresent(wanted::add);
      }
    }
    for (String name : wanted) {
      Declared<InterfaceProvider<?>> provider = declared.get(name);
      if (provider != null) {
        created.put(name, create(provider, context));
      } else if (KnownNames.implementation(kind, name)) {
        LOG.warn("{} names {}, which no driver brings; it is skipped", option, name);
      } else {
        throw new IllegalArgumentException(
            "%s names '%s', which no driver brings; known are %s"
                .formatted(option, name, declared.keySet()));
      }
    }
    return created;
  }

  private static HardwareInterface create(
      Declared<InterfaceProvider<?>> provider, DriverContext context) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    InterfaceProvider<?> value = provider.value();
    thread.setContextClassLoader(value.factory().getClass().getClassLoader());
    try {
      return value.create(context);
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalArgumentException(
          "The %s interface %s of %s cannot work here: %s"
              .formatted(value.kind().wireName(), value.name(), provider.origin(), e.getMessage()),
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Decides a type's defaults; a type that has none of a kind cannot be offered. */
  private void admit(AbstractHardwareType type, DriverConfig config) {
    var chosen = new EnumMap<InterfaceKind, String>(InterfaceKind.class);
    for (InterfaceKind kind : InterfaceKind.values()) {
      Optional<String> choice = defaultOf(type, kind, config);
      if (choice.isEmpty()) {
        LOG.warn(
            "Hardware type {} is skipped: none of its {} interfaces {} is enabled and present;"
                + " correct enabled_{}_interfaces to use it",
            type.name(),
            kind.wireName(),
            type.supportedInterfaces().get(kind),
            kind.wireName());
        return;
      }
      chosen.put(kind, choice.get());
    }
    types.put(type.name(), type);
    defaults.put(type.name(), chosen);
  }

  private Optional<String> defaultOf(
      AbstractHardwareType type, InterfaceKind kind, DriverConfig config) {
    Map<String, HardwareInterface> enabled = enabled(kind);
    List<String> supported = type.supportedInterfaces().getOrDefault(kind, List.of());
    Optional<String> configured =
        config
            .text("DEFAULT", "default_" + kind.wireName() + "_interface")
            .filter(name -> !name.isBlank());
    if (configured.isPresent()) {
      String name = configured.get();
      if (!enabled.containsKey(name)) {
        if (KnownNames.implementation(kind, name)) {
          LOG.warn("The default {} interface {} is not present", kind.wireName(), name);
        } else {
          throw new IllegalArgumentException(
              "default_%s_interface is '%s', which is not enabled; enabled are %s"
                  .formatted(kind.wireName(), name, enabled.keySet()));
        }
      } else if (supported.contains(name) || type.acceptsAnyInterface()) {
        return configured;
      }
    }
    return supported.stream()
        .filter(enabled::containsKey)
        .findFirst()
        .or(
            () ->
                type.acceptsAnyInterface()
                    ? enabled.keySet().stream().findFirst()
                    : Optional.empty());
  }

  private static Set<String> names(List<String> configured) {
    var names = new LinkedHashSet<String>();
    configured.stream().map(String::strip).filter(name -> !name.isEmpty()).forEach(names::add);
    return names;
  }

  /** The usable hardware types, sorted by name. */
  public Collection<AbstractHardwareType> hardwareTypes() {
    return List.copyOf(types.values());
  }

  /** Names of the usable hardware types, sorted. */
  public List<String> hardwareTypeNames() {
    return List.copyOf(types.keySet());
  }

  /** All enabled implementations. */
  public List<Implementation> implementations() {
    var all = new ArrayList<Implementation>();
    instances.forEach(
        (kind, byName) ->
            byName.forEach((name, instance) -> all.add(new Implementation(kind, name, instance))));
    return all;
  }

  /** What the conductor tells others about itself: one row per type, kind and implementation. */
  public List<ConductorInterface> registrations() {
    var rows = new ArrayList<ConductorInterface>();
    for (AbstractHardwareType type : types.values()) {
      for (InterfaceKind kind : InterfaceKind.values()) {
        String byDefault = defaultInterfaces(type.name()).get(kind);
        for (String name : usable(type, kind)) {
          rows.add(
              new ConductorInterface(
                  0, null, null, 0, type.name(), kind.wireName(), name, name.equals(byDefault)));
        }
      }
    }
    return rows;
  }

  /** The enabled implementations of a kind that a hardware type supports. */
  private List<String> usable(AbstractHardwareType type, InterfaceKind kind) {
    List<String> supported = type.supportedInterfaces().getOrDefault(kind, List.of());
    return enabled(kind).keySet().stream()
        .filter(name -> type.acceptsAnyInterface() || supported.contains(name))
        .sorted()
        .toList();
  }

  /**
   * A hardware type's default implementations.
   *
   * @throws IronicException DRIVER_NOT_FOUND
   */
  public Map<InterfaceKind, String> defaultInterfaces(String hardwareType) {
    Map<InterfaceKind, String> chosen = defaults.get(hardwareType);
    if (chosen == null) {
      throw driverNotFound(hardwareType);
    }
    return new EnumMap<>(chosen);
  }

  /** The instance of an enabled implementation. */
  public Optional<HardwareInterface> implementation(InterfaceKind kind, String name) {
    return Optional.ofNullable(enabled(kind).get(name));
  }

  /**
   * The interfaces of a node: its own choices checked, the rest filled with defaults.
   *
   * @throws IronicException DRIVER_NOT_FOUND, INTERFACE_NOT_FOUND or INCOMPATIBLE_INTERFACE
   */
  public Map<InterfaceKind, String> complete(Node node) {
    var complete = new EnumMap<InterfaceKind, String>(InterfaceKind.class);
    AbstractHardwareType type = hardwareType(node.driver());
    for (InterfaceKind kind : InterfaceKind.values()) {
      complete.put(kind, nameOf(type, kind, node.interfaces().get(kind)));
    }
    return complete;
  }

  /**
   * The implementation that a node uses; {@code instance_info} may name another one than the node.
   *
   * @throws IronicException the errors of {@link #complete}
   */
  public HardwareInterface resolve(Node node, InterfaceKind kind) {
    String name = effectiveName(node, kind);
    HardwareInterface instance = enabled(kind).get(name);
    if (instance == null) {
      throw notEnabled(kind, name);
    }
    return instance;
  }

  /** The name of the implementation that a node uses; the same errors as {@link #resolve}. */
  public String effectiveName(Node node, InterfaceKind kind) {
    Object override = node.instanceInfo().get(kind.nodeField());
    return nameOf(
        hardwareType(node.driver()),
        kind,
        override == null ? node.interfaces().get(kind) : override.toString());
  }

  /**
   * A usable hardware type.
   *
   * @throws IronicException DRIVER_NOT_FOUND
   */
  public AbstractHardwareType hardwareType(String name) {
    AbstractHardwareType type = types.get(name);
    if (type == null) {
      throw driverNotFound(name);
    }
    return type;
  }

  private String nameOf(AbstractHardwareType type, InterfaceKind kind, @Nullable String chosen) {
    if (chosen == null) {
      String name = defaultInterfaces(type.name()).get(kind);
      if (name == null) {
        throw new IronicException(
            Fault.NO_VALID_DEFAULT_FOR_INTERFACE,
            "No default %s interface is available for driver %s."
                .formatted(kind.wireName(), type.name()));
      }
      return name;
    }
    if (!enabled(kind).containsKey(chosen)) {
      throw notEnabled(kind, chosen);
    }
    if (!type.acceptsAnyInterface()
        && !type.supportedInterfaces().getOrDefault(kind, List.of()).contains(chosen)) {
      throw new IronicException(
          Fault.INCOMPATIBLE_INTERFACE,
          "%s interface implementation '%s' is not supported by hardware type %s. Choose one of %s."
              .formatted(kind.wireName(), chosen, type.name(), usable(type, kind)));
    }
    return chosen;
  }

  /** Lets the implementations give back what they hold; nothing may be asked of them afterwards. */
  public void close() {
    instances.forEach(
        (kind, byName) ->
            byName.forEach(
                (name, instance) -> {
                  try {
                    instance.close();
                  } catch (RuntimeException e) {
                    LOG.warn("The {} interface {} did not close", kind.wireName(), name, e);
                  }
                }));
  }

  private IronicException notEnabled(InterfaceKind kind, String name) {
    String valid =
        String.join(
            ", ", enabled(kind).keySet().stream().sorted().map(n -> "'" + n + "'").toList());
    return new IronicException(
        Fault.INTERFACE_NOT_FOUND,
        ("Could not find the following interface in the 'ironic.hardware.interfaces.%s'"
                + " entrypoint: %s. Valid interfaces are [%s].")
            .formatted(kind.wireName(), name, valid));
  }

  private IronicException driverNotFound(String name) {
    return new IronicException(
        Fault.DRIVER_NOT_FOUND,
        "Could not find the following driver(s) or hardware type(s): %s. This conductor has %s."
            .formatted(name, Arrays.toString(types.keySet().toArray())));
  }

  private Map<String, HardwareInterface> enabled(InterfaceKind kind) {
    return instances.getOrDefault(kind, Map.of());
  }
}
