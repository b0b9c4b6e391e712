package dev.ironic.core.store;

import static dev.ironic.core.store.Drafts.assertFault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.driver.InterfaceKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
final class QueryTest {

  @Parameter Engine engine;
  private final ManualClock clock = new ManualClock();
  private Store store;
  private NodeRepository nodes;

  @BeforeEach
  void open() {
    store = engine.open(clock);
    nodes = store.nodes();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Node node(String name, @Nullable String owner) {
    return nodes.insert(Drafts.node().with(b -> b.name(name).owner(owner)));
  }

  private List<@Nullable String> names(Query query) {
    return new ArrayList<>(nodes.list(query).stream().map(Node::name).toList());
  }

  @Test
  void pagesFollowEachOtherInEveryOrder() {
    for (String each : List.of("a:x", "b:", "c:y", "d:x", "e:")) {
      String[] parts = each.split(":", -1);
      node(parts[0], parts[1].isEmpty() ? null : parts[1]);
    }
    assertThat(names(Query.ALL.sorted("owner", false))).containsExactly("b", "e", "a", "d", "c");
    assertThat(names(Query.ALL.sorted("owner", true))).containsExactly("c", "d", "a", "e", "b");
    for (String key :
        List.of("id", "owner", "name", "createdAt", "powerInterface", "maintenance")) {
      for (boolean descending : new boolean[] {false, true}) {
        Query all = Query.ALL.sorted(key, descending);
        var seen = new ArrayList<Node>();
        List<Node> page = nodes.list(all.page(null, 2));
        while (!page.isEmpty()) {
          seen.addAll(page);
          page = nodes.list(all.page(page.getLast().uuid(), 2));
        }
        assertThat(seen).as(key).isEqualTo(nodes.list(all)).hasSize(5);
      }
    }
    assertFault(Fault.NODE_NOT_FOUND, () -> nodes.list(Query.ALL.page("gone", 1)));
  }

  @Test
  void forEachReadsAllWithoutHoldingAConnection() {
    for (int i = 0; i < 1100; i++) {
      node("n%04d".formatted(i), i % 3 == 0 ? null : "o" + i % 3);
    }
    Query query = Query.ALL.sorted("owner", true);
    var seen = new ArrayList<String>();
    nodes.forEach(query, node -> seen.add(nodes.get(node.uuid()).uuid()));
    assertThat(seen).isEqualTo(nodes.list(query).stream().map(Node::uuid).toList());
    var some = new ArrayList<Node>();
    nodes.forEach(query.page(seen.get(9), 700), some::add);
    assertThat(some.stream().map(Node::uuid).toList()).isEqualTo(seen.subList(10, 710));
  }

  @Test
  void filtersCombine() {
    Node one = node("one", "p1");
    Node two =
        nodes.insert(
            Drafts.node()
                .with(
                    b ->
                        b.name("two")
                            .lessee("p1")
                            .description("The 100% Best_Box")
                            .provisionState(ProvisionState.ACTIVE)
                            .provisionUpdatedAt(clock.instant())
                            .maintenance(true)
                            .interfaces(Map.of(InterfaceKind.POWER, "fake"))));
    assertThat(names(Query.where("provisionState", ProvisionState.ACTIVE))).containsExactly("two");
    assertThat(names(Query.where("provisionState", "enroll"))).containsExactly("one");
    assertThat(names(Query.where("maintenance", false))).containsExactly("one");
    assertThat(names(Query.where("owner", null))).containsExactly("two");
    assertThat(names(Query.where("id", one.id()))).containsExactly("one");
    assertThat(names(Query.where("powerInterface", "fake"))).containsExactly("two");
    assertThat(names(with(new Filter.AnyEqual(List.of("owner", "lessee"), "p1"))))
        .containsExactly("one", "two");
    assertThat(names(with(new Filter.In("uuid", List.of(one.uuid(), "x"))))).containsExactly("one");
    assertThat(names(with(new Filter.In("id", List.of(one.id(), two.id()))))).hasSize(2);
    assertThat(names(with(new Filter.In("uuid", List.of())))).isEmpty();
    assertThat(names(with(new Filter.In("owner", Arrays.asList("p9", null)))))
        .containsExactly("two");
    assertThat(names(with(new Filter.NotIn("provisionState", List.of(ProvisionState.ACTIVE)))))
        .containsExactly("one");
    assertThat(names(with(new Filter.NotIn("owner", List.of("p1"))))).containsExactly("two");
    assertThat(names(with(new Filter.IsNull("lessee", false)))).containsExactly("two");
    assertThat(names(with(new Filter.Contains("description", "100% best_"))))
        .containsExactly("two");
    assertThat(names(with(new Filter.Contains("description", "100_")))).isEmpty();
    assertThat(names(with(new Filter.Before("provisionUpdatedAt", clock.instant())))).isEmpty();
    assertThat(
            names(
                with(
                    new Filter.Before(
                        "provisionUpdatedAt", clock.instant().plus(Duration.ofNanos(1000))))))
        .containsExactly("two");
    assertThat(names(Query.where("lessee", "p1").and(new Filter.Equal("maintenance", false))))
        .isEmpty();
    assertThat(nodes.count(Query.where("lessee", "p1").page(null, 1))).isEqualTo(1);
  }

  @Test
  void oneOfSeveralConditionsIsEnough() {
    node("one", "p1");
    node("two", "p2");
    node("three", null);
    Filter ofTwo = new Filter.Equal("owner", "p2");
    assertThat(names(with(new Filter.Any(List.of(ofTwo, new Filter.IsNull("owner", true))))))
        .containsExactly("two", "three");
    assertThat(
            names(
                with(new Filter.Any(List.of(ofTwo, new Filter.Equal("name", "one"))))
                    .and(new Filter.Equal("owner", "p1"))))
        .containsExactly("one");
    assertThat(names(with(new Filter.Any(List.of())))).isEmpty();
  }

  @Test
  void rowsAreFoundByTheNodeTheyBelongTo() {
    Node one = node("one", "p1");
    Node two = nodes.insert(Drafts.node().with(b -> b.name("two").lessee("p1")));
    Node three = node("three", "p2");
    var ports = store.ports();
    var first = ports.insert(Drafts.port(one, "52:54:00:00:00:01"));
    var second = ports.insert(Drafts.port(two, "52:54:00:00:00:02"));
    var third = ports.insert(Drafts.port(three, "52:54:00:00:00:03"));
    Filter ofP1 = new Filter.OfNode(List.of(new Filter.AnyEqual(List.of("owner", "lessee"), "p1")));
    assertThat(ports.list(with(ofP1))).containsExactly(first, second);
    Query page = with(ofP1).sorted("address", true).page(null, 1);
    assertThat(ports.list(page)).containsExactly(second);
    assertThat(ports.list(page.page(second.uuid(), 1))).containsExactly(first);
    assertThat(ports.list(with(ofP1).and(new Filter.Equal("address", third.address())))).isEmpty();
    assertThat(ports.list(with(new Filter.OfNode(List.of())))).hasSize(3);
    var group = store.portgroups().insert(Drafts.portgroup(two));
    store.portgroups().insert(Drafts.portgroup(three));
    assertThat(store.portgroups().list(with(ofP1))).containsExactly(group);
  }

  private static Query with(Filter filter) {
    return Query.ALL.and(filter);
  }

  @Test
  void unknownComponentsAreRefused() {
    assertThatThrownBy(() -> nodes.list(Query.ALL.sorted("colour", false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("colour");
    assertThatThrownBy(() -> nodes.list(Query.where("nodeUuid", "x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> nodes.list(Query.ALL.sorted("interfaces", false)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
