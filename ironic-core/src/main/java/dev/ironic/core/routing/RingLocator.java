package dev.ironic.core.routing;

import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import java.util.List;
import java.util.function.Function;
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
   * serves the node now is asked instead.
   */
  @Override
  public ConductorService forNode(Node node) {
    String host = hostOf(node);
    return new SecondTry(
            services.apply(host),
            () -> rings.fresh().ownerOf(node).filter(owner -> !owner.equals(host)).map(services))
        .service();
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

  @Override
  public ConductorService forDriver(String driver) {
    List<String> hosts = rings.fresh().hostsOf(driver);
    if (hosts.isEmpty()) {
      throw Refusals.driverNotFound(driver);
    }
    return services.apply(one(hosts));
  }

  @Override
  public ConductorService any() {
    List<String> hosts = rings.current().hosts();
    if (hosts.isEmpty()) {
      hosts = rings.fresh().hosts();
    }
    if (hosts.isEmpty()) {
      throw Refusals.noConductor();
    }
    return services.apply(one(hosts));
  }

  private String one(List<String> hosts) {
    return hosts.get(random.nextInt(hosts.size()));
  }
}
