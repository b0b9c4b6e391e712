package dev.ironic.core.inspection;

import dev.ironic.core.model.NodeInventory;
import dev.ironic.core.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes an inspection's data into a node: hooks first, then the data are stored. Thread-safe. */
public final class Inspections {

  private final Store store;
  private final InspectionOptions options;
  private final HookChain hooks;

  /**
   * Creates the room.
   *
   * @throws IllegalArgumentException when the hooks configured do not fit together
   */
  public Inspections(Store store, InspectionOptions options) {
    this.store = store;
    this.options = options;
    this.hooks = HookChain.of(options);
  }

  /** What is configured. */
  public InspectionOptions options() {
    return options;
  }

  /**
   * Runs the hooks; the caller holds the node's lock.
   *
   * @return the data with what the hooks added, to be given to {@link #save}
   * @throws InspectionFailure when the data cannot be used
   */
  public Findings process(
      Findings.NodeAccess access,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData) {
    var findings = new Findings(store, access, inventory, pluginData);
    hooks.run(findings);
    return findings;
  }

  /** Stores the data in the place of those of the inspection before, if they are to be stored. */
  public void save(Findings findings) {
    if (!options.storeData()) {
      return;
    }
    var pluginData = new LinkedHashMap<String, @Nullable Object>(findings.pluginData());
    // An archive of the ramdisk's logs may come along; it is no inventory.
    pluginData.remove("logs");
    store
        .nodes()
        .saveInventory(
            new NodeInventory(
                0, null, null, findings.node().id(), findings.inventory(), pluginData));
  }
}
