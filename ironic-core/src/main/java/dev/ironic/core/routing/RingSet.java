package dev.ironic.core.routing;

import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rings of all conductor groups and hardware types at one moment. Immutable; use it where many
 * nodes are looked at.
 */
public final class RingSet {

  private record Key(String group, String driver) {}

  private final Map<Key, HashRing> rings;
  private final Map<String, Set<String>> hostsByDriver;
  private final List<String> hosts;

  /**
   * Lays out rings.
   *
   * @param conductors those that live
   * @param interfaces what they offer
   */
  RingSet(
      Collection<ConductorRecord> conductors,
      Collection<ConductorInterface> interfaces,
      RoutingOptions options) {
    hosts = conductors.stream().map(ConductorRecord::hostname).sorted().toList();
    Map<Long, ConductorRecord> byId =
        conductors.stream().collect(Collectors.toMap(ConductorRecord::id, c -> c));
    var members = new HashMap<Key, Set<String>>();
    hostsByDriver = new HashMap<>();
    for (ConductorInterface each : interfaces) {
      ConductorRecord conductor = byId.get(each.conductorId());
      if (conductor != null) {
        String driver = each.hardwareType();
        members
            .computeIfAbsent(new Key(conductor.conductorGroup(), driver), key -> new TreeSet<>())
            .add(conductor.hostname());
        hostsByDriver.computeIfAbsent(driver, key -> new TreeSet<>()).add(conductor.hostname());
      }
    }
    rings = new HashMap<>();
    members.forEach(
        (key, names) ->
            rings.put(key, new HashRing(names, options.partitionExponent(), options.algorithm())));
  }

  /** The host that serves a node; empty when no conductor of its group has its driver. */
  public Optional<String> ownerOf(Node node) {
    return ownerOf(node.uuid(), node.conductorGroup(), node.driver());
  }

  /** The host that serves a node of a conductor group with a driver. */
  public Optional<String> ownerOf(String nodeUuid, String conductorGroup, String driver) {
    return Optional.ofNullable(rings.get(new Key(conductorGroup, driver)))
        .map(ring -> ring.ownerOf(nodeUuid));
  }

  /** The hosts that have a driver, of all groups; sorted. */
  public List<String> hostsOf(String driver) {
    return List.copyOf(hostsByDriver.getOrDefault(driver, Set.of()));
  }

  /** All hosts; sorted. */
  public List<String> hosts() {
    return hosts;
  }
}
