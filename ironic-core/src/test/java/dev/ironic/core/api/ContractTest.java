package dev.ironic.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables say what the project's copy of the contract says, at every version. */
class ContractTest {

  private static final Contract CONTRACT = new Contract();
  private static final Shape.Table SHAPES = Shape.table();

  private static Map<String, @Nullable Object> document(ApiVersion version) {
    return new OpenApi(Operation.table(), SHAPES, "noauth").document(version);
  }

  static Stream<ApiVersion> versions() {
    return IntStream.rangeClosed(ApiVersion.MIN.minor(), ApiVersion.MAX.minor())
        .mapToObj(ApiVersion::new);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void theTablesKeepTheContract(ApiVersion version) {
    Set<String> described = CONTRACT.described(document(version));
    Set<String> expected = CONTRACT.expected(version);
    assertThat(described.stream().filter(line -> !expected.contains(line))).as("extra").isEmpty();
    assertThat(expected.stream().filter(line -> !described.contains(line))).as("missing").isEmpty();
  }

  @Test
  void whatIsTooNewIsRefusedAsTheContractSays() {
    Map<String, Operation> operations = new LinkedHashMap<>();
    Operation.table().forEach(operation -> operations.put(operation.id(), operation));
    for (Contract.Fact fact : CONTRACT.facts()) {
      Operation operation = operations.get(fact.at(1));
      if (fact.kind().equals("operation") && operation != null && fact.since() > 1) {
        assertThat(operation.below()).as(fact.at(1)).isEqualTo(Integer.parseInt(fact.at(5)));
      } else if (fact.kind().equals("query") && operation != null && !fact.at(4).equals("-")) {
        var member = operation.query().get(fact.at(2));
        assertThat(member).as("%s?%s", fact.at(1), fact.at(2)).isNotNull();
        if (member != null) {
          assertThat(member.below())
              .as("%s?%s", fact.at(1), fact.at(2))
              .isEqualTo(Integer.parseInt(fact.at(4)));
        }
      }
    }
  }

  /** A table with one version changed, put back afterwards. */
  private record Mutant(
      String what, int since, int changed, Supplier<OpenApi> openApi, Runnable undo) {}

  @Test
  void aChangeOfAnyVersionInTheTablesIsFound() {
    var survivors = new ArrayList<String>();
    int count = 0;
    for (int step : List.of(-1, 1)) {
      for (Mutant mutant : mutants(step)) {
        count++;
        var version = new ApiVersion(Math.max(1, Math.max(mutant.since(), mutant.changed()) - 1));
        OpenApi openApi = mutant.openApi().get();
        Set<String> described = CONTRACT.described(openApi.document(version));
        mutant.undo().run();
        if (described.equals(CONTRACT.expected(version))) {
          survivors.add(mutant.what() + " at " + version);
        }
      }
    }
    assertThat(survivors).isEmpty();
    assertThat(count).as("mutants").isGreaterThan(1000);
    theTablesKeepTheContract(ApiVersion.MAX);
  }

  private static List<Mutant> mutants(int step) {
    var mutants = new ArrayList<Mutant>();
    List<Operation> table = Operation.table();
    for (Operation operation : table) {
      boolean ours =
          operation.id().matches("node\\.(flows|lock)|conductor\\.drain.*|(openapi|docs)\\.get");
      if (ours) {
        continue;
      }
      int since = operation.since();
      add(
          mutants,
          operation.id(),
          since,
          since + step,
          table,
          operation,
          withSince(operation, since + step));
      operation
          .query()
          .forEach(
              (name, member) -> {
                int changed = effective(operation, member) + step;
                var query = new LinkedHashMap<>(operation.query());
                query.put(name, withSince(member, changed));
                add(
                    mutants,
                    operation.id() + "?" + name,
                    effective(operation, member),
                    changed,
                    table,
                    operation,
                    withQuery(operation, query));
              });
      Operation.Body body = operation.body();
      if (body != null) {
        body.members()
            .forEach(
                (name, member) -> {
                  int changed = effective(operation, member) + step;
                  var members = new LinkedHashMap<>(body.members());
                  members.put(name, withSince(member, changed));
                  add(
                      mutants,
                      operation.id() + " " + name,
                      effective(operation, member),
                      changed,
                      table,
                      operation,
                      withBody(
                          operation,
                          new Operation.Body(
                              members, body.open(), body.anything(), body.inQuery())));
                });
      }
    }
    SHAPES.documents().forEach((name, members) -> members(mutants, name, members, step));
    Schemas.RESOURCES.forEach((name, resource) -> fields(mutants, name, resource, step));
    return mutants;
  }

  private static void add(
      List<Mutant> mutants,
      String what,
      int since,
      int mutated,
      List<Operation> table,
      Operation operation,
      Operation changed) {
    // Nothing comes before its operation, so an earlier version of a part means the same.
    boolean part = !what.equals(operation.id());
    if (mutated < (part ? operation.since() : 1)) {
      return;
    }
    var rows = new ArrayList<>(table);
    rows.set(rows.indexOf(operation), changed);
    mutants.add(
        new Mutant(what, since, mutated, () -> new OpenApi(rows, SHAPES, "noauth"), () -> {}));
  }

  /** The version that first knows a parameter or a member. */
  private static int effective(Operation operation, Operation.Member member) {
    return Math.max(operation.since(), member.since());
  }

  private static void members(
      List<Mutant> mutants, String name, Map<String, Shape.Member> members, int step) {
    boolean ofContract =
        CONTRACT.facts().stream()
            .anyMatch(fact -> fact.kind().equals("document") && fact.at(1).equals(name));
    members.forEach(
        (member, row) -> {
          int changed = row.since() + step;
          if (changed < 1 || !ofContract) {
            return;
          }
          var mutated = new LinkedHashMap<>(members);
          mutated.put(
              member,
              new Shape.Member(
                  row.type(),
                  changed,
                  row.nullable(),
                  row.optional(),
                  row.oneOf(),
                  row.of(),
                  row.only()));
          var documents = new LinkedHashMap<>(SHAPES.documents());
          documents.put(name, mutated);
          var shapes = new Shape.Table(documents, SHAPES.operations());
          mutants.add(
              new Mutant(
                  name + "." + member,
                  row.since(),
                  changed,
                  () -> new OpenApi(Operation.table(), shapes, "noauth"),
                  () -> {}));
        });
  }

  private static <T extends Record> void fields(
      List<Mutant> mutants, String name, Resource<T> resource, int step) {
    for (Field<T> field : List.copyOf(resource.fields())) {
      int changed = field.since() + step;
      if (changed < 1) {
        continue;
      }
      Field<T> mutated = field.with(b -> b.since(changed));
      mutants.add(
          new Mutant(
              name + "." + field.name(),
              field.since(),
              changed,
              () -> {
                put(resource, mutated);
                return new OpenApi(Operation.table(), SHAPES, "noauth");
              },
              () -> put(resource, field)));
    }
  }

  /** Tables can't be changed; a test that wants to know what would happen has to force it. */
  @SuppressWarnings("unchecked")
  private static <T extends Record> void put(Resource<T> resource, Field<T> field) {
    try {
      var fields = Resource.class.getDeclaredField("fields");
      fields.setAccessible(true);
      ((Map<String, Field<T>>) fields.get(resource)).put(field.name(), field);
      var wholes = Resource.class.getDeclaredField("wholes");
      wholes.setAccessible(true);
      ((Map<?, ?>) wholes.get(resource)).clear();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static Operation.Member withSince(Operation.Member member, int since) {
    return new Operation.Member(
        member.type(),
        since,
        member.below(),
        member.required(),
        member.oneOf(),
        member.minimum(),
        member.inNext());
  }

  private static Operation withSince(Operation operation, int since) {
    return operation.with(b -> b.since(since));
  }

  private static Operation withQuery(Operation operation, Map<String, Operation.Member> query) {
    return operation.with(b -> b.query(query));
  }

  private static Operation withBody(Operation operation, Operation.Body body) {
    return operation.with(b -> b.body(body));
  }
}
