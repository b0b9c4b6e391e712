package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node's states, apart from provisioning: power, maintenance, console, boot mode, RAID. */
final class StateCalls {

  /** The fields of a node that tell its states. */
  private static final List<String> STATES =
      List.of(
          "console_enabled",
          "last_error",
          "power_state",
          "provision_state",
          "target_power_state",
          "target_provision_state",
          "provision_updated_at",
          "raid_config",
          "target_raid_config",
          "boot_mode",
          "secure_boot");

  private final Lookups lookups;

  StateCalls(Lookups lookups) {
    this.lookups = lookups;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.states.get", this::states);
    handlers.put("node.states.power", this::power);
    handlers.put("node.states.raid", this::raid);
    handlers.put("node.states.console.get", this::console);
    handlers.put("node.states.console.set", this::setConsole);
    handlers.put("node.states.boot_mode", this::bootMode);
    handlers.put("node.states.secure_boot", this::secureBoot);
    handlers.put("node.maintenance.set", this::setMaintenance);
    handlers.put("node.maintenance.clear", this::clearMaintenance);
  }

  private ConductorService conductor(Node node) {
    return lookups.locator().forNode(node);
  }

  private Answer states(ApiRequest request) {
    Node node = lookups.node(request);
    List<Field<Node>> shown =
        NodeTable.NODE.whole(request.version()).stream()
            .filter(field -> STATES.contains(field.name()))
            .toList();
    View view = View.plain(request);
    return Answer.json(200, out -> NodeTable.NODE.write(out, node, shown, view));
  }

  private Answer power(ApiRequest request) {
    if (Bodies.typed(request).get("target") instanceof String soft && soft.startsWith("soft ")) {
      request.version().require(27, "Target " + soft);
    }
    Map<String, @Nullable Object> body = Bodies.members(request);
    String target = (String) body.get("target");
    Node node = lookups.node(request);
    conductor(node)
        .changeNodePowerState(
            request.context(),
            node.uuid(),
            java.util.Objects.requireNonNull(target),
            (Integer) body.get("timeout"));
    return Answer.empty(202).at(Answer.states(request, node));
  }

  private Answer raid(ApiRequest request) {
    Node node = lookups.node(request);
    // The conductor judges the configuration, after the question whether there is RAID at all.
    Map<String, @Nullable Object> config =
        request.body().length == 0 ? Map.of() : Bodies.object(Json.read(request.body()));
    try {
      conductor(node).setTargetRaidConfig(request.context(), node.uuid(), config);
    } catch (IronicException e) {
      if (e.fault() == Fault.UNSUPPORTED_DRIVER_EXTENSION) {
        throw new IronicException(e.fault(), 404, String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
    return Answer.empty(204);
  }

  private Answer console(ApiRequest request) {
    Node node = lookups.node(request);
    Object info = null;
    boolean enabled = false;
    try {
      info = conductor(node).consoleInformation(request.context(), node.uuid());
      enabled = true;
    } catch (IronicException e) {
      // A node without any console has none that is on: that is an answer, not a failure.
      if (e.fault() != Fault.NODE_CONSOLE_NOT_ENABLED
          && e.fault() != Fault.UNSUPPORTED_DRIVER_EXTENSION) {
        throw e;
      }
    }
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("console_enabled", enabled);
    document.put("console_info", info);
    return Answer.document(200, document);
  }

  private Answer setConsole(ApiRequest request) {
    boolean enabled =
        (Boolean) java.util.Objects.requireNonNull(Bodies.members(request).get("enabled"));
    Node node = lookups.node(request);
    conductor(node).setConsoleMode(request.context(), node.uuid(), enabled);
    return Answer.empty(202).at(Answer.states(request, node) + "/console");
  }

  private Answer bootMode(ApiRequest request) {
    String target =
        (String) java.util.Objects.requireNonNull(Bodies.members(request).get("target"));
    Node node = lookups.node(request);
    conductor(node).changeNodeBootMode(request.context(), node.uuid(), target);
    return Answer.empty(202).at(Answer.states(request, node));
  }

  private Answer secureBoot(ApiRequest request) {
    boolean target =
        (Boolean) java.util.Objects.requireNonNull(Bodies.members(request).get("target"));
    Node node = lookups.node(request);
    conductor(node).changeNodeSecureBoot(request.context(), node.uuid(), target);
    return Answer.empty(202).at(Answer.states(request, node));
  }

  private Answer setMaintenance(ApiRequest request) {
    String reason = (String) Bodies.members(request).get("reason");
    Node node = lookups.node(request);
    update(request, node, node.with(b -> b.maintenance(true).maintenanceReason(reason)));
    return Answer.empty(202);
  }

  private Answer clearMaintenance(ApiRequest request) {
    Node node = lookups.node(request);
    update(request, node, node.with(b -> b.maintenance(false).maintenanceReason(null).fault(null)));
    return Answer.empty(202);
  }

  private void update(ApiRequest request, Node before, Node after) {
    conductor(before).updateNode(request.context(), before, after, false);
  }
}
