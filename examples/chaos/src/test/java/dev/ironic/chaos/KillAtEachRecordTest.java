package dev.ironic.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.chaos.process.Cluster;
import dev.ironic.chaos.process.ConductorUnit;
import dev.ironic.chaos.yard.BmcYard;
import dev.ironic.chaos.yard.HistoryCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at every record of the journals of deployment and cleaning, right before it is stored and
 * right after: the same end as without. One process does all of them at once, so one kill hits each
 * flow at another record.
 */
class KillAtEachRecordTest {

  private static final Duration START = Duration.ofSeconds(150);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** A node's line in the doomed one's output. */
  private record Killed(String work, int record, String when, String node) {

    static Killed parse(String line) {
      String[] words = line.split(" ", -1);
      return new Killed(words[1], Integer.parseInt(words[2]), words[3], words[4]);
    }

    String label() {
      return "%s, killed %s record %d".formatted(work, when, record);
    }
  }

  @TestFactory
  Stream<DynamicTest> anotherConductorTakesOver(@TempDir Path folder)
      throws IOException, InterruptedException, SQLException {
    return killed(folder, "heir");
  }

  @TestFactory
  Stream<DynamicTest> theSameConductorStartsAgain(@TempDir Path folder)
      throws IOException, InterruptedException, SQLException {
    return killed(folder, "doomed");
  }

  private static Stream<DynamicTest> killed(Path folder, String successor)
      throws IOException, InterruptedException, SQLException {
    try (BmcYard yard = Yards.quick(folder);
        Cluster cluster = Clusters.start(folder, yard, 0, List.of())) {
      ConductorUnit doomed = cluster.conductor("doomed");
      doomed.launch(
          DoomedConductorMain.class.getName(),
          DoomedConductorMain.SIGN,
          List.of(doomed.config().toString()));
      doomed.process().awaitSign(START);
      doomed.process().kill();
      List<String> output = Files.readAllLines(doomed.log());
      Map<String, List<String>> undisturbed = new LinkedHashMap<>();
      for (String line : output) {
        if (line.startsWith("RECORDS ")) {
          String[] words = line.split(" ", -1);
          assertThat(Integer.parseInt(words[2])).as(line).isGreaterThan(7);
          undisturbed.put(words[1], end(cluster, yard, words[3]));
        }
      }
      List<Killed> all =
          output.stream().filter(line -> line.startsWith("NODE ")).map(Killed::parse).toList();
      assertThat(all).hasSizeGreaterThan(30);

      cluster.conductor(successor).start();
      Instant ready = Instant.now();
      Map<String, List<String>> ends = awaitEnds(cluster, yard, all, undisturbed);
      System.out.printf(
          "%s: %d kills, all at their end %d ms after the successor was ready%n",
          successor, all.size(), Duration.between(ready, Instant.now()).toMillis());
      var violations = HistoryCheck.violations(yard.log());
      return Stream.concat(
          all.stream()
              .map(
                  one ->
                      DynamicTest.dynamicTest(
                          one.label(),
                          () ->
                              assertThat(ends.get(one.node()))
                                  .as("node %s", one.node())
                                  .isEqualTo(undisturbed.get(one.work())))),
          Stream.of(
              DynamicTest.dynamicTest(
                  "no node was worked on by two",
                  () -> assertThat(violations.stream().limit(5)).isEmpty())));
    }
  }

  private static Map<String, List<String>> awaitEnds(
      Cluster cluster, BmcYard yard, List<Killed> all, Map<String, List<String>> undisturbed)
      throws SQLException {
    Map<String, List<String>> ends = new LinkedHashMap<>();
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                boolean done = true;
                for (Killed one : all) {
                  ends.put(one.node(), end(cluster, yard, one.node()));
                  done &= ends.get(one.node()).equals(undisturbed.get(one.work()));
                }
                return done;
              });
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      // The tests of the nodes tell which.
    }
    return ends;
  }

  /** All that an end is compared by. */
  private static List<String> end(Cluster cluster, BmcYard yard, String node) throws SQLException {
    var lines = new ArrayList<String>();
    lines.addAll(
        cluster
            .database()
            .rows(
                """
                SELECT provision_state, target_provision_state, power_state, target_power_state,
                  reservation, last_error, maintenance, fault, deploy_step, clean_step,
                  instance_info
                FROM nodes WHERE uuid = '%s'
                """
                    .formatted(node)));
    lines.addAll(
        cluster
            .database()
            .rows(
                """
                SELECT kind, state, error FROM flows WHERE node_id =
                  (SELECT id FROM nodes WHERE uuid = '%s') ORDER BY id
                """
                    .formatted(node)));
    var machine = yard.machine(node);
    lines.add(
        "%s %s %s".formatted(machine.on(), machine.runs(), machine.disk().replace(node, "itself")));
    return lines;
  }
}
