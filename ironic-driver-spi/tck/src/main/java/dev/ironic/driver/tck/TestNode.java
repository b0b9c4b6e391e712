package dev.ironic.driver.tck;

import dev.ironic.driver.BootMode;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeUpdate;
import dev.ironic.driver.PowerState;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node in memory; tests set what they need. Not thread-safe. */
public final class TestNode implements NodeInfo, NodeUpdate {

  private final Map<String, @Nullable Object> driverInfo = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> internal = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> instance = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> properties = new LinkedHashMap<>();
  private final Map<InterfaceKind, String> interfaces = new EnumMap<>(InterfaceKind.class);
  private Map<String, @Nullable Object> raidConfig = Map.of();
  private String driver = "test-hardware";
  private String state = "deploying";
  private boolean disablePowerOff;
  private @Nullable PowerState power;
  private @Nullable BootMode bootMode;
  private @Nullable Boolean secureBoot;

  /** Sets a key of {@code driver_info}. */
  public TestNode driverInfo(String key, @Nullable Object value) {
    driverInfo.put(key, value);
    return this;
  }

  /** Sets its hardware type. */
  public TestNode driver(String name) {
    driver = name;
    return this;
  }

  /** Sets its provision state, by wire name. */
  public TestNode state(String wireName) {
    state = wireName;
    return this;
  }

  /** Forbids to switch it off. */
  public TestNode neverOff() {
    disablePowerOff = true;
    return this;
  }

  /** Names the implementation that it uses. */
  public TestNode uses(InterfaceKind kind, String name) {
    interfaces.put(kind, name);
    return this;
  }

  /** The RAID configuration recorded. */
  public Map<String, @Nullable Object> raidConfig() {
    return raidConfig;
  }

  /** The secure boot state recorded, or null. */
  public @Nullable Boolean secureBoot() {
    return secureBoot;
  }

  @Override
  public String uuid() {
    return "6f9d3b1e-3f0c-4a53-9d0b-3f1f6c4d2a10";
  }

  @Override
  public @Nullable String name() {
    return "node-1";
  }

  @Override
  public String driver() {
    return driver;
  }

  @Override
  public String provisionStateName() {
    return state;
  }

  @Override
  public @Nullable PowerState powerState() {
    return power;
  }

  @Override
  public @Nullable String instanceUuid() {
    return null;
  }

  @Override
  public boolean maintenance() {
    return false;
  }

  @Override
  public boolean disablePowerOff() {
    return disablePowerOff;
  }

  @Override
  public @Nullable String lastError() {
    return null;
  }

  @Override
  public Map<String, @Nullable Object> driverInfo() {
    return Collections.unmodifiableMap(driverInfo);
  }

  @Override
  public Map<String, @Nullable Object> driverInternalInfo() {
    return Collections.unmodifiableMap(internal);
  }

  @Override
  public Map<String, @Nullable Object> instanceInfo() {
    return Collections.unmodifiableMap(instance);
  }

  @Override
  public Map<String, @Nullable Object> properties() {
    return Collections.unmodifiableMap(properties);
  }

  @Override
  public Map<String, @Nullable Object> extra() {
    return Map.of();
  }

  @Override
  public Map<String, @Nullable Object> targetRaidConfig() {
    return Map.of();
  }

  @Override
  public Map<String, @Nullable Object> networkData() {
    return Map.of();
  }

  @Override
  public @Nullable String bootMode() {
    return bootMode == null ? null : bootMode.wireName();
  }

  @Override
  public @Nullable Instant provisionUpdatedAt() {
    return null;
  }

  @Override
  public String interfaceName(InterfaceKind kind) {
    return interfaces.getOrDefault(kind, "test");
  }

  @Override
  public Map<String, @Nullable Object> asMap() {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("uuid", uuid());
    map.put("driver", driver);
    map.put("provision_state", state);
    map.put("properties", properties);
    map.put("instance_info", instance);
    return map;
  }

  @Override
  public TestNode internal(String key, @Nullable Object value) {
    internal.put(key, value);
    return this;
  }

  @Override
  public TestNode removeInternal(String key) {
    internal.remove(key);
    return this;
  }

  @Override
  public TestNode instance(String key, @Nullable Object value) {
    instance.put(key, value);
    return this;
  }

  @Override
  public TestNode removeInstance(String key) {
    instance.remove(key);
    return this;
  }

  @Override
  public TestNode property(String key, @Nullable Object value) {
    properties.put(key, value);
    return this;
  }

  @Override
  public TestNode removeProperty(String key) {
    properties.remove(key);
    return this;
  }

  @Override
  public TestNode raidConfig(Map<String, @Nullable Object> config) {
    raidConfig = config;
    return this;
  }

  @Override
  public TestNode powerState(@Nullable PowerState newState) {
    power = newState;
    return this;
  }

  @Override
  public TestNode bootMode(@Nullable BootMode mode) {
    bootMode = mode;
    return this;
  }

  @Override
  public TestNode secureBoot(@Nullable Boolean enabled) {
    secureBoot = enabled;
    return this;
  }

  @Override
  public String toString() {
    return "node " + uuid();
  }
}
