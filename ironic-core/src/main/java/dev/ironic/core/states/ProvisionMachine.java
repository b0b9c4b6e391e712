package dev.ironic.core.states;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.ironic.core.model.ProvisionState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The provision state machine: 30 states, 93 transitions, as data and pure functions. Stateless and
 * thread-safe.
 */
public final class ProvisionMachine {

  /**
   * One row of the machine.
   *
   * @param from the state before
   * @param event what happens
   * @param to the state after
   */
  public record Transition(ProvisionState from, ProvisionEvent event, ProvisionState to) {

    /**
     * Where the node is going after this transition, unless its flow says otherwise; null at rest.
     */
    public @Nullable ProvisionState defaultTarget() {
      return ProvisionMachine.defaultTarget(to);
    }
  }

  private record Key(ProvisionState from, ProvisionEvent event) {}

  private static final List<Transition> TRANSITIONS =
      List.of(
          row(ProvisionState.ACTIVE, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.ACTIVE, ProvisionEvent.REBUILD, ProvisionState.DEPLOYING),
          row(ProvisionState.ACTIVE, ProvisionEvent.RESCUE, ProvisionState.RESCUING),
          row(ProvisionState.ACTIVE, ProvisionEvent.SERVICE, ProvisionState.SERVICING),
          row(ProvisionState.ADOPT_FAILED, ProvisionEvent.ADOPT, ProvisionState.ADOPTING),
          row(ProvisionState.ADOPT_FAILED, ProvisionEvent.MANAGE, ProvisionState.MANAGEABLE),
          row(ProvisionState.ADOPTING, ProvisionEvent.DONE, ProvisionState.ACTIVE),
          row(ProvisionState.ADOPTING, ProvisionEvent.FAIL, ProvisionState.ADOPT_FAILED),
          row(ProvisionState.AVAILABLE, ProvisionEvent.DEPLOY, ProvisionState.DEPLOYING),
          row(ProvisionState.AVAILABLE, ProvisionEvent.MANAGE, ProvisionState.MANAGEABLE),
          row(ProvisionState.CLEAN_FAILED, ProvisionEvent.MANAGE, ProvisionState.MANAGEABLE),
          row(ProvisionState.CLEAN_HOLD, ProvisionEvent.ABORT, ProvisionState.CLEAN_FAILED),
          row(ProvisionState.CLEAN_HOLD, ProvisionEvent.UNHOLD, ProvisionState.CLEAN_WAIT),
          row(ProvisionState.CLEAN_WAIT, ProvisionEvent.ABORT, ProvisionState.CLEAN_FAILED),
          row(ProvisionState.CLEAN_WAIT, ProvisionEvent.FAIL, ProvisionState.CLEAN_FAILED),
          row(ProvisionState.CLEAN_WAIT, ProvisionEvent.HOLD, ProvisionState.CLEAN_HOLD),
          row(ProvisionState.CLEAN_WAIT, ProvisionEvent.RESUME, ProvisionState.CLEANING),
          row(ProvisionState.CLEANING, ProvisionEvent.DONE, ProvisionState.AVAILABLE),
          row(ProvisionState.CLEANING, ProvisionEvent.FAIL, ProvisionState.CLEAN_FAILED),
          row(ProvisionState.CLEANING, ProvisionEvent.HOLD, ProvisionState.CLEAN_HOLD),
          row(ProvisionState.CLEANING, ProvisionEvent.MANAGE, ProvisionState.MANAGEABLE),
          row(ProvisionState.CLEANING, ProvisionEvent.WAIT, ProvisionState.CLEAN_WAIT),
          row(ProvisionState.DELETING, ProvisionEvent.CLEAN, ProvisionState.CLEANING),
          row(ProvisionState.DELETING, ProvisionEvent.FAIL, ProvisionState.ERROR),
          row(ProvisionState.DEPLOY_FAILED, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.DEPLOY_FAILED, ProvisionEvent.DEPLOY, ProvisionState.DEPLOYING),
          row(ProvisionState.DEPLOY_FAILED, ProvisionEvent.REBUILD, ProvisionState.DEPLOYING),
          row(ProvisionState.DEPLOY_HOLD, ProvisionEvent.ABORT, ProvisionState.DEPLOY_FAILED),
          row(ProvisionState.DEPLOY_HOLD, ProvisionEvent.UNHOLD, ProvisionState.WAIT_CALL_BACK),
          row(ProvisionState.DEPLOYING, ProvisionEvent.DONE, ProvisionState.ACTIVE),
          row(ProvisionState.DEPLOYING, ProvisionEvent.FAIL, ProvisionState.DEPLOY_FAILED),
          row(ProvisionState.DEPLOYING, ProvisionEvent.HOLD, ProvisionState.DEPLOY_HOLD),
          row(ProvisionState.DEPLOYING, ProvisionEvent.WAIT, ProvisionState.WAIT_CALL_BACK),
          row(ProvisionState.ENROLL, ProvisionEvent.MANAGE, ProvisionState.VERIFYING),
          row(ProvisionState.ERROR, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.ERROR, ProvisionEvent.REBUILD, ProvisionState.DEPLOYING),
          row(ProvisionState.INSPECT_FAILED, ProvisionEvent.INSPECT, ProvisionState.INSPECTING),
          row(ProvisionState.INSPECT_FAILED, ProvisionEvent.MANAGE, ProvisionState.MANAGEABLE),
          row(ProvisionState.INSPECT_WAIT, ProvisionEvent.ABORT, ProvisionState.INSPECT_FAILED),
          row(ProvisionState.INSPECT_WAIT, ProvisionEvent.DONE, ProvisionState.MANAGEABLE),
          row(ProvisionState.INSPECT_WAIT, ProvisionEvent.FAIL, ProvisionState.INSPECT_FAILED),
          row(ProvisionState.INSPECT_WAIT, ProvisionEvent.RESUME, ProvisionState.INSPECTING),
          row(ProvisionState.INSPECTING, ProvisionEvent.DONE, ProvisionState.MANAGEABLE),
          row(ProvisionState.INSPECTING, ProvisionEvent.FAIL, ProvisionState.INSPECT_FAILED),
          row(ProvisionState.INSPECTING, ProvisionEvent.WAIT, ProvisionState.INSPECT_WAIT),
          row(ProvisionState.MANAGEABLE, ProvisionEvent.ADOPT, ProvisionState.ADOPTING),
          row(ProvisionState.MANAGEABLE, ProvisionEvent.CLEAN, ProvisionState.CLEANING),
          row(ProvisionState.MANAGEABLE, ProvisionEvent.INSPECT, ProvisionState.INSPECTING),
          row(ProvisionState.MANAGEABLE, ProvisionEvent.PROVIDE, ProvisionState.CLEANING),
          row(ProvisionState.RESCUE, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.RESCUE, ProvisionEvent.RESCUE, ProvisionState.RESCUING),
          row(ProvisionState.RESCUE, ProvisionEvent.UNRESCUE, ProvisionState.UNRESCUING),
          row(ProvisionState.RESCUE_FAILED, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.RESCUE_FAILED, ProvisionEvent.RESCUE, ProvisionState.RESCUING),
          row(ProvisionState.RESCUE_FAILED, ProvisionEvent.UNRESCUE, ProvisionState.UNRESCUING),
          row(ProvisionState.RESCUE_WAIT, ProvisionEvent.ABORT, ProvisionState.RESCUE_FAILED),
          row(ProvisionState.RESCUE_WAIT, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.RESCUE_WAIT, ProvisionEvent.FAIL, ProvisionState.RESCUE_FAILED),
          row(ProvisionState.RESCUE_WAIT, ProvisionEvent.RESUME, ProvisionState.RESCUING),
          row(ProvisionState.RESCUING, ProvisionEvent.DONE, ProvisionState.RESCUE),
          row(ProvisionState.RESCUING, ProvisionEvent.FAIL, ProvisionState.RESCUE_FAILED),
          row(ProvisionState.RESCUING, ProvisionEvent.WAIT, ProvisionState.RESCUE_WAIT),
          row(ProvisionState.SERVICE_FAILED, ProvisionEvent.ABORT, ProvisionState.ACTIVE),
          row(ProvisionState.SERVICE_FAILED, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.SERVICE_FAILED, ProvisionEvent.HOLD, ProvisionState.SERVICE_HOLD),
          row(ProvisionState.SERVICE_FAILED, ProvisionEvent.RESCUE, ProvisionState.RESCUING),
          row(ProvisionState.SERVICE_FAILED, ProvisionEvent.SERVICE, ProvisionState.SERVICING),
          row(ProvisionState.SERVICE_FAILED, ProvisionEvent.WAIT, ProvisionState.SERVICE_WAIT),
          row(ProvisionState.SERVICE_HOLD, ProvisionEvent.ABORT, ProvisionState.SERVICE_FAILED),
          row(ProvisionState.SERVICE_HOLD, ProvisionEvent.FAIL, ProvisionState.SERVICE_FAILED),
          row(ProvisionState.SERVICE_HOLD, ProvisionEvent.SERVICE, ProvisionState.SERVICING),
          row(ProvisionState.SERVICE_HOLD, ProvisionEvent.UNHOLD, ProvisionState.SERVICE_WAIT),
          row(ProvisionState.SERVICE_WAIT, ProvisionEvent.ABORT, ProvisionState.SERVICE_FAILED),
          row(ProvisionState.SERVICE_WAIT, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.SERVICE_WAIT, ProvisionEvent.FAIL, ProvisionState.SERVICE_FAILED),
          row(ProvisionState.SERVICE_WAIT, ProvisionEvent.HOLD, ProvisionState.SERVICE_HOLD),
          row(ProvisionState.SERVICE_WAIT, ProvisionEvent.RESUME, ProvisionState.SERVICING),
          row(ProvisionState.SERVICING, ProvisionEvent.DONE, ProvisionState.ACTIVE),
          row(ProvisionState.SERVICING, ProvisionEvent.FAIL, ProvisionState.SERVICE_FAILED),
          row(ProvisionState.SERVICING, ProvisionEvent.HOLD, ProvisionState.SERVICE_HOLD),
          row(ProvisionState.SERVICING, ProvisionEvent.WAIT, ProvisionState.SERVICE_WAIT),
          row(ProvisionState.UNRESCUE_FAILED, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.UNRESCUE_FAILED, ProvisionEvent.RESCUE, ProvisionState.RESCUING),
          row(ProvisionState.UNRESCUE_FAILED, ProvisionEvent.UNRESCUE, ProvisionState.UNRESCUING),
          row(ProvisionState.UNRESCUING, ProvisionEvent.DONE, ProvisionState.ACTIVE),
          row(ProvisionState.UNRESCUING, ProvisionEvent.FAIL, ProvisionState.UNRESCUE_FAILED),
          row(ProvisionState.VERIFYING, ProvisionEvent.DONE, ProvisionState.MANAGEABLE),
          row(ProvisionState.VERIFYING, ProvisionEvent.FAIL, ProvisionState.ENROLL),
          row(ProvisionState.WAIT_CALL_BACK, ProvisionEvent.ABORT, ProvisionState.DEPLOY_FAILED),
          row(ProvisionState.WAIT_CALL_BACK, ProvisionEvent.DELETE, ProvisionState.DELETING),
          row(ProvisionState.WAIT_CALL_BACK, ProvisionEvent.FAIL, ProvisionState.DEPLOY_FAILED),
          row(ProvisionState.WAIT_CALL_BACK, ProvisionEvent.HOLD, ProvisionState.DEPLOY_HOLD),
          row(ProvisionState.WAIT_CALL_BACK, ProvisionEvent.RESUME, ProvisionState.DEPLOYING));

  private static final Map<Key, Transition> BY_KEY =
      TRANSITIONS.stream().collect(toUnmodifiableMap(row -> new Key(row.from, row.event), r -> r));

  private ProvisionMachine() {}

  /** All rows. */
  public static List<Transition> transitions() {
    return TRANSITIONS;
  }

  /** What an event leads to; empty where it is not possible. */
  public static Optional<Transition> next(ProvisionState from, ProvisionEvent event) {
    return Optional.ofNullable(BY_KEY.get(new Key(from, event)));
  }

  /** The events that are possible in a state. */
  public static Set<ProvisionEvent> events(ProvisionState from) {
    return TRANSITIONS.stream()
        .filter(row -> row.from == from)
        .map(Transition::event)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Where a node in a state is going by default; null in a stable state. */
  public static @Nullable ProvisionState defaultTarget(ProvisionState state) {
    return switch (state) {
      case ENROLL, MANAGEABLE, AVAILABLE, ACTIVE, ERROR, RESCUE -> null;
      case VERIFYING, INSPECTING, INSPECT_FAILED, INSPECT_WAIT -> ProvisionState.MANAGEABLE;
      case CLEANING, CLEAN_WAIT, CLEAN_FAILED, CLEAN_HOLD, DELETING -> ProvisionState.AVAILABLE;
      case RESCUING, RESCUE_WAIT, RESCUE_FAILED -> ProvisionState.RESCUE;
      case DEPLOYING,
          WAIT_CALL_BACK,
          DEPLOY_FAILED,
          DEPLOY_HOLD,
          ADOPTING,
          ADOPT_FAILED,
          UNRESCUING,
          UNRESCUE_FAILED,
          SERVICING,
          SERVICE_WAIT,
          SERVICE_FAILED,
          SERVICE_HOLD ->
          ProvisionState.ACTIVE;
    };
  }

  private static Transition row(ProvisionState from, ProvisionEvent event, ProvisionState to) {
    return new Transition(from, event, to);
  }
}
