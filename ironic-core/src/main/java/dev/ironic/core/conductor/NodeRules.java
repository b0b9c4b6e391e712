package dev.ironic.core.conductor;

import static java.util.stream.Collectors.joining;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.ProvisionState.Trait;
import dev.ironic.driver.InterfaceKind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for a change or a deletion of a node, and what follows from a change by itself.
 * Pure functions; stateless and thread-safe.
 */
final class NodeRules {

  private static final Set<ProvisionState> PROTECTABLE =
      EnumSet.of(ProvisionState.ACTIVE, ProvisionState.RESCUE);

  private NodeRules() {}

  /**
   * Checks the fields of a change that need no lock, and adds what follows from them.
   *
   * @param resetInterfaces whether interfaces that the change does not name are cleared when the
   *     driver changes
   * @return the version wanted; kinds without a name are to be given defaults
   */
  static Node settle(Node before, Node after, boolean resetInterfaces) {
    Node wanted = settleReasons(before, after);
    checkProtected(before, wanted);
    checkRetired(before, wanted);
    Set<InterfaceKind> named = changedInterfaces(before, wanted);
    for (InterfaceKind kind : named) {
      requireInterfacesChangeable(wanted, kind.nodeField());
    }
    if (before.driver().equals(wanted.driver()) || !resetInterfaces) {
      return wanted;
    }
    var kept = new EnumMap<InterfaceKind, String>(InterfaceKind.class);
    for (InterfaceKind kind : named) {
      String name = wanted.interfaces().get(kind);
      if (name != null) {
        kept.put(kind, name);
      }
    }
    return wanted.with(b -> b.interfaces(Map.copyOf(kept)));
  }

  /** Whether the change touches the driver or an interface, so that they must be checked again. */
  static boolean touchesInterfaces(Node before, Node after) {
    return !before.driver().equals(after.driver()) || !changedInterfaces(before, after).isEmpty();
  }

  /**
   * Checks a change against the node as it is under the lock.
   *
   * @param before what the caller had read
   * @param after what is wanted
   * @param current the node now
   */
  static void checkLocked(Node before, Node after, Node current) {
    boolean instanceChanges = !Objects.equals(before.instanceUuid(), after.instanceUuid());
    if (instanceChanges && after.instanceUuid() != null && current.instanceUuid() != null) {
      throw new IronicException(
          Fault.NODE_ASSOCIATED,
          "Node %s is associated with instance %s."
              .formatted(current.uuid(), current.instanceUuid()));
    }
    if (!Objects.equals(before.resourceClass(), after.resourceClass())
        && current.resourceClass() != null
        && !current.provisionState().is(Trait.INTERFACES_CHANGEABLE)) {
      throw notChangeable(current, "resource_class");
    }
    if (releasesAllocation(before, after, current)) {
      requireInterfacesChangeable(current, "instance_uuid");
    }
  }

  /** Whether a change takes the instance, and with it the allocation, off the node. */
  static boolean releasesAllocation(Node before, Node after, Node current) {
    return before.instanceUuid() != null
        && after.instanceUuid() == null
        && current.allocationId() != null;
  }

  /**
   * Checks that a node may be deleted.
   *
   * @param deleteAvailable whether available nodes may be deleted
   */
  static void checkDeletable(Node node, boolean deleteAvailable) {
    if (!node.maintenance() && node.instanceUuid() != null) {
      throw new IronicException(
          Fault.NODE_ASSOCIATED,
          "Node %s is associated with instance %s.".formatted(node.uuid(), node.instanceUuid()));
    }
    checkUnprotected(node);
    Set<ProvisionState> deletable = EnumSet.copyOf(ProvisionState.with(Trait.DELETABLE));
    if (!deleteAvailable) {
      deletable.remove(ProvisionState.AVAILABLE);
    }
    if (!node.maintenance() && !deletable.contains(node.provisionState())) {
      throw new IronicException(
          Fault.INVALID_STATE,
          "Can not delete node \"%s\" while it is in provision state \"%s\". Valid provision states"
                  .formatted(node.uuid(), node.provisionState().wireName())
              + " to perform deletion are: "
              + names(deletable)
              + ", or set the node into maintenance mode");
    }
  }

  /** Checks that the node's instance may be removed. */
  static void checkUnprotected(Node node) {
    if (node.isProtected()) {
      throw new IronicException(
          Fault.NODE_PROTECTED,
          "Node %s is protected and cannot be undeployed, rebuilt or deleted"
              .formatted(node.uuid()));
    }
  }

  /** The instance traits of a node, checked for form and against its own traits. */
  static void checkInstanceTraits(Node node) {
    Object wanted = node.instanceInfo().get("traits");
    if (wanted == null) {
      return;
    }
    if (!(wanted instanceof List<?> list)
        || !list.stream().allMatch(trait -> trait instanceof String)) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "Error parsing traits from Node %s instance_info field. A list of strings is expected."
              .formatted(node.uuid()));
    }
    String missing =
        list.stream()
            .map(String::valueOf)
            .filter(trait -> !node.traits().contains(trait))
            .collect(joining(", "));
    if (!missing.isEmpty()) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          ("Cannot specify instance traits that are not also set on the node. Node %s is missing"
                  + " traits %s")
              .formatted(node.uuid(), missing));
    }
  }

  private static Node settleReasons(Node before, Node after) {
    Node wanted = after;
    if (before.maintenance() && !after.maintenance()) {
      wanted = wanted.with(b -> b.maintenanceReason(null).fault(null));
    }
    if (before.isProtected() && !after.isProtected()) {
      wanted = wanted.with(b -> b.protectedReason(null));
    }
    if (before.retired() && !after.retired()) {
      wanted = wanted.with(b -> b.retiredReason(null));
    }
    return wanted;
  }

  private static void checkProtected(Node before, Node after) {
    if (after.isProtected()
        && !before.isProtected()
        && !PROTECTABLE.contains(after.provisionState())) {
      throw new IronicException(
          Fault.INVALID_STATE,
          ("Node %s can only be made protected in provision states 'active' or 'rescue', the"
                  + " current state is '%s'")
              .formatted(after.uuid(), after.provisionState().wireName()));
    }
    if (setsAnew(before.protectedReason(), after.protectedReason()) && !after.isProtected()) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "The protected_reason field can only be set when protected is True");
    }
  }

  private static void checkRetired(Node before, Node after) {
    if (after.retired()
        && !before.retired()
        && after.provisionState() == ProvisionState.AVAILABLE) {
      throw new IronicException(
          Fault.INVALID_STATE,
          ("Node %s can not have 'retired' set in provision state 'available': move it to"
                  + " 'manageable' first")
              .formatted(after.uuid()));
    }
    if (setsAnew(before.retiredReason(), after.retiredReason()) && !after.retired()) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "The retired_reason field can only be set when retired is True");
    }
  }

  /** A reason that came with the node's creation stays, whatever else is changed. */
  private static boolean setsAnew(@Nullable String before, @Nullable String after) {
    return after != null && !after.equals(before);
  }

  private static Set<InterfaceKind> changedInterfaces(Node before, Node after) {
    var changed = EnumSet.noneOf(InterfaceKind.class);
    Arrays.stream(InterfaceKind.values())
        .filter(k -> !Objects.equals(before.interfaces().get(k), after.interfaces().get(k)))
        .forEach(changed::add);
    return changed;
  }

  private static void requireInterfacesChangeable(Node node, String field) {
    if (!node.maintenance() && !node.provisionState().is(Trait.INTERFACES_CHANGEABLE)) {
      throw notChangeable(node, field);
    }
  }

  private static IronicException notChangeable(Node node, String field) {
    return new IronicException(
        Fault.INVALID_STATE,
        ("Node %s can not have %s updated unless it is in one of allowed (%s) states or in"
                + " maintenance mode.")
            .formatted(
                node.uuid(), field, names(ProvisionState.with(Trait.INTERFACES_CHANGEABLE))));
  }

  static String names(Set<ProvisionState> states) {
    return states.stream().map(state -> "'" + state.wireName() + "'").collect(joining(", "));
  }
}
