package dev.ironic.chaos;

import dev.ironic.chaos.load.NodeEnd;
import dev.ironic.chaos.load.Tally;
import dev.ironic.chaos.process.TestDatabase;
import dev.ironic.chaos.yard.BmcYard;
import dev.ironic.chaos.yard.HistoryCheck;
import dev.ironic.chaos.yard.MachineState;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Looks for anything that disturbances have left behind: in what the API says, in the database, on
 * the machines, and in the yard's log.
 */
final class Verdict {

  /** What is written into the journal of a request that was refused with 503. */
  private static final String REFUSED = "no free worker";

  private final TestDatabase database;
  private final BmcYard yard;
  private final Tally tally;

  Verdict(TestDatabase database, BmcYard yard, Tally tally) {
    this.database = database;
    this.yard = yard;
    this.tally = tally;
  }

  /** Notes everything that is not as it would be without disturbance. */
  void pass(List<NodeEnd> ends) throws SQLException {
    for (NodeEnd end : ends) {
      end.differences().forEach(tally::problem);
      machine(end);
    }
    rows(
        "A lock is left behind",
        "SELECT uuid, reservation FROM nodes WHERE reservation IS NOT NULL");
    rows(
        "A flow has not ended",
        """
        SELECT nodes.uuid, flows.kind, flows.state, flows.conductor FROM flows
        JOIN nodes ON nodes.id = flows.node_id WHERE ended_at IS NULL
        """);
    rows(
        "A flow has failed",
        """
        SELECT nodes.uuid, flows.kind, flows.state, flows.error FROM flows
        JOIN nodes ON nodes.id = flows.node_id
        WHERE ended_at IS NOT NULL AND state <> 'done' AND error IS DISTINCT FROM '%s'
        """
            .formatted(REFUSED));
    deployments(ends);
    HistoryCheck.violations(yard.log())
        .forEach(
            found ->
                tally.problem(
                    "Two worked on node %s, %s:%n  %s%n  %s"
                        .formatted(found.node(), found.what(), found.first(), found.second())));
  }

  private void machine(NodeEnd end) {
    MachineState is = yard.machine(end.uuid());
    boolean right =
        end.active()
            ? is.on()
                && is.runs().equals("disk")
                && is.disk().equals("system of " + end.uuid() + " for host")
            : !is.on() && is.disk().isEmpty();
    if (!right) {
      tally.problem(
          "The machine of %s, which is to be %s, is %s"
              .formatted(end.uuid(), end.active() ? "active" : "available", is));
    }
  }

  /** A request that is told to have been refused must not have been done, nor any twice. */
  private void deployments(List<NodeEnd> ends) throws SQLException {
    Set<String> made =
        Set.copyOf(
            database.rows(
                """
                SELECT nodes.uuid, count(flows.id) FROM nodes
                LEFT JOIN flows ON nodes.id = flows.node_id
                  AND kind = 'deploy' AND error IS DISTINCT FROM '%s'
                GROUP BY 1
                """
                    .formatted(REFUSED)));
    for (NodeEnd end : ends) {
      if (!made.contains(end.uuid() + TestDatabase.BAR + end.deployments())) {
        tally.problem(
            "%d deployments of %s were asked for, and another number was made"
                .formatted(end.deployments(), end.uuid()));
      }
    }
  }

  private void rows(String what, String sql) throws SQLException {
    database.rows(sql).forEach(row -> tally.problem(what + ": " + row));
  }
}
