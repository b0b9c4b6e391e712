package dev.ironic.driver.fake;

import dev.ironic.driver.BiosInterface;
import dev.ironic.driver.BiosSettingInfo;
import dev.ironic.driver.CleanStep;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepArgument;
import dev.ironic.driver.StepResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Firmware settings that exist only in the table of settings. Thread-safe. */
public final class FakeBios implements BiosInterface {

  private final FakeDelay delay;

  /** Reads {@code [fake]bios_delay}. */
  public FakeBios(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.BIOS);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  /** {@link #applyConfiguration(NodeTask, List)} as a step. */
  @CleanStep(
      priority = 0,
      args =
          @StepArgument(
              name = "settings",
              description = "List of settings, each with 'name' and 'value'",
              required = true))
  public StepResult applyConfiguration(NodeTask task, Map<String, @Nullable Object> args) {
    return applyConfiguration(task, StepSettings.of(args));
  }

  @Override
  public StepResult applyConfiguration(
      NodeTask task, List<Map<String, @Nullable Object>> settings) {
    delay.pass();
    var byName = new LinkedHashMap<String, BiosSettingInfo>();
    task.biosSettings().forEach(setting -> byName.put(setting.name(), setting));
    for (Map<String, @Nullable Object> setting : settings) {
      Object name = setting.get("name");
      if (!(name instanceof String text) || text.isEmpty() || !setting.containsKey("value")) {
        throw DriverException.missing(
            "Each of the settings needs 'name' and 'value'; one has only " + setting.keySet());
      }
      Object value = setting.get("value");
      byName.put(text, BiosSettingInfo.of(text, value == null ? null : value.toString()));
    }
    task.saveBiosSettings(new ArrayList<>(byName.values()));
    return StepResult.done();
  }

  @Override
  @CleanStep(priority = 0)
  public StepResult factoryReset(NodeTask task) {
    delay.pass();
    task.saveBiosSettings(List.of());
    return StepResult.done();
  }

  @Override
  @CleanStep(priority = 0, name = "cache_bios_settings")
  public void cacheSettings(NodeTask task) {
    delay.pass();
  }
}
