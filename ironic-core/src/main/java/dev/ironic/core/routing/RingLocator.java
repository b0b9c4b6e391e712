package dev.ironic.core.routing;

import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Finds conductors by the hash rings. Thread-safe. */
public final class RingLocator implements ConductorLocator {

  private final Rings rings;
  private final Function<String, ConductorService> services;
  private final RandomGenerator random;

  /**
   * Creates a locator.
   *
   * @param services how to reach a conductor by its host name
   * @param random chooses where any conductor will do
   */
  public RingLocator(
      Rings rings, Function<String, ConductorService> services, RandomGenerator random) {
    this.rings = rings;
    this.services = services;
    this.random = random;
  }

  /**
   * {@inheritDoc}
   *
   * <p>When that conductor has not taken a call, since it is gone or about to go, the one that
   * serves the node now is asked instead, once.
   */
  @Override
  public ConductorService forNode(Node node) {
    return withSecondTry(hostOf(node), () -> rings.fresh().ownerOf(node));
  }

  @Override
  public String hostOf(Node node) {
    return rings
        .ownerOf(node)
        .orElseThrow(
            () ->
                rings.current().hosts().isEmpty()
                    ? Refusals.noConductor()
                    : Refusals.noValidHost(node));
  }

  @Override
  public ConductorService ofHost(String host) {
    return services.apply(host);
  }

  /** {@inheritDoc} When that one has not taken a call, another one is asked instead, once. */
  @Override
  public ConductorService forDriver(String driver) {
    List<String> hosts = rings.fresh().hostsOf(driver);
    if (hosts.isEmpty()) {
      throw Refusals.driverNotFound(driver);
    }
    return oneOf(hosts, () -> rings.fresh().hostsOf(driver));
  }

  /** {@inheritDoc} When that one has not taken a call, another one is asked instead, once. */
  @Override
  public ConductorService any() {
    List<String> hosts = rings.current().hosts();
    if (hosts.isEmpty()) {
      hosts = rings.fresh().hosts();
    }
    if (hosts.isEmpty()) {
      throw Refusals.noConductor();
    }
    return oneOf(hosts, () -> rings.fresh().hosts());
  }

  private ConductorService oneOf(List<String> hosts, Supplier<List<String>> later) {
    String host = drawn(hosts);
    return withSecondTry(
        host,
        () -> {
          List<String> others = later.get().stream().filter(other -> !other.equals(host)).toList();
          return others.isEmpty() ? Optional.empty() : Optional.of(drawn(others));
        });
  }

  private String drawn(List<String> hosts) {
    return hosts.get(random.nextInt(hosts.size()));
  }

  private ConductorService withSecondTry(String host, Supplier<Optional<String>> other) {
    return new SecondTry(services, host, other).service();
  }
}
