package dev.ironic.driver;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and updates firmware. */
public interface FirmwareInterface extends HardwareInterface {

  /**
   * Updates components.
   *
   * @param settings each with {@code component}, {@code url} and perhaps {@code wait}
   */
  StepResult update(NodeTask task, List<Map<String, @Nullable Object>> settings);

  /** Reads the versions and stores them with {@link NodeTask#saveFirmwareComponents}. */
  void cacheComponents(NodeTask task);
}
