package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.ProvisionState.Trait;
import dev.ironic.driver.Heartbeat;
import dev.ironic.driver.InterfaceKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the deployment agent asks for; served without authentication. */
final class RamdiskCalls {

  private static final String TOKEN = "agent_secret_token";

  /** First version in which a lookup hands out a token. */
  private static final int TOKENS = 62;

  private static final List<String> SHOWN =
      List.of("uuid", "properties", "instance_info", "driver_internal_info", "links");

  private final Lookups lookups;
  private final ApiOptions options;

  RamdiskCalls(Lookups lookups, ApiOptions options) {
    this.lookups = lookups;
    this.options = options;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("ramdisk.lookup", this::lookup);
    handlers.put("ramdisk.heartbeat", this::heartbeat);
  }

  private Answer lookup(ApiRequest request) {
    checkEnabled();
    Node node = wanted(request);
    if (options.restrictLookup() && !waitsForAgent(node)) {
      throw concealed();
    }
    return known(request, 200, node);
  }

  /** What an agent is told of its node, with the token the first time. */
  Answer known(ApiRequest request, int status, Node node) {
    Node shown = node;
    String token = null;
    if (request.version().atLeast(TOKENS)) {
      shown = lookups.conductorFor(node).nodeWithToken(request.context(), node.uuid());
      token =
          Optional.ofNullable(shown.driverInternalInfo().get(TOKEN))
              .map(Object::toString)
              .orElse(null);
    }
    return document(request, status, shown, token);
  }

  private Answer document(ApiRequest request, int status, Node node, @Nullable String token) {
    List<Field<Node>> fields =
        NodeTable.NODE.whole(request.version()).stream()
            .filter(field -> SHOWN.contains(field.name()))
            .toList();
    View view = View.plain(request);
    boolean redfish =
        node.interfaces().getOrDefault(InterfaceKind.MANAGEMENT, "").contains("redfish");
    return Answer.json(
        status,
        out -> {
          out.writeStartObject();
          out.writeName("node");
          NodeTable.NODE.write(out, node, fields, view);
          out.writeName("config");
          Json.write(out, options.agent().forAgent(token, redfish));
          out.writeEndObject();
        });
  }

  /** The one node that the agent means; all that does not fit is answered alike. */
  private Node wanted(ApiRequest request) {
    String uuid = request.query("node_uuid");
    String addresses = request.query("addresses");
    if (uuid == null && addresses == null) {
      throw new IronicException(
          Fault.INVALID, "At least one of 'addresses' and 'node_uuid' parameters is required");
    }
    if (uuid != null) {
      return lookups.store().nodes().find(uuid).orElseThrow(RamdiskCalls::concealed);
    }
    List<String> macs =
        Arrays.stream(Objects.requireNonNull(addresses).toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .filter(RamdiskCalls::isMac)
            .toList();
    if (macs.isEmpty()) {
      throw new IronicException(
          Fault.INVALID, "None of the addresses '%s' is a MAC address".formatted(addresses));
    }
    List<Node> found = lookups.store().nodes().findByMacs(macs);
    if (found.size() != 1) {
      throw concealed();
    }
    return found.getFirst();
  }

  private static boolean isMac(String text) {
    return text.matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
  }

  private boolean waitsForAgent(Node node) {
    ProvisionState state = node.provisionState();
    boolean fast = options.fastTrack() || Boolean.TRUE.equals(node.driverInfo().get("fast_track"));
    return state.is(Trait.LOOKUP) || (fast && state.is(Trait.LOOKUP_FAST_TRACK));
  }

  private Answer heartbeat(ApiRequest request) {
    checkEnabled();
    Node node = lookups.node(request);
    Map<String, @Nullable Object> body = Bodies.members(request);
    var heartbeat =
        new Heartbeat(
            (String) Objects.requireNonNull(body.get("callback_url")),
            (String) body.get("agent_version"),
            (String) body.get("agent_verify_ca"),
            (String) body.get("agent_status"),
            (String) body.get("agent_status_message"));
    lookups
        .conductorFor(node)
        .heartbeat(request.context(), node.uuid(), heartbeat, (String) body.get("agent_token"));
    return Answer.empty(202);
  }

  /** Fails where agents are not served. */
  void checkEnabled() {
    if (!options.enableRamdiskEndpoints()) {
      throw new IronicException(
          Fault.FORBIDDEN, "This service does not serve agents ([api] enable_ramdisk_endpoints)");
    }
  }

  private static IronicException concealed() {
    return new IronicException(Fault.NOT_FOUND, "Resource could not be found.");
  }
}
