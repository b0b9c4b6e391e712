package dev.ironic.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LocatorTest {

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneOffset getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
  private final Store store = SqlStore.open(DatabaseUrl.parse("sqlite://"), clock);
  private final Rings rings = new Rings(store.conductors(), RoutingOptions.DEFAULT, clock);
  private final Map<String, ConductorService> services = new HashMap<>();
  private final RingLocator locator =
      new RingLocator(
          rings, host -> services.computeIfAbsent(host, LocatorTest::service), new Random(1));

  @AfterEach
  void close() {
    store.close();
  }

  /** A conductor of which only the identity matters. */
  @SuppressWarnings("ReferenceEquality") // what equals means for a proxy
  private static ConductorService service(String host) {
    return (ConductorService)
        Proxy.newProxyInstance(
            LocatorTest.class.getClassLoader(),
            new Class<?>[] {ConductorService.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "toString" -> host;
                  case "hashCode" -> host.hashCode();
                  case "equals" -> proxy == arguments[0];
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private void register(String host, String group, String driver) {
    store
        .conductors()
        .register(
            host,
            group,
            List.of(driver),
            List.of(new ConductorInterface(0, null, null, 0, driver, "power", "fake", true)),
            "test");
  }

  private static Node node(String driver, String group) {
    return Node.draft(UUID.randomUUID().toString(), driver).with(b -> b.conductorGroup(group));
  }

  private static void assertFault(Fault fault, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.fault()).isEqualTo(fault));
  }

  @Test
  void withoutConductorsTheServiceIsUnavailableForAWhile() {
    assertFault(Fault.TEMPORARY_FAILURE, () -> locator.forNode(node("ipmi", "")));
    assertFault(Fault.TEMPORARY_FAILURE, () -> locator.any());
    assertFault(Fault.DRIVER_NOT_FOUND, () -> locator.forDriver("ipmi"));
  }

  @Test
  void aNodeGoesToAConductorOfItsGroupWithItsDriver() {
    register("one", "", "ipmi");
    register("two", "rack", "ipmi");
    register("three", "", "redfish");
    assertThat(locator.hostOf(node("ipmi", ""))).isEqualTo("one");
    assertThat(locator.hostOf(node("ipmi", "rack"))).isEqualTo("two");
    assertThat(locator.forNode(node("redfish", ""))).hasToString("three");
    assertFault(Fault.NO_VALID_HOST, () -> locator.hostOf(node("redfish", "rack")));
    assertFault(Fault.NO_VALID_HOST, () -> locator.hostOf(node("ilo", "")));
    assertThat(locator.forDriver("redfish")).hasToString("three");
  }

  @Test
  void aNewDriverIsSeenAtOnceButALostConductorOnlyAfterTheInterval() {
    register("one", "", "ipmi");
    register("two", "", "ipmi");
    Node node = node("ipmi", "");
    String owner = locator.hostOf(node);
    register("three", "", "redfish");
    assertThat(locator.hostOf(node("redfish", ""))).isEqualTo("three");

    store.conductors().touch(owner, "test", false);
    assertThat(locator.hostOf(node)).isEqualTo(owner);
    now = now.plus(RoutingOptions.DEFAULT.resetInterval());
    assertThat(locator.hostOf(node)).isNotEqualTo(owner);
  }

  @Test
  void ringsAreNotKeptLongerSinceTheClockIsSetBack() {
    register("one", "", "ipmi");
    assertThat(rings.current().hosts()).containsExactly("one");
    register("two", "", "ipmi");
    now = now.minus(Duration.ofHours(1));
    assertThat(rings.current().hosts()).containsExactly("one", "two");
  }

  @Test
  void aConductorWithoutASignOfLifeDropsOut() {
    register("one", "", "ipmi");
    now = now.plus(Duration.ofSeconds(30));
    register("two", "", "ipmi");
    assertThat(rings.fresh().hosts()).containsExactly("one", "two");
    now = now.plus(Duration.ofSeconds(31));
    assertThat(rings.fresh().hosts()).containsExactly("two");
    store.conductors().touch("one", "test", true);
    assertThat(rings.fresh().hosts()).containsExactly("one", "two");
  }

  @Test
  void aSingleConductorServesWhatItHasADriverFor() {
    ConductorService service = service("here");
    var local = new LocalLocator("here", "", Set.of("fake-hardware"), service);
    assertThat(local.forNode(node("fake-hardware", ""))).isSameAs(service);
    assertThat(local.any()).isSameAs(service);
    assertFault(Fault.NO_VALID_HOST, () -> local.hostOf(node("ipmi", "")));
    assertFault(Fault.NO_VALID_HOST, () -> local.hostOf(node("fake-hardware", "rack")));
    assertFault(Fault.DRIVER_NOT_FOUND, () -> local.forDriver("ipmi"));
  }
}
