package dev.ironic.core.conductor;

import dev.ironic.core.inspection.Findings;
import dev.ironic.core.inspection.InspectionFailure;
import dev.ironic.core.inspection.Inspections;
import dev.ironic.core.inspection.rules.InspectionRules;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionMachine;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.FirmwareInterface;
import dev.ironic.driver.InspectInterface;
import dev.ironic.driver.StepResult;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a machine is made of. There is one step: it starts the inspection, and runs again
 * when the ramdisk has posted its data, which are in the journal by then.
 */
final class InspectPlan implements FlowPlan {

  private static final Logger LOG = LoggerFactory.getLogger(InspectPlan.class);

  private static final String INVENTORY = "inventory";
  private static final String PLUGIN_DATA = "plugin_data";

  /** ISO 8601 without zone, with microseconds: how time stamps are kept in internal data. */
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private final Inspections inspections;
  private final InspectionRules rules;

  InspectPlan(Inspections inspections, InspectionRules rules) {
    this.inspections = inspections;
    this.rules = rules;
  }

  /** The ramdisk's data as the flow keeps them until they are worked in. */
  static Map<String, @Nullable Object> posted(
      Map<String, @Nullable Object> inventory, Map<String, @Nullable Object> pluginData) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put(INVENTORY, inventory);
    values.put(PLUGIN_DATA, pluginData);
    return values;
  }

  @Override
  public List<FlowStep> opening(Node node, Map<String, @Nullable Object> context) {
    return List.of(FlowRun.own("inspect"));
  }

  @Override
  public StepResult execute(FlowRun run, FlowStep step) {
    if (!(run.value(INVENTORY) instanceof Map<?, ?> inventory)) {
      return run.task().driver(InspectInterface.class).inspect(run.task());
    }
    Map<String, @Nullable Object> pluginData =
        run.value(PLUGIN_DATA) instanceof Map<?, ?> map ? object(map) : Map.of();
    StepResult result = takeData(run.task(), object(inventory), pluginData, run.now());
    // Once worked in, the data are stored elsewhere; a wait for more is for a new post.
    run.keep(INVENTORY, null);
    run.keep(PLUGIN_DATA, null);
    return result;
  }

  /** Heartbeats tell nothing here: the inspection goes on with the ramdisk's data only. */
  @Override
  public StepResult probe(FlowRun run, FlowStep step) {
    return StepResult.waiting();
  }

  /**
   * Works the ramdisk's data into a node.
   *
   * @return done when they are stored; waiting when the driver expects more; failed otherwise
   */
  StepResult takeData(
      Task task,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData,
      Instant now) {
    task.update(update -> update.internal(AgentKeys.LAST_HEARTBEAT, STAMP.format(now)));
    try {
      Findings findings = inspections.process(new Access(task), inventory, pluginData);
      StepResult result =
          task.driver(InspectInterface.class)
              .continueInspection(task, findings.inventory(), findings.pluginData());
      if (result instanceof StepResult.Done) {
        rules.apply(findings);
        inspections.save(findings);
        cacheFirmware(task);
      }
      return result;
    } catch (InspectionFailure e) {
      task.driver(InspectInterface.class).dataRefused(task, pluginData);
      return StepResult.failed("Failed to inspect hardware. Reason: " + e.getMessage());
    }
  }

  /** The node as hooks and rules reach it. */
  private record Access(Task task) implements Findings.NodeAccess {

    @Override
    public Node node() {
      return task.model();
    }

    @Override
    public void save(UnaryOperator<Node> change) {
      task.save(change);
    }

    @Override
    public void setTraits(Collection<String> traits) {
      task.store().nodes().setTraits(task.lock(), traits);
    }
  }

  private static void cacheFirmware(Task task) {
    try {
      task.driver(FirmwareInterface.class).cacheComponents(task);
    } catch (DriverException e) {
      LOG.info(
          "Firmware versions of node {} are not known: {}", task.model().uuid(), e.getMessage());
    }
  }

  @Override
  public Node finished(FlowRun run, Node node) {
    return StateChange.plain(AgentKeys.forget(node), ProvisionEvent.DONE, null);
  }

  /** An abort reached the hardware before it reached the flow. */
  @Override
  public void cleanUp(FlowRun run, Ending ending) {
    if (ending == Ending.ABORT) {
      return;
    }
    try {
      run.task().driver(InspectInterface.class).abort(run.task());
    } catch (DriverException e) {
      if (e.kind() != DriverException.Kind.UNSUPPORTED) {
        throw e;
      }
    }
  }

  @Override
  public Node failed(FlowRun run, Node node, Ending ending, String reason) {
    Node wiped = AgentKeys.forget(node).with(b -> b.lastError(reason));
    return ProvisionMachine.next(wiped.provisionState(), ProvisionEvent.FAIL).isPresent()
        ? StateChange.plain(wiped, ProvisionEvent.FAIL, null)
        : wiped;
  }

  @Override
  public @Nullable StepTrack track() {
    return null;
  }

  @Override
  public String eventType() {
    return "introspection";
  }

  private static Map<String, @Nullable Object> object(Map<?, ?> map) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, value) -> object.put(String.valueOf(key), value));
    return object;
  }
}
