package dev.ironic.core.states;

import dev.ironic.core.model.ProvisionState;
import java.util.Arrays;
import java.util.Optional;

/** What an API user may ask of a node: the targets of {@code PUT .../states/provision}. */
public enum ProvisionVerb {
  ACTIVE("active", ProvisionEvent.DEPLOY, 1),
  DEPLOY("deploy", ProvisionEvent.DEPLOY, 73),
  REBUILD("rebuild", ProvisionEvent.REBUILD, 1),
  DELETED("deleted", ProvisionEvent.DELETE, 1),
  UNDEPLOY("undeploy", ProvisionEvent.DELETE, 73),
  MANAGE("manage", ProvisionEvent.MANAGE, 4),
  PROVIDE("provide", ProvisionEvent.PROVIDE, 4),
  INSPECT("inspect", ProvisionEvent.INSPECT, 6),
  ABORT("abort", ProvisionEvent.ABORT, 13),
  CLEAN("clean", ProvisionEvent.CLEAN, 15),
  ADOPT("adopt", ProvisionEvent.ADOPT, 17),
  RESCUE("rescue", ProvisionEvent.RESCUE, 38),
  UNRESCUE("unrescue", ProvisionEvent.UNRESCUE, 38),
  UNHOLD("unhold", ProvisionEvent.UNHOLD, 85),
  SERVICE("service", ProvisionEvent.SERVICE, 87);

  private final String wireName;
  private final ProvisionEvent event;
  private final int since;

  ProvisionVerb(String wireName, ProvisionEvent event, int since) {
    this.wireName = wireName;
    this.event = event;
    this.since = since;
  }

  /** The name on the wire, for example {@code active}. */
  public String wireName() {
    return wireName;
  }

  /** The event it stands for. */
  public ProvisionEvent event() {
    return event;
  }

  /** The minor API version that first knows it. */
  public int since() {
    return since;
  }

  /** Whether a node in the given state accepts it. */
  public boolean allowedIn(ProvisionState state) {
    return ProvisionMachine.next(state, event).isPresent();
  }

  /** Finds a verb by its name on the wire. */
  public static Optional<ProvisionVerb> ofWireName(String name) {
    return Arrays.stream(values()).filter(verb -> verb.wireName.equals(name)).findFirst();
  }
}
