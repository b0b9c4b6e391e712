package dev.ironic.driver;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node as it was read or last written by the task. Immutable; maps are read-only and may hold
 * nulls. The text form shows no settings, since they hold credentials.
 */
public interface NodeInfo {

  /** The node's UUID. */
  String uuid();

  /** Its logical name, or null. */
  @Nullable String name();

  /** The name of its hardware type. */
  String driver();

  /** The wire name of its provision state, for example {@code deploying}. */
  String provisionStateName();

  /** The recorded power state, or null when unknown. */
  @Nullable PowerState powerState();

  /** The UUID of its instance, or null. */
  @Nullable String instanceUuid();

  /** Whether an operator put it into maintenance. */
  boolean maintenance();

  /** Whether it must never be switched off. */
  boolean disablePowerOff();

  /** What the last failure was, or null. */
  @Nullable String lastError();

  /** How to reach and drive the hardware; holds credentials. */
  Map<String, @Nullable Object> driverInfo();

  /** What drivers and the conductor keep for themselves. */
  Map<String, @Nullable Object> driverInternalInfo();

  /** What is to be deployed. */
  Map<String, @Nullable Object> instanceInfo();

  /** What the machine is: {@code cpu_arch}, {@code capabilities}, {@code root_device}, ... */
  Map<String, @Nullable Object> properties();

  /** Free-form data of operators. */
  Map<String, @Nullable Object> extra();

  /** The RAID configuration wanted. */
  Map<String, @Nullable Object> targetRaidConfig();

  /** Static network settings. */
  Map<String, @Nullable Object> networkData();

  /** The boot mode last seen, or null. */
  @Nullable String bootMode();

  /** The time of its last state change, or null. */
  @Nullable Instant provisionUpdatedAt();

  /** The implementation of a kind that it uses. */
  String interfaceName(InterfaceKind kind);

  /**
   * The whole node as it looks on the wire, secrets masked: what the agent's commands get as {@code
   * node}.
   */
  Map<String, @Nullable Object> asMap();

  /** A text in {@code driver_info}; empty when absent or null. */
  default Optional<String> driverInfoText(String key) {
    return Optional.ofNullable(driverInfo().get(key)).map(Object::toString);
  }

  /** A text in {@code driver_internal_info}; empty when absent or null. */
  default Optional<String> internalText(String key) {
    return Optional.ofNullable(driverInternalInfo().get(key)).map(Object::toString);
  }

  /** A credential in {@code driver_info}; empty when absent or null. */
  default Optional<Secret> driverInfoSecret(String key) {
    return driverInfoText(key).map(Secret::of);
  }
}
