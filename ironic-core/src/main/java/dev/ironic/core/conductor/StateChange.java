package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionMachine;
import org.jspecify.annotations.Nullable;

/** What an event does to a node's row. Pure functions. */
final class StateChange {

  private StateChange() {}

  /** A change that starts work: the last error is forgotten, the target is shown. */
  static Node starting(Node node, ProvisionEvent event, @Nullable ProvisionState target) {
    ProvisionState next = next(node, event);
    return node.with(
        b ->
            b.provisionState(next)
                .targetProvisionState(
                    target == null ? ProvisionMachine.defaultTarget(next) : target)
                .lastError(null));
  }

  /** A change on the way or at its end: a state of rest has no target. */
  static Node plain(Node node, ProvisionEvent event, @Nullable ProvisionState target) {
    ProvisionState next = next(node, event);
    ProvisionState shown;
    if (next.kind() == ProvisionState.Kind.STABLE) {
      shown = null;
    } else {
      shown = target == null ? ProvisionMachine.defaultTarget(next) : target;
    }
    return node.with(b -> b.provisionState(next).targetProvisionState(shown));
  }

  /** The state that an event leads to, or INVALID_STATE. */
  static ProvisionState next(Node node, ProvisionEvent event) {
    return ProvisionMachine.next(node.provisionState(), event)
        .map(ProvisionMachine.Transition::to)
        .orElseThrow(
            () ->
                new IronicException(
                    Fault.INVALID_STATE,
                    "Can not transition from state '%s' on event '%s' (no defined transition)"
                        .formatted(node.provisionState().wireName(), event.wireName())));
  }
}
