package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.util.List;

/** How many nodes may be deployed or cleaned at a time, over all conductors. Thread-safe. */
final class Limits {

  private static final List<ProvisionState> DEPLOYING =
      List.of(ProvisionState.DEPLOYING, ProvisionState.WAIT_CALL_BACK);
  private static final List<ProvisionState> CLEANING =
      List.of(ProvisionState.DELETING, ProvisionState.CLEANING, ProvisionState.CLEAN_WAIT);

  private final Store store;
  private final ConductorOptions options;

  Limits(Store store, ConductorOptions options) {
    this.store = store;
    this.options = options;
  }

  void checkDeployments() {
    check(DEPLOYING, options.maxConcurrentDeploy(), "deploying", "max_concurrent_deploy");
  }

  void checkCleaning() {
    check(CLEANING, options.maxConcurrentClean(), "cleaning", "max_concurrent_clean");
  }

  private void check(List<ProvisionState> states, int most, String what, String option) {
    long now = store.nodes().count(Query.ALL.and(new Query.Filter.In("provisionState", states)));
    if (now >= most) {
      throw new IronicException(
          Fault.CONCURRENT_ACTION_LIMIT,
          "Unable to process request: the limit of %d nodes %s at a time ([conductor]%s) is reached."
                  .formatted(most, what, option)
              + " Try again later.");
    }
  }
}
