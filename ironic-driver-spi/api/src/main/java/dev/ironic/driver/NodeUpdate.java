package dev.ironic.driver;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The changes that a driver may make to a node; see {@link NodeTask#update}. */
public interface NodeUpdate {

  /** Sets a key of {@code driver_internal_info}. */
  NodeUpdate internal(String key, @Nullable Object value);

  /** Removes a key of {@code driver_internal_info}. */
  NodeUpdate removeInternal(String key);

  /** Sets a key of {@code instance_info}. */
  NodeUpdate instance(String key, @Nullable Object value);

  /** Removes a key of {@code instance_info}. */
  NodeUpdate removeInstance(String key);

  /** Sets a key of {@code properties}. */
  NodeUpdate property(String key, @Nullable Object value);

  /** Removes a key of {@code properties}. */
  NodeUpdate removeProperty(String key);

  /** Records the RAID configuration found. */
  NodeUpdate raidConfig(Map<String, @Nullable Object> config);

  /** Records the power state as the driver's own truth (for hardware without any). */
  NodeUpdate powerState(@Nullable PowerState state);

  /** Records the boot mode seen. */
  NodeUpdate bootMode(@Nullable BootMode mode);

  /** Records the secure boot state seen. */
  NodeUpdate secureBoot(@Nullable Boolean enabled);
}
