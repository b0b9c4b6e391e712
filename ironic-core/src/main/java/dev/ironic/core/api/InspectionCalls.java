package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.NodeRepository;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes what a ramdisk found out about its machine; served without authentication. */
final class InspectionCalls {

  private static final String BMC_ADDRESSES = "lookup_bmc_addresses";

  private final Lookups lookups;
  private final RamdiskCalls ramdisk;

  InspectionCalls(Lookups lookups, RamdiskCalls ramdisk) {
    this.lookups = lookups;
    this.ramdisk = ramdisk;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("ramdisk.continue_inspection", this::take);
  }

  private Answer take(ApiRequest request) {
    ramdisk.checkEnabled();
    Map<String, @Nullable Object> body = Bodies.members(request);
    Map<String, @Nullable Object> inventory = Json.object(body.get("inventory"));
    Set<String> macs = macs(inventory);
    Set<String> bmc = bmcAddresses(inventory);
    boolean oldest = !request.version().atLeast(request.operation().since());
    String uuid = request.query("node_uuid");
    if (oldest && uuid != null) {
      throw concealed();
    }
    Node node = find(uuid, macs, bmc);
    var pluginData = new LinkedHashMap<>(body);
    pluginData.remove("inventory");
    // Before a worker has the node, which then would not give it away for the token.
    Answer answer =
        oldest
            ? Answer.document(202, Map.of("uuid", node.uuid()))
            : ramdisk.known(request, 202, node);
    lookups
        .conductorFor(node)
        .continueInspection(request.context(), node.uuid(), inventory, pluginData);
    return answer;
  }

  private static Set<String> macs(Map<String, @Nullable Object> inventory) {
    if (!(inventory.get("interfaces") instanceof List<?> interfaces) || interfaces.isEmpty()) {
      throw new IronicException(
          Fault.INVALID, "inventory.interfaces must be a list of at least one interface");
    }
    var macs = new LinkedHashSet<String>();
    for (Object one : interfaces) {
      Object address = one instanceof Map<?, ?> map ? map.get("mac_address") : null;
      if (address == null) {
        throw new IronicException(
            Fault.INVALID, "each of inventory.interfaces must be an object with mac_address");
      }
      macs.add(String.valueOf(FieldType.MAC.accept("mac_address", address)));
    }
    return macs;
  }

  private static Set<String> bmcAddresses(Map<String, @Nullable Object> inventory) {
    var addresses = new LinkedHashSet<String>();
    for (String key : List.of("bmc_address", "bmc_v6address")) {
      Object value = inventory.get(key);
      if (value != null && !(value instanceof String)) {
        throw new IronicException(Fault.INVALID, "inventory." + key + " must be a text or null");
      }
      if (value instanceof String text && !text.isBlank()) {
        addresses.add(text);
      }
    }
    return addresses;
  }

  /** The one node that all hints agree on; everything else is answered alike. */
  private Node find(@Nullable String uuid, Set<String> macs, Set<String> bmc) {
    NodeRepository nodes = lookups.store().nodes();
    Optional<Node> named = uuid == null ? Optional.empty() : nodes.find(uuid);
    if (uuid != null && named.isEmpty()) {
      throw concealed();
    }
    List<Node> byMac = nodes.findByMacs(macs);
    if (byMac.size() > 1) {
      throw concealed();
    }
    Optional<Node> candidate = byMac.isEmpty() ? named : Optional.of(byMac.getFirst());
    if (named.isPresent() && candidate.isPresent() && named.get().id() != candidate.get().id()) {
      throw concealed();
    }
    if (candidate.isPresent() && candidate.get().provisionState() != ProvisionState.INSPECT_WAIT) {
      throw concealed();
    }
    return byBmc(candidate, bmc);
  }

  private Node byBmc(Optional<Node> candidate, Set<String> bmc) {
    List<Node> matches = new ArrayList<>();
    if (!bmc.isEmpty()) {
      lookups
          .store()
          .nodes()
          .list(Query.ALL.and(new Filter.Equal("provisionState", ProvisionState.INSPECT_WAIT)))
          .stream()
          .filter(
              node ->
                  node.driverInternalInfo().get(BMC_ADDRESSES) instanceof Collection<?> known
                      && !Collections.disjoint(known, bmc))
          .forEach(matches::add);
    }
    if (candidate.isEmpty()) {
      if (matches.size() != 1) {
        throw concealed();
      }
      return matches.getFirst();
    }
    Node node = candidate.get();
    if (!matches.isEmpty() && matches.stream().noneMatch(match -> match.id() == node.id())) {
      throw concealed();
    }
    return node;
  }

  private static IronicException concealed() {
    return new IronicException(Fault.NOT_FOUND, "Resource could not be found.");
  }
}
