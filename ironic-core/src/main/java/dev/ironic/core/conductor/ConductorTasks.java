package dev.ironic.core.conductor;

import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.ProvisionState;
import java.time.Duration;

/** What a conductor does again and again, and how often. */
record ConductorTasks(
    ConductorOptions options,
    TaskManager tasks,
    Watch watch,
    PowerSync powerSync,
    AllocationOperations allocations) {

  /** Begins with all that the configuration does not switch off. */
  void schedule(Periodics periodics) {
    Duration check = options.checkProvisionStateInterval();
    periodics.every("orphans", check, watch::adoptOrphans);
    periodics.every("orphan allocations", check, this::adoptAllocations);
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
    periodics.every("take-over", options.syncLocalStateInterval(), watch::syncLocalState);
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

  private void adoptAllocations() {
    allocations.adoptOrphans(
        tasks.store().conductors().offline(options.heartbeatTimeout()).stream()
            .map(ConductorRecord::id)
            .toList());
  }
}
