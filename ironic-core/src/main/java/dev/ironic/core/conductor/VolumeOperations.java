package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Changes;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState.Trait;
import dev.ironic.core.model.VolumeConnector;
import dev.ironic.core.model.VolumeTarget;
import dev.ironic.core.store.Store;
import dev.ironic.driver.PowerState;

/** Volume connectors and targets of nodes; they change only while the machine is off. */
final class VolumeOperations {

  private final NodeWork work;
  private final Store store;

  VolumeOperations(NodeWork work, Store store) {
    this.work = work;
    this.store = store;
  }

  VolumeConnector update(RequestContext context, VolumeConnector before, VolumeConnector after) {
    return work.lockedResult(
        context,
        before.nodeUuid(),
        "volume connector update",
        task -> {
          requireOff(task.model(), "volume connector update");
          VolumeConnector current = store.volumeConnectors().get(before.uuid());
          Changes<VolumeConnector> changes = Changes.between(before, after);
          if (!changes.fits(current)) {
            throw NodeOperations.changedMeanwhile("VolumeConnector", before.uuid());
          }
          VolumeConnector wanted = changes.applyTo(current);
          return store.volumeConnectors().update(current, wanted);
        });
  }

  void destroyConnector(RequestContext context, String uuid) {
    VolumeConnector connector = store.volumeConnectors().get(uuid);
    work.locked(
        context,
        connector.nodeUuid(),
        "volume connector deletion",
        task -> {
          requireOffOrUnused(task.model(), "volume connector deletion");
          store.volumeConnectors().delete(connector);
        });
  }

  VolumeTarget update(RequestContext context, VolumeTarget before, VolumeTarget after) {
    return work.lockedResult(
        context,
        before.nodeUuid(),
        "volume target update",
        task -> {
          requireOff(task.model(), "volume target update");
          VolumeTarget current = store.volumeTargets().get(before.uuid());
          Changes<VolumeTarget> changes = Changes.between(before, after);
          if (!changes.fits(current)) {
            throw NodeOperations.changedMeanwhile("VolumeTarget", before.uuid());
          }
          VolumeTarget wanted = changes.applyTo(current);
          return store.volumeTargets().update(current, wanted);
        });
  }

  void destroyTarget(RequestContext context, String uuid) {
    VolumeTarget target = store.volumeTargets().get(uuid);
    work.locked(
        context,
        target.nodeUuid(),
        "volume target deletion",
        task -> {
          requireOffOrUnused(task.model(), "volume target deletion");
          store.volumeTargets().delete(target);
        });
  }

  private static void requireOffOrUnused(Node node, String action) {
    if (!node.provisionState().is(Trait.DELETABLE)) {
      requireOff(node, action);
    }
  }

  private static void requireOff(Node node, String action) {
    PowerState power = node.powerState();
    if (power != PowerState.POWER_OFF) {
      throw new IronicException(
          Fault.INVALID_STATE_REQUESTED,
          ("The requested action \"%s\" can not be performed on node \"%s\" while it is in state"
                  + " \"%s\". Switch it off first.")
              .formatted(action, node.uuid(), power == null ? "None" : power.wireName()));
    }
  }
}
