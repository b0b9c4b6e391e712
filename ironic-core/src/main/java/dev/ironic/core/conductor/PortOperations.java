package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Changes;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.util.List;

/** Ports and port groups of nodes. Thread-safe. */
final class PortOperations {

  private final NodeWork work;
  private final Store store;

  PortOperations(NodeWork work, Store store) {
    this.work = work;
    this.store = store;
  }

  Port create(RequestContext context, Port draft) {
    return work.shared(
        context,
        draft.nodeUuid(),
        "port create",
        task -> {
          Port owned = draft.with(b -> b.nodeId(task.model().id()));
          checkPhysicalNetwork(owned);
          return store.inTransaction(
              () -> {
                shareNetwork(owned);
                return store.ports().insert(owned);
              });
        });
  }

  Port update(RequestContext context, Port before, Port after) {
    return work.lockedResult(
        context,
        before.nodeUuid(),
        "port update",
        task -> {
          Port current = store.ports().get(before.uuid());
          Changes<Port> changes = Changes.between(before, after);
          if (!changes.fits(current)) {
            throw NodeOperations.changedMeanwhile("Port", before.uuid());
          }
          Port wanted = changes.applyTo(current);
          PortRules.checkChange(task.model(), current, wanted);
          checkPhysicalNetwork(wanted);
          task.network().validate(task);
          task.network().portChanged(task, Views.port(current), Views.port(wanted));
          return store.inTransaction(
              () -> {
                shareNetwork(wanted);
                return store.ports().update(current, wanted);
              });
        });
  }

  /** A port group without a physical network is where its member is. */
  private void shareNetwork(Port member) {
    Long id = member.portgroupId();
    if (id != null && member.physicalNetwork() != null) {
      store
          .portgroups()
          .findById(id)
          .filter(group -> group.physicalNetwork() == null)
          .ifPresent(
              group ->
                  store
                      .portgroups()
                      .update(group, group.with(b -> b.physicalNetwork(member.physicalNetwork()))));
    }
  }

  void destroy(RequestContext context, String portUuid) {
    Port port = store.ports().get(portUuid);
    work.locked(
        context,
        port.nodeUuid(),
        "port deletion",
        task -> {
          Port current = store.ports().get(portUuid);
          PortRules.checkDeletable(task.model(), current);
          store.ports().delete(current);
        });
  }

  Portgroup update(RequestContext context, Portgroup before, Portgroup after) {
    return work.lockedResult(
        context,
        before.nodeUuid(),
        "portgroup update",
        task -> {
          Portgroup current = store.portgroups().get(before.uuid());
          Changes<Portgroup> changes = Changes.between(before, after);
          if (!changes.fits(current)) {
            throw NodeOperations.changedMeanwhile("Portgroup", before.uuid());
          }
          Portgroup wanted = changes.applyTo(current);
          PortRules.checkChange(task.model(), current, wanted);
          task.network().validate(task);
          task.network().portgroupChanged(task, Views.portgroup(current), Views.portgroup(wanted));
          return store.portgroups().update(current, wanted);
        });
  }

  void destroyGroup(RequestContext context, String portgroupUuid) {
    Portgroup group = store.portgroups().get(portgroupUuid);
    work.locked(
        context,
        group.nodeUuid(),
        "portgroup deletion",
        task -> {
          if (!members(group.id()).isEmpty()) {
            throw new IronicException(
                Fault.PORTGROUP_NOT_EMPTY,
                ("Cannot complete the requested action because portgroup %s contains ports."
                        + " Remove them from it first.")
                    .formatted(portgroupUuid));
          }
          store.portgroups().delete(group);
        });
  }

  private void checkPhysicalNetwork(Port port) {
    Long group = port.portgroupId();
    if (group != null) {
      PortRules.checkPhysicalNetwork(port, members(group));
    }
  }

  private List<Port> members(long portgroupId) {
    return store.ports().list(Query.where("portgroupId", portgroupId));
  }
}
