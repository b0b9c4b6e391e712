package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionVerb;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.StepKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What users ask of an instance: deploy, rebuild, tear down. Thread-safe. */
final class Deployments {

  private static final Pattern GLANCE =
      Pattern.compile("glance://.*|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Set<String> GLANCE_KEYS =
      Set.of("kernel", "ramdisk", "boot_iso", "original_image_source");

  private final TaskManager tasks;
  private final FlowEngine engine;
  private final StepCatalog catalog;
  private final Limits limits;

  Deployments(TaskManager tasks, FlowEngine engine, StepCatalog catalog, Limits limits) {
    this.tasks = tasks;
    this.engine = engine;
    this.catalog = catalog;
    this.limits = limits;
  }

  void deploy(
      RequestContext context,
      String nodeUuid,
      boolean rebuild,
      @Nullable Object configDrive,
      @Nullable List<Map<String, @Nullable Object>> userSteps) {
    limits.checkDeployments();
    try (Task task = tasks.exclusive(context, nodeUuid, rebuild ? "rebuild" : "deployment")) {
      Node node = task.model();
      Provisioning.checkMaintenance(node, rebuild ? "rebuilding" : "provisioning");
      if (rebuild) {
        checkProtected(node);
      }
      Provisioning.check(node, rebuild ? ProvisionVerb.REBUILD : ProvisionVerb.ACTIVE);
      checkBootMode(node);
      if (userSteps != null) {
        catalog.checkAllowed(StepKind.DEPLOY, userSteps);
      }
      prepare(task, rebuild, userSteps);
      validate(task);
      engine.begin(
          task,
          rebuild ? ProvisionEvent.REBUILD : ProvisionEvent.DEPLOY,
          null,
          rebuild ? FlowKind.REBUILD : FlowKind.DEPLOY,
          Map.of(),
          current ->
              configDrive == null
                  ? current
                  : current.withInstanceInfo(
                      NodeChange.put(current.instanceInfo(), "configdrive", configDrive)),
          "deployment");
    }
  }

  private static void checkProtected(Node node) {
    if (node.isProtected()) {
      throw new IronicException(
          Fault.NODE_PROTECTED,
          "Node %s is protected and cannot be undeployed, rebuilt or deleted"
              .formatted(node.uuid()));
    }
  }

  private void checkBootMode(Node node) {
    String mode = node.bootMode();
    if (mode != null && tasks.options().disallowedDeploymentBootModes().contains(mode)) {
      throw new IronicException(
          Fault.BOOT_MODE_NOT_ALLOWED,
          "Boot mode %s of node %s is not allowed for deployment; allow it in"
                  .formatted(mode, node.uuid())
              + " [conductor]disallowed_deployment_boot_modes or change the node's boot mode");
    }
  }

  /** What is decided about the instance before anything is checked. */
  private void prepare(
      Task task, boolean rebuild, @Nullable List<Map<String, @Nullable Object>> userSteps) {
    task.save(
        node -> {
          Node prepared = StepTrack.DEPLOY.wiped(node);
          if (userSteps != null) {
            prepared =
                prepared.withDriverInternalInfo(
                    NodeChange.put(prepared.driverInternalInfo(), "user_deploy_steps", userSteps));
          }
          if (rebuild && isGlance(node.instanceInfo().get("image_source"))) {
            prepared =
                prepared.withInstanceInfo(
                    NodeChange.remove(prepared.instanceInfo(), GLANCE_KEYS.toArray(String[]::new)));
          }
          if (!rebuild) {
            prepared = withLessee(prepared, task.context());
          }
          return withImageType(prepared);
        });
    String wanted = task.deploy().switchInterface(task);
    String present = task.node().interfaceName(InterfaceKind.DEPLOY);
    if (!wanted.equals(present)) {
      task.save(
          node -> {
            var interfaces = new EnumMap<InterfaceKind, String>(InterfaceKind.class);
            interfaces.putAll(node.interfaces());
            interfaces.put(InterfaceKind.DEPLOY, wanted);
            return node.withInterfaces(interfaces)
                .withDriverInternalInfo(
                    NodeChange.put(
                        node.driverInternalInfo(), "original_deploy_interface", present));
          });
    }
  }

  /** Glance images are named by UUID; what was derived from one is looked up again. */
  private static boolean isGlance(@Nullable Object source) {
    return source != null && GLANCE.matcher(source.toString()).matches();
  }

  private Node withLessee(Node node, RequestContext context) {
    if (!tasks.options().automaticLessee() || node.lessee() != null) {
      return node;
    }
    Object lessee =
        switch (tasks.options().automaticLesseeSource()) {
          case "request" -> context.project();
          case "none" -> null;
          default -> node.instanceInfo().get("project_id");
        };
    return lessee == null
        ? node
        : node.with(b -> b.lessee(lessee.toString()))
            .withDriverInternalInfo(
                NodeChange.put(node.driverInternalInfo(), "automatic_lessee", true));
  }

  private static Node withImageType(Node node) {
    Map<String, @Nullable Object> info = node.instanceInfo();
    if (info.get("image_source") == null) {
      return node;
    }
    Object type = info.get("image_type");
    boolean whole =
        type == null
            ? info.get("kernel") == null && info.get("ramdisk") == null
            : !"partition".equals(type);
    return node.withDriverInternalInfo(
            NodeChange.put(node.driverInternalInfo(), "is_whole_disk_image", whole))
        .withInstanceInfo(NodeChange.put(info, "image_type", whole ? "whole-disk" : "partition"));
  }

  private void validate(Task task) {
    try {
      checkTraits(task);
      task.power().validate(task);
      task.deploy().validate(task);
      catalog.deployment(task, false);
    } catch (RuntimeException e) {
      throw refused(
          e,
          Fault.INSTANCE_DEPLOY_FAILURE,
          "Failed to validate deploy or power info for node %s: %s"
              .formatted(task.model().uuid(), TaskManager.reason(e)));
    }
  }

  private void checkTraits(Task task) {
    if (!(task.model().instanceInfo().get("traits") instanceof List<?> wanted)) {
      return;
    }
    var missing = new TreeSet<String>();
    wanted.forEach(trait -> missing.add(String.valueOf(trait)));
    task.model().traits().forEach(missing::remove);
    if (!missing.isEmpty()) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "Cannot specify instance traits that are not also set on the node. Node %s lacks %s"
              .formatted(task.model().uuid(), String.join(", ", missing)));
    }
  }

  /** A refusal with a text of its own and the status of its cause. */
  static IronicException refused(RuntimeException cause, Fault fault, String message) {
    int status =
        switch (cause) {
          case IronicException ironic -> ironic.status();
          case DriverException driver -> driver.kind().status();
          default -> fault.status();
        };
    return new IronicException(fault, status, message, cause);
  }

  void tearDown(RequestContext context, String nodeUuid) {
    limits.checkCleaning();
    try (Task task = tasks.exclusive(context, nodeUuid, "tear down")) {
      Node node = task.model();
      checkProtected(node);
      Provisioning.check(node, ProvisionVerb.DELETED);
      try {
        task.power().validate(task);
      } catch (RuntimeException e) {
        throw refused(
            e,
            Fault.INSTANCE_DEPLOY_FAILURE,
            "Failed to validate power driver interface of node %s. Can not delete instance. Error: %s"
                .formatted(node.uuid(), TaskManager.reason(e)));
      }
      boolean rescued =
          switch (node.provisionState()) {
            case RESCUE, RESCUE_WAIT, RESCUE_FAILED, UNRESCUE_FAILED -> true;
            default -> false;
          };
      engine.begin(
          task,
          ProvisionEvent.DELETE,
          null,
          FlowKind.TEAR_DOWN,
          Map.of(TearDownPlan.RESCUED, rescued),
          current ->
              current.withDriverInternalInfo(
                  NodeChange.remove(current.driverInternalInfo(), AgentKeys.URL)),
          "tear down");
    }
  }
}
