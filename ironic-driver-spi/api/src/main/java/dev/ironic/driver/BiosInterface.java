package dev.ironic.driver;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and changes firmware settings. */
public interface BiosInterface extends HardwareInterface {

  /**
   * Changes settings.
   *
   * @param settings each with {@code name} and {@code value}
   */
  StepResult applyConfiguration(NodeTask task, List<Map<String, @Nullable Object>> settings);

  /** Sets everything back as it came from the factory. */
  StepResult factoryReset(NodeTask task);

  /** Reads all settings and stores them with {@link NodeTask#saveBiosSettings}. */
  void cacheSettings(NodeTask task);
}
