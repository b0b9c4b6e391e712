package dev.ironic.core.conductor;

import dev.ironic.core.model.Node;
import dev.ironic.driver.StepKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the steps of a flow show on the node: fields and keys of {@code driver_internal_info}. */
enum StepTrack {
  CLEAN(StepKind.CLEAN, "cleaning", "Cleaning") {
    @Override
    Map<String, @Nullable Object> step(Node node) {
      return node.cleanStep();
    }

    @Override
    Node withStep(Node node, Map<String, @Nullable Object> step) {
      return node.withCleanStep(step);
    }
  },
  DEPLOY(StepKind.DEPLOY, "deployment", "Deployment") {
    @Override
    Map<String, @Nullable Object> step(Node node) {
      return node.deployStep();
    }

    @Override
    Node withStep(Node node, Map<String, @Nullable Object> step) {
      return node.withDeployStep(step);
    }
  },
  SERVICE(StepKind.SERVICE, "servicing", "Servicing") {
    @Override
    Map<String, @Nullable Object> step(Node node) {
      return node.serviceStep();
    }

    @Override
    Node withStep(Node node, Map<String, @Nullable Object> step) {
      return node.withServiceStep(step);
    }
  };

  private final StepKind kind;
  private final String noun;
  private final String title;

  StepTrack(StepKind kind, String noun, String title) {
    this.kind = kind;
    this.noun = noun;
    this.title = title;
  }

  StepKind kind() {
    return kind;
  }

  /** {@code cleaning}, {@code deployment} or {@code servicing}. */
  String noun() {
    return noun;
  }

  /** The noun with a capital. */
  String title() {
    return title;
  }

  String stepsKey() {
    return kind.wireName() + "_steps";
  }

  String indexKey() {
    return kind.wireName() + "_step_index";
  }

  /** Set by a driver: the machine restarts, so the next report is that of a fresh agent. */
  String rebootKey() {
    return noun + "_reboot";
  }

  /** Set by a driver: it looks after the step itself, so reports of the agent do not matter. */
  String pollingKey() {
    return noun + "_polling";
  }

  /** Set to false by a driver: the step is to run again instead of the next one. */
  String skipKey() {
    return "skip_current_" + kind.wireName() + "_step";
  }

  /** The step that the node shows as running; empty if none. */
  abstract Map<String, @Nullable Object> step(Node node);

  abstract Node withStep(Node node, Map<String, @Nullable Object> step);

  /** The node without traces of the steps; the list stays as a key without value. */
  Node wiped(Node node) {
    Map<String, @Nullable Object> internal =
        NodeChange.remove(
            node.driverInternalInfo(),
            indexKey(),
            rebootKey(),
            pollingKey(),
            skipKey(),
            "user_deploy_steps",
            "steps_validated",
            "cleaning_disable_ramdisk",
            "service_disable_ramdisk",
            "declarative_cleaning");
    return withStep(node, Map.of())
        .withDriverInternalInfo(NodeChange.put(internal, stepsKey(), null));
  }
}
