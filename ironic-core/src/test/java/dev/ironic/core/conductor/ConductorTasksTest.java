package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of a conductor's tasks, and what of it the configuration changes. */
class ConductorTasksTest {

  /** A task, the option that holds its spacing, and the spacing by default. */
  record Row(String task, String option, int seconds) {}

  private static final List<Row> TASKS =
      List.of(
          new Row("image caches", "conductor.cache_clean_up_interval", 3600),
          new Row("power sync", "conductor.sync_power_state_interval", 120),
          new Row("power failure recovery", "conductor.power_failure_recovery_interval", 300),
          new Row("wait call-back timeouts", "conductor.check_provision_state_interval", 60),
          new Row("clean wait timeouts", "conductor.check_provision_state_interval", 60),
          new Row("service wait timeouts", "conductor.check_provision_state_interval", 60),
          new Row("inspect wait timeouts", "conductor.check_provision_state_interval", 60),
          new Row("rescue wait timeouts", "conductor.check_rescue_state_interval", 60),
          new Row("orphans", "conductor.heartbeat_interval", 10),
          new Row("waiting flows", "conductor.check_provision_state_interval", 60),
          new Row("take-over", "conductor.sync_local_state_interval", 180),
          new Row("sensors", "sensor_data.interval", 600),
          new Row("orphan allocations", "conductor.check_allocations_interval", 60),
          new Row("history", "conductor.node_history_cleanup_interval", 86400),
          new Row("dead conductors", "conductor.conductor_cleanup_interval", 86400));

  private final PeriodicRig rig =
      new PeriodicRig()
          .with("DEFAULT.enabled_hardware_types", "fake-hardware")
          .with("DEFAULT.enabled_power_interfaces", "fake")
          .with("DEFAULT.enabled_management_interfaces", "fake")
          .with("sensor_data.send_sensor_data", "true")
          .with("conductor.sync_power_state_interval", "120")
          .cacheCleanUp(() -> {});

  @AfterEach
  void close() {
    rig.close();
  }

  static List<Row> tasks() {
    return TASKS;
  }

  @Test
  void allTasksAreThereWithTheirDefaults() {
    Map<String, Duration> wanted = new TreeMap<>();
    TASKS.forEach(row -> wanted.put(row.task(), Duration.ofSeconds(row.seconds())));
    assertThat(rig.spacings()).isEqualTo(wanted);
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void theirSpacingComesFromTheConfiguration(Row row) {
    rig.with(row.option(), "77");
    assertThat(rig.spacings()).containsEntry(row.task(), Duration.ofSeconds(77));
  }

  @ParameterizedTest
  @CsvSource({
    "conductor.cache_clean_up_interval, 0, image caches",
    "conductor.sync_power_state_interval, 0, power sync",
    "conductor.power_failure_recovery_interval, 0, power failure recovery",
    "conductor.heartbeat_interval, 0, orphans",
    "conductor.check_provision_state_interval, 0, waiting flows",
    "conductor.check_provision_state_interval, 0, clean wait timeouts",
    "conductor.deploy_callback_timeout, 0, wait call-back timeouts",
    "conductor.clean_callback_timeout, 0, clean wait timeouts",
    "conductor.service_callback_timeout, 0, service wait timeouts",
    "conductor.inspect_wait_timeout, 0, inspect wait timeouts",
    "conductor.rescue_callback_timeout, 0, rescue wait timeouts",
    "conductor.sync_local_state_interval, 0, take-over",
    "sensor_data.send_sensor_data, false, sensors",
    "conductor.check_allocations_interval, 0, orphan allocations",
    "conductor.node_history_cleanup_interval, 0, history",
    "conductor.node_history_cleanup_batch_count, 0, history",
    "conductor.node_history_max_entries, 0, history",
    "conductor.conductor_cleanup_interval, 0, dead conductors"
  })
  void whatIsSwitchedOffIsNotEvenCollected(String option, String value, String task) {
    rig.with(option, value);
    assertThat(rig.spacings()).isNotEmpty().doesNotContainKey(task);
  }

  @Test
  void imageCachesAreTrimmed() {
    var trimmed = new AtomicInteger();
    rig.cacheCleanUp(trimmed::incrementAndGet);
    rig.conductor();
    rig.round("image caches", 3600);
    assertThat(trimmed).hasValue(1);
  }
}
