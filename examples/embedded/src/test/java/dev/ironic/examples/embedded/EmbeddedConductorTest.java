package dev.ironic.examples.embedded;

import static dev.ironic.core.model.ProvisionState.ACTIVE;
import static dev.ironic.core.model.ProvisionState.AVAILABLE;
import static dev.ironic.core.model.ProvisionState.MANAGEABLE;
import static org.awaitility.Awaitility.await;

import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EmbeddedConductorTest {

  @Test
  void aNodeBecomesActive() {
    var options =
        Map.of(
            "enabled_hardware_types", "fake-hardware",
            "enabled_boot_interfaces", "fake",
            "enabled_deploy_interfaces", "fake");
    var config = IronicConfig.of(Map.of("DEFAULT", options));
    var me = RequestContext.internal("req-1");
    var node = Node.draft(UUID.randomUUID().toString(), "fake-hardware");

    try (var store = SqlStore.open(DatabaseUrl.parse("sqlite://"), Clock.systemUTC());
        var ironic = Conductor.builder().store(store).config(config).host("here").start()) {
      ironic.service().createNode(me, node);
      ironic.service().doProvisioningAction(me, node.uuid(), "manage");
      await().until(() -> store.nodes().get(node.uuid()).provisionState() == MANAGEABLE);
      ironic.service().doProvisioningAction(me, node.uuid(), "provide");
      await().until(() -> store.nodes().get(node.uuid()).provisionState() == AVAILABLE);
      ironic.service().doNodeDeploy(me, node.uuid(), false, null, null);
      await().until(() -> store.nodes().get(node.uuid()).provisionState() == ACTIVE);
    }
  }
}
