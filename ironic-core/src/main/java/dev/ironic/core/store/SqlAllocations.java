package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Node;
import java.time.Clock;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Allocations in SQL; the node that one gets is marked in the same transaction. */
final class SqlAllocations extends SqlRepository<Allocation> {

  private final Rows<Node> nodes;

  SqlAllocations(Database database, Clock clock) {
    super(database, clock, Tables.ALLOCATIONS);
    nodes = new Rows<>(Tables.NODES, database.dialect());
  }

  @Override
  protected void writeChildren(Session session, Allocation stored, Allocation wanted) {
    Long nodeId = stored.nodeId();
    if (nodeId != null) {
      bind(session, stored, nodeId);
    }
  }

  private void bind(Session session, Allocation allocation, long nodeId) {
    if (database.dialect() == Dialect.POSTGRESQL) {
      nodes
          .sql("SELECT 1 FROM nodes WHERE id = ? FOR UPDATE", nodeId)
          .list(session, row -> row.getInt(1));
    }
    Node node =
        nodes.find(session, "id", nodeId).orElseThrow(() -> nodes.missing(String.valueOf(nodeId)));
    String instance = node.instanceUuid();
    if (instance != null && !instance.equals(allocation.uuid())) {
      throw new IronicException(
          Fault.NODE_ASSOCIATED,
          "Node %s is associated with instance %s.".formatted(node.uuid(), instance));
    }
    if (instance != null && Long.valueOf(allocation.id()).equals(node.allocationId())) {
      return;
    }
    var instanceInfo = new LinkedHashMap<String, @Nullable Object>(node.instanceInfo());
    instanceInfo.put("traits", allocation.traits());
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("allocationId", allocation.id());
    values.put("instanceUuid", allocation.uuid());
    values.put("instanceInfo", instanceInfo);
    nodes.update(session, values, node, nodes.sql(" WHERE \"id\" = ?", nodeId), now());
  }

  @Override
  protected void beforeDelete(Session session, Allocation row) {
    rows.sql(
            "UPDATE nodes SET allocation_id = NULL, instance_uuid = NULL WHERE allocation_id = ?",
            row.id())
        .run(session);
  }
}
