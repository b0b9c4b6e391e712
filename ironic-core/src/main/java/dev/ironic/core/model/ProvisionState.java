package dev.ironic.core.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a node is in its life. How one state leads to another is told by {@code core.states}; here
 * is what is true of a state by itself.
 */
public enum ProvisionState {
  /** Known to the service, power credentials not proved yet. */
  ENROLL(
      "enroll",
      Kind.STABLE,
      Trait.DELETABLE,
      Trait.PATCHABLE,
      Trait.INTERFACES_CHANGEABLE,
      Trait.CONNECTIVITY_CHANGEABLE,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY),
  /** Credentials proved once; operator work (inspect, clean, adopt, provide) starts here. */
  MANAGEABLE(
      "manageable",
      Kind.STABLE,
      Trait.DELETABLE,
      Trait.PATCHABLE,
      Trait.INTERFACES_CHANGEABLE,
      Trait.CONNECTIVITY_CHANGEABLE,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY,
      Trait.POWER_SYNC),
  /** Can be allocated and deployed. */
  AVAILABLE(
      "available",
      Kind.STABLE,
      Trait.DELETABLE,
      Trait.PATCHABLE,
      Trait.INTERFACES_CHANGEABLE,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY,
      Trait.POWER_SYNC),
  /** Carries a workload. */
  ACTIVE("active", Kind.STABLE, Trait.PATCHABLE, Trait.POWER_SYNC),
  /** Tear down failed. */
  ERROR("error", Kind.STABLE, Trait.PATCHABLE, Trait.POWER_SYNC),
  /** Rescue ramdisk is running. */
  RESCUE("rescue", Kind.STABLE, Trait.PATCHABLE, Trait.POWER_SYNC),
  /** Power credentials are being proved by a worker. */
  VERIFYING(
      "verifying",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.WORKER_BUSY,
      Trait.PATCHABLE,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** A worker is running deploy steps (lock held). */
  DEPLOYING(
      "deploying",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.WORKER_BUSY,
      Trait.LOOKUP,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Deployment paused until the ramdisk (or another async source) reports; lock free. */
  WAIT_CALL_BACK(
      "wait call-back",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.LOOKUP,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.BOOT_MODE_LOCKED),
  /** Deployment failed, timed out or was aborted. */
  DEPLOY_FAILED(
      "deploy failed", Kind.TRANSITIONAL_REST, Trait.FAILURE, Trait.PATCHABLE, Trait.POWER_SYNC),
  /** A hold deploy step parked the node until the unhold verb. */
  DEPLOY_HOLD(
      "deploy hold",
      Kind.TRANSITIONAL_REST,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY,
      Trait.POWER_SYNC),
  /** A worker is running clean steps. */
  CLEANING(
      "cleaning",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.WORKER_BUSY,
      Trait.LOOKUP,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY,
      Trait.POWER_SYNC,
      Trait.POWER_LOCKED,
      Trait.BOOT_MODE_LOCKED),
  /** Cleaning paused for the ramdisk or a polled job. */
  CLEAN_WAIT(
      "clean wait",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.LOOKUP,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.POWER_LOCKED,
      Trait.BOOT_MODE_LOCKED),
  /** Cleaning failed; usually in maintenance with fault "clean failure" when a step had begun. */
  CLEAN_FAILED(
      "clean failed", Kind.TRANSITIONAL_REST, Trait.FAILURE, Trait.PATCHABLE, Trait.POWER_SYNC),
  /** A hold clean step parked the node. */
  CLEAN_HOLD(
      "clean hold",
      Kind.TRANSITIONAL_REST,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY,
      Trait.POWER_SYNC),
  /** Tear down is running. */
  DELETING(
      "deleting",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.WORKER_BUSY,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Inspection started or its data are being processed. */
  INSPECTING(
      "inspecting",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.WORKER_BUSY,
      Trait.PATCHABLE,
      Trait.INTERFACES_CHANGEABLE,
      Trait.CONNECTIVITY_CHANGEABLE,
      Trait.LOOKUP,
      Trait.LOOKUP_FAST_TRACK,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Inspection failed, timed out or was aborted. */
  INSPECT_FAILED(
      "inspect failed", Kind.TRANSITIONAL_REST, Trait.FAILURE, Trait.PATCHABLE, Trait.POWER_SYNC),
  /** Inspection waits for data from the ramdisk. */
  INSPECT_WAIT(
      "inspect wait",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.PATCHABLE,
      Trait.INTERFACES_CHANGEABLE,
      Trait.CONNECTIVITY_CHANGEABLE,
      Trait.LOOKUP,
      Trait.LOOKUP_FAST_TRACK,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Externally deployed machine is being taken in. */
  ADOPTING(
      "adopting",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.WORKER_BUSY,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Adoption failed. */
  ADOPT_FAILED(
      "adopt failed", Kind.TRANSITIONAL_REST, Trait.FAILURE, Trait.DELETABLE, Trait.PATCHABLE),
  /** Rescue being set up. */
  RESCUING(
      "rescuing",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.WORKER_BUSY,
      Trait.LOOKUP,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Waiting for the rescue ramdisk. */
  RESCUE_WAIT(
      "rescue wait",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.LOOKUP,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Rescue failed, timed out or was aborted. */
  RESCUE_FAILED(
      "rescue failed", Kind.TRANSITIONAL_REST, Trait.FAILURE, Trait.PATCHABLE, Trait.POWER_SYNC),
  /** Returning from rescue to the instance. */
  UNRESCUING(
      "unrescuing",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.WORKER_BUSY,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Return from rescue failed. */
  UNRESCUE_FAILED(
      "unrescue failed", Kind.TRANSITIONAL_REST, Trait.FAILURE, Trait.PATCHABLE, Trait.POWER_SYNC),
  /** A worker is running service steps on a deployed node. */
  SERVICING(
      "servicing",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.WORKER_BUSY,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Servicing paused for the ramdisk or a polled job. */
  SERVICE_WAIT(
      "service wait",
      Kind.UNSTABLE,
      Trait.UNSTABLE,
      Trait.LOOKUP,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.POWER_SYNC,
      Trait.BOOT_MODE_LOCKED),
  /** Servicing failed or timed out. */
  SERVICE_FAILED(
      "service failed", Kind.TRANSITIONAL_REST, Trait.FAILURE, Trait.PATCHABLE, Trait.POWER_SYNC),
  /** A hold service step parked the node. */
  SERVICE_HOLD(
      "service hold",
      Kind.TRANSITIONAL_REST,
      Trait.PATCHABLE,
      Trait.LOOKUP_FAST_TRACK,
      Trait.HEARTBEAT,
      Trait.HEARTBEAT_FAST_TRACK,
      Trait.HEARTBEAT_RECORD_ONLY,
      Trait.POWER_SYNC);

  /** How a state ends. */
  public enum Kind {
    /** It rests until somebody asks for something. */
    STABLE,
    /** It may change by itself. */
    UNSTABLE,
    /** It rests, but remembers where it was going. */
    TRANSITIONAL_REST
  }

  /** What is allowed, or happens, in a state. */
  public enum Trait {
    /** It may change by itself. */
    UNSTABLE,
    /**
     * A worker of a conductor is busy with it; its flow is picked up when that conductor is gone.
     */
    WORKER_BUSY,
    /** Something went wrong; last_error tells what. */
    FAILURE,
    /** The node may be deleted. */
    DELETABLE,
    /** The node may be changed although its target is set. */
    PATCHABLE,
    /** Driver and interfaces may be changed. */
    INTERFACES_CHANGEABLE,
    /** Where its ports are plugged in may be changed. */
    CONNECTIVITY_CHANGEABLE,
    /** An agent may look the node up. */
    LOOKUP,
    /** An agent may look the node up when fast track is on. */
    LOOKUP_FAST_TRACK,
    /** A heartbeat is taken. */
    HEARTBEAT,
    /** A heartbeat is taken when fast track is on. */
    HEARTBEAT_FAST_TRACK,
    /** A heartbeat is recorded and nothing else happens. */
    HEARTBEAT_RECORD_ONLY,
    /** Its power state is compared with the hardware. */
    POWER_SYNC,
    /** Its power must not be changed from outside. */
    POWER_LOCKED,
    /** Its boot mode must not be changed from outside. */
    BOOT_MODE_LOCKED
  }

  private final String wireName;
  private final Kind kind;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable; the JDK has no type that says so
  private final Set<Trait> traits;

  ProvisionState(String wireName, Kind kind, Trait... traits) {
    this.wireName = wireName;
    this.kind = kind;
    var set = EnumSet.noneOf(Trait.class);
    set.addAll(Arrays.asList(traits));
    this.traits = Collections.unmodifiableSet(set);
  }

  /** The name on the wire, for example {@code wait call-back}. */
  public String wireName() {
    return wireName;
  }

  /** How the state ends. */
  public Kind kind() {
    return kind;
  }

  /** Whether something is allowed, or happens, in this state. */
  public boolean is(Trait trait) {
    return traits.contains(trait);
  }

  /** All states with a trait. */
  public static Set<ProvisionState> with(Trait trait) {
    var set = EnumSet.noneOf(ProvisionState.class);
    Arrays.stream(values()).filter(state -> state.is(trait)).forEach(set::add);
    return Collections.unmodifiableSet(set);
  }

  /** Finds a state by its name on the wire. */
  public static Optional<ProvisionState> ofWireName(@Nullable String name) {
    return Arrays.stream(values()).filter(state -> state.wireName.equals(name)).findFirst();
  }
}
