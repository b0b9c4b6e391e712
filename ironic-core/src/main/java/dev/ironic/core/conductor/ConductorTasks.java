package dev.ironic.core.conductor;

import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.ProvisionState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a conductor does again and again, and how often. Its drivers' tasks come on top, see {@link
 * DriverPeriodics}.
 *
 * @param cacheCleanUp trims the caches of images; null where there are none
 */
record ConductorTasks(
    ConductorOptions options,
    TaskManager tasks,
    Watch watch,
    Adoption adoption,
    PowerSync powerSync,
    AllocationOperations allocations,
    Sensors sensors,
    @Nullable Runnable cacheCleanUp) {

  /** Collects all that the configuration does not switch off. */
  void schedule(Periodics periodics) {
    Duration check = options.checkProvisionStateInterval();
    periodics.every("orphans", options.heartbeatInterval(), adoption::round);
    periodics.every("waiting flows", check, adoption::goOnWithWaiting);
    periodics.every(
        "orphan allocations", options.checkAllocationsInterval(), this::goOnWithAllocations);
    timeout(periodics, ProvisionState.WAIT_CALL_BACK, check, options.deployCallbackTimeout());
    timeout(periodics, ProvisionState.CLEAN_WAIT, check, options.cleanCallbackTimeout());
    timeout(periodics, ProvisionState.SERVICE_WAIT, check, options.serviceCallbackTimeout());
    timeout(periodics, ProvisionState.INSPECT_WAIT, check, options.inspectWaitTimeout());
    timeout(
        periodics,
        ProvisionState.RESCUE_WAIT,
        options.checkRescueStateInterval(),
        options.rescueCallbackTimeout());
    periodics.every("power sync", options.syncPowerStateInterval(), powerSync::run);
    periodics.every(
        "power failure recovery", options.powerFailureRecoveryInterval(), powerSync::recover);
    periodics.every("take-over", options.syncLocalStateInterval(), adoption::takeOverMoved);
    periodics.every("sensors", sensors.options().spacing(), sensors::publish);
    if (cacheCleanUp != null) {
      periodics.every("image caches", options.cacheCleanUpInterval(), cacheCleanUp);
    }
    periodics.every(
        "dead conductors", options.conductorCleanupInterval(), watch::removeDeadConductors);
    if (options.nodeHistoryMaxEntries() > 0 && options.nodeHistoryCleanupBatchCount() > 0) {
      periodics.every("history", options.nodeHistoryCleanupInterval(), watch::purgeHistory);
    }
  }

  private void timeout(
      Periodics periodics, ProvisionState state, Duration spacing, Duration limit) {
    if (limit.isPositive()) {
      periodics.every(state.wireName() + " timeouts", spacing, () -> watch.timeOut(state, limit));
    }
  }

  private void goOnWithAllocations() {
    allocations.adoptOrphans(
        tasks.store().conductors().offline(options.heartbeatTimeout()).stream()
            .filter(dead -> !dead.hostname().equals(tasks.host()))
            .map(ConductorRecord::id)
            .toList());
    allocations.resumeOwn();
  }
}
