package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.Runbook;
import dev.ironic.core.states.ProvisionVerb;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The verbs that move a node through its life. */
final class ProvisionCalls {

  private final Lookups lookups;

  ProvisionCalls(Lookups lookups) {
    this.lookups = lookups;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.states.provision", this::provision);
  }

  private Answer provision(ApiRequest request) {
    Map<String, @Nullable Object> body = Bodies.ofAnyVersion(request);
    Node node = lookups.node(request);
    ProvisionVerb verb = ProvisionVerb.ofWireName(String.valueOf(body.get("target"))).orElseThrow();
    ApiVersion version = request.version();
    // The newest two verbs are judged by the node's state first, all others by the version.
    boolean stateFirst = isOneOf(verb, ProvisionVerb.UNHOLD, ProvisionVerb.SERVICE);
    if (!stateFirst) {
      requireKnown(verb, version);
    }
    checkState(node, verb);
    if (stateFirst) {
      requireKnown(verb, version);
    }
    Bodies.requireKnown(request, body);
    checkAbort(node, verb, version);
    checkMembers(verb, body, version);
    Work work = work(request, verb, body, node);
    run(request, node, verb, work, body);
    return Answer.empty(202).at(Answer.states(request, node));
  }

  private static void requireKnown(ProvisionVerb verb, ApiVersion version) {
    // Older versions take undeploy, too.
    if (verb != ProvisionVerb.UNDEPLOY) {
      version.require(verb.since(), "Target " + verb.wireName());
    }
  }

  private static boolean isOneOf(ProvisionVerb verb, ProvisionVerb... verbs) {
    return List.of(verbs).contains(verb);
  }

  /** Which members go with which verb. */
  private static void checkMembers(
      ProvisionVerb verb, Map<String, @Nullable Object> body, ApiVersion version) {
    boolean deploys = isOneOf(verb, ProvisionVerb.ACTIVE, ProvisionVerb.DEPLOY);
    boolean rebuilds = verb == ProvisionVerb.REBUILD;
    boolean cleans = verb == ProvisionVerb.CLEAN;
    boolean services = verb == ProvisionVerb.SERVICE;
    only(body, "configdrive", verb, deploys || (rebuilds && version.atLeast(35)));
    only(body, "deploy_steps", verb, deploys || rebuilds);
    only(body, "clean_steps", verb, cleans);
    only(body, "service_steps", verb, services);
    only(body, "rescue_password", verb, verb == ProvisionVerb.RESCUE);
    only(body, "runbook", verb, cleans || services);
    only(body, "disable_ramdisk", verb, cleans || services);
    if (services && body.get("disable_ramdisk") != null) {
      version.require(108, "disable_ramdisk with target service");
    }
    if (verb == ProvisionVerb.RESCUE
        && (!(body.get("rescue_password") instanceof String text) || text.isBlank())) {
      throw refused("rescue_password must be given and not be blank for target rescue");
    }
    switch (body.get("configdrive")) {
      case Map<?, ?> drive -> checkConfigDrive(drive, version);
      case String text -> checkConfigDrive(text);
      case null, default -> {}
    }
  }

  /** A text is the address of a config drive, or the drive itself: base64 of gzip of ISO 9660. */
  private static void checkConfigDrive(String text) {
    if (text.startsWith("http://") || text.startsWith("https://")) {
      return;
    }
    try {
      Base64.getDecoder().decode(text.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw refused("configdrive is neither a URL nor base64: " + e.getMessage());
    }
  }

  private static void checkConfigDrive(Map<?, ?> drive, ApiVersion version) {
    if (!version.atLeast(56)) {
      throw refused("configdrive as an object needs API version 1.56 or newer");
    }
    for (Object key : drive.keySet()) {
      if (!Set.of("meta_data", "network_data", "user_data", "vendor_data").contains(key)) {
        throw refused("configdrive knows no '" + key + "'");
      }
    }
    if (drive.containsKey("vendor_data") && !version.atLeast(59)) {
      throw refused("vendor_data in configdrive needs API version 1.59 or newer");
    }
    for (String part : List.of("meta_data", "network_data", "vendor_data")) {
      if (drive.get(part) != null && !(drive.get(part) instanceof Map)) {
        throw refused(part + " in configdrive must be an object");
      }
    }
    Object user = drive.get("user_data");
    if (user != null && !(user instanceof Map || user instanceof List || user instanceof String)) {
      throw refused("user_data in configdrive must be a text, an object or a list");
    }
  }

  private static void only(
      Map<String, @Nullable Object> body, String member, ProvisionVerb verb, boolean fits) {
    if (body.get(member) != null && !fits) {
      throw refused("\"" + member + "\" is not valid for target " + verb.wireName());
    }
  }

  private static void checkAbort(Node node, ProvisionVerb verb, ApiVersion version) {
    if (verb == ProvisionVerb.ABORT) {
      if (node.provisionState() == ProvisionState.INSPECT_WAIT) {
        version.require(41, "Aborting an inspection");
      }
      if (node.provisionState() == ProvisionState.WAIT_CALL_BACK) {
        version.require(110, "Aborting a deployment");
      }
    }
  }

  private static void checkState(Node node, ProvisionVerb verb) {
    if (!verb.allowedIn(node.provisionState())) {
      if (node.reservation() != null) {
        throw new IronicException(
            Fault.NODE_LOCKED,
            "Node "
                + node.uuid()
                + " is locked by host "
                + node.reservation()
                + ", please retry after the current operation is completed.");
      }
      throw new IronicException(
          Fault.INVALID_STATE_REQUESTED,
          "The requested action \""
              + verb.wireName()
              + "\" can not be performed on node \""
              + node.uuid()
              + "\" while it is in state \""
              + node.provisionState().wireName()
              + "\".");
    }
  }

  /**
   * What a verb brings along.
   *
   * @param steps null when the request names none
   */
  private record Work(
      @Nullable List<Map<String, @Nullable Object>> steps, boolean disableRamdisk) {}

  private Work work(
      ApiRequest request, ProvisionVerb verb, Map<String, @Nullable Object> body, Node node) {
    return switch (verb) {
      case ACTIVE, DEPLOY, REBUILD -> new Work(deploySteps(body.get("deploy_steps")), false);
      case CLEAN, SERVICE -> {
        Runbook runbook = runbook(request, body, node);
        String member = verb == ProvisionVerb.CLEAN ? "clean_steps" : "service_steps";
        if (runbook == null) {
          request.permit().require("baremetal:node:set_provision_state:" + member, node);
        }
        yield new Work(steps(member, body, runbook), disableRamdisk(body, runbook));
      }
      case DELETED, UNDEPLOY, INSPECT, RESCUE, UNRESCUE, MANAGE, PROVIDE, ABORT, ADOPT, UNHOLD ->
          new Work(null, false);
    };
  }

  private static @Nullable List<Map<String, @Nullable Object>> deploySteps(@Nullable Object steps) {
    return steps == null
        ? null
        : Steps.requested(
            "deploy_steps", steps, Set.of("interface", "step", "args", "priority"), Set.of());
  }

  private void run(
      ApiRequest request,
      Node node,
      ProvisionVerb verb,
      Work work,
      Map<String, @Nullable Object> body) {
    RequestContext context = request.context();
    ConductorService conductor = conductor(node);
    String uuid = node.uuid();
    var steps = Objects.requireNonNullElse(work.steps(), List.<Map<String, @Nullable Object>>of());
    switch (verb) {
      case ACTIVE, DEPLOY, REBUILD ->
          conductor.doNodeDeploy(
              context, uuid, verb == ProvisionVerb.REBUILD, body.get("configdrive"), work.steps());
      case DELETED, UNDEPLOY -> conductor.doNodeTearDown(context, uuid);
      case INSPECT -> conductor.inspectHardware(context, uuid);
      case CLEAN -> conductor.doNodeClean(context, uuid, steps, work.disableRamdisk());
      case SERVICE -> conductor.doNodeService(context, uuid, steps, work.disableRamdisk());
      case RESCUE ->
          conductor.doNodeRescue(context, uuid, String.valueOf(body.get("rescue_password")));
      case UNRESCUE -> conductor.doNodeUnrescue(context, uuid);
      case MANAGE, PROVIDE, ABORT, ADOPT, UNHOLD ->
          conductor.doProvisioningAction(context, uuid, verb.wireName());
    }
  }

  private ConductorService conductor(Node node) {
    return lookups.locator().forNode(node);
  }

  private static boolean disableRamdisk(
      Map<String, @Nullable Object> body, @Nullable Runbook runbook) {
    return runbook == null
        ? Boolean.TRUE.equals(body.get("disable_ramdisk"))
        : runbook.disableRamdisk() || Boolean.TRUE.equals(body.get("disable_ramdisk"));
  }

  private @Nullable Runbook runbook(
      ApiRequest request, Map<String, @Nullable Object> body, Node node) {
    String ident = (String) body.get("runbook");
    if (ident == null) {
      return null;
    }
    Runbook runbook = Lookups.byIdent(lookups.store().runbooks(), ident);
    if (body.get("clean_steps") != null || body.get("service_steps") != null) {
      throw refused("runbook and explicit steps exclude each other");
    }
    Permit permit = request.permit();
    if (!runbook.isPublic() && !permit.allows("baremetal:runbook:use", runbook)) {
      throw permit.allows("baremetal:runbook:get", runbook)
          ? Permit.forbidden("baremetal:runbook:use")
          : new IronicException(Fault.NOT_FOUND, "Runbook " + ident + " could not be found.");
    }
    List<String> traits = node.traits();
    boolean fits =
        request.version().atLeast(112)
            ? runbook.traits().stream().anyMatch(traits::contains)
            : traits.contains(runbook.name());
    if (!fits) {
      throw refused("Runbook " + runbook.name() + " is not for this node: they share no trait");
    }
    return runbook;
  }

  private static List<Map<String, @Nullable Object>> steps(
      String member, Map<String, @Nullable Object> body, @Nullable Runbook runbook) {
    if (runbook != null) {
      var steps = new ArrayList<Map<String, @Nullable Object>>();
      runbook.steps().stream()
          .sorted(java.util.Comparator.comparingInt(s -> s.order()))
          .forEach(
              s -> {
                var step = new LinkedHashMap<String, @Nullable Object>();
                step.put("interface", s.interfaceName());
                step.put("step", s.step());
                step.put("args", s.args());
                step.put("order", s.order());
                steps.add(step);
              });
      return steps;
    }
    if (body.get(member) == null || List.of().equals(body.get(member))) {
      throw refused("\"" + member + "\" or \"runbook\" is required for this target");
    }
    return Steps.requested(
        member,
        body.get(member),
        Set.of("step"),
        Set.of(
            "interface", "args", "order", "execute_on_child_nodes", "limit_child_node_execution"));
  }

  private static IronicException refused(String why) {
    return new IronicException(Fault.INVALID, why);
  }
}
