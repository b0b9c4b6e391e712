package dev.ironic.core.conductor;

import dev.ironic.core.driver.DriverRegistry;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.PowerState;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A node as drivers see it. */
record NodeView(Node model, DriverRegistry drivers) implements NodeInfo {

  private static final Set<String> NOT_ON_THE_WIRE =
      Set.of("id", "fence", "chassisId", "conductorAffinity", "allocationId", "interfaces");

  private static final Pattern SECRET =
      Pattern.compile(
          "(?i).*(password|passwd|passphrase|pswd|secret|token|auth_key|priv_key|private_key"
              + "|community|configdrive|image_url).*");

  @Override
  public String uuid() {
    return model.uuid();
  }

  @Override
  public @Nullable String name() {
    return model.name();
  }

  @Override
  public String driver() {
    return model.driver();
  }

  @Override
  public String provisionStateName() {
    return model.provisionState().wireName();
  }

  @Override
  public @Nullable PowerState powerState() {
    return model.powerState();
  }

  @Override
  public @Nullable String instanceUuid() {
    return model.instanceUuid();
  }

  @Override
  public boolean maintenance() {
    return model.maintenance();
  }

  @Override
  public boolean disablePowerOff() {
    return model.staysOn();
  }

  @Override
  public @Nullable String lastError() {
    return model.lastError();
  }

  @Override
  public Map<String, @Nullable Object> driverInfo() {
    return model.driverInfo();
  }

  @Override
  public Map<String, @Nullable Object> driverInternalInfo() {
    return model.driverInternalInfo();
  }

  @Override
  public Map<String, @Nullable Object> instanceInfo() {
    return model.instanceInfo();
  }

  @Override
  public Map<String, @Nullable Object> properties() {
    return model.properties();
  }

  @Override
  public Map<String, @Nullable Object> extra() {
    return model.extra();
  }

  @Override
  public Map<String, @Nullable Object> targetRaidConfig() {
    return model.targetRaidConfig();
  }

  @Override
  public Map<String, @Nullable Object> networkData() {
    return model.networkData();
  }

  @Override
  public @Nullable String bootMode() {
    return model.bootMode();
  }

  @Override
  public @Nullable Instant provisionUpdatedAt() {
    return model.provisionUpdatedAt();
  }

  @Override
  public String interfaceName(InterfaceKind kind) {
    return drivers.effectiveName(model, kind);
  }

  @Override
  public Map<String, @Nullable Object> asMap() {
    var map = new LinkedHashMap<String, @Nullable Object>();
    for (RecordComponent component : Node.class.getRecordComponents()) {
      if (!NOT_ON_THE_WIRE.contains(component.getName())) {
        map.put(wireName(component.getName()), wireValue(read(component)));
      }
    }
    for (InterfaceKind kind : InterfaceKind.values()) {
      map.put(kind.nodeField(), model.interfaces().get(kind));
    }
    return Collections.unmodifiableMap(map);
  }

  private @Nullable Object read(RecordComponent component) {
    try {
      return component.getAccessor().invoke(model);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }

  private static String wireName(String component) {
    return component.equals("isProtected")
        ? "protected"
        : component.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  private static @Nullable Object wireValue(@Nullable Object value) {
    return switch (value) {
      case Instant time -> time.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "+00:00");
      case ProvisionState state -> state.wireName();
      case PowerState state -> state.wireName();
      case Map<?, ?> map -> masked(map);
      case null, default -> value;
    };
  }

  private static Map<String, @Nullable Object> masked(Map<?, ?> map) {
    var copy = new LinkedHashMap<String, @Nullable Object>();
    map.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          copy.put(
              name,
              value instanceof Map<?, ?> inner
                  ? masked(inner)
                  : value instanceof List<?> list
                      ? list.stream().map(NodeView::element).toList()
                      : value != null && SECRET.matcher(name).matches() ? "******" : value);
        });
    return copy;
  }

  private static Object element(@Nullable Object value) {
    return value instanceof Map<?, ?> inner ? masked(inner) : String.valueOf(value);
  }

  @Override
  public String toString() {
    return model.toString();
  }
}
