package dev.ironic.core.conductor;

import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.ProvisionState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Notes each version of locks and journal that a SQLite database ever held, by triggers, so that
 * nothing which is committed escapes, whoever wrote it. {@link SimHistory} knows what must not be
 * among it.
 *
 * <p>Its tables are among those of the database: who empties all of them begins anew.
 */
final class SimAudit {

  /** Read after the write, so that one row says all. */
  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE audit_nodes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            node_id INTEGER, state TEXT, holder TEXT, fence INTEGER, registered INTEGER)
          """,
          """
          CREATE TABLE audit_flows (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            flow_id INTEGER, node_id INTEGER, kind TEXT, state TEXT, step INTEGER, steps TEXT,
            conductor TEXT, error TEXT, holder TEXT)
          """,
          "CREATE TRIGGER audit_node_made AFTER INSERT ON nodes BEGIN %s; END"
              .formatted(noteNode()),
          """
          CREATE TRIGGER audit_node_changed
            AFTER UPDATE OF provision_state, reservation, fence ON nodes
            WHEN NEW.provision_state IS NOT OLD.provision_state
              OR NEW.reservation IS NOT OLD.reservation OR NEW.fence IS NOT OLD.fence
            BEGIN %s; END
          """
              .formatted(noteNode()),
          "CREATE TRIGGER audit_flow_made AFTER INSERT ON flows BEGIN %s; END"
              .formatted(noteFlow()),
          "CREATE TRIGGER audit_flow_changed AFTER UPDATE OF state ON flows BEGIN %s; END"
              .formatted(noteFlow()));

  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;

  private SimAudit(Path file) {
    this.file = file;
  }

  /** Begins to note what becomes of a database whose schema is up to date. */
  static SimAudit of(Path file) {
    var audit = new SimAudit(file);
    audit.with(
        statement -> {
          for (String sql : SCHEMA) {
            statement.execute(sql);
          }
        });
    return audit;
  }

  private static String noteNode() {
    return """
        INSERT INTO audit_nodes (node_id, state, holder, fence, registered)
        VALUES (NEW.id, NEW.provision_state, NEW.reservation, NEW.fence,
          EXISTS (SELECT 1 FROM conductors WHERE hostname = NEW.reservation))
        """;
  }

  private static String noteFlow() {
    return """
        INSERT INTO audit_flows
          (flow_id, node_id, kind, state, step, steps, conductor, error, holder)
        VALUES (NEW.id, NEW.node_id, NEW.kind, NEW.state, NEW.cursor, NEW.steps, NEW.conductor,
          NEW.error, (SELECT reservation FROM nodes WHERE id = NEW.node_id))
        """;
  }

  /** What must not have been written, in words; empty if all is well. */
  List<String> complaints() {
    var complaints = new ArrayList<String>();
    var nodes = new TreeMap<Long, List<SimHistory.Lock>>();
    var flows = new TreeMap<Long, List<SimHistory.Entry>>();
    with(
        statement -> {
          try (ResultSet rows = statement.executeQuery("SELECT * FROM audit_nodes ORDER BY id")) {
            while (rows.next()) {
              nodes
                  .computeIfAbsent(rows.getLong("node_id"), n -> new ArrayList<>())
                  .add(lock(rows));
            }
          }
          try (ResultSet rows = statement.executeQuery("SELECT * FROM audit_flows ORDER BY id")) {
            while (rows.next()) {
              flows
                  .computeIfAbsent(rows.getLong("flow_id"), f -> new ArrayList<>())
                  .add(entry(rows));
            }
          }
        });
    nodes.forEach((node, locks) -> SimHistory.check("node " + node, locks, complaints::add));
    flows.forEach(
        (flow, entries) -> SimHistory.checkFlow("flow " + flow, entries, complaints::add));
    return complaints;
  }

  /** Why flows failed, in the order in which they did. */
  List<String> failures() {
    var failures = new ArrayList<String>();
    with(
        statement -> {
          try (ResultSet rows =
              statement.executeQuery(
                  "SELECT kind, error FROM audit_flows WHERE state = 'failed' ORDER BY id")) {
            while (rows.next()) {
              failures.add(rows.getString("kind") + ": " + rows.getString("error"));
            }
          }
        });
    return failures;
  }

  private static SimHistory.Lock lock(ResultSet row) throws SQLException {
    return new SimHistory.Lock(
        ProvisionState.ofWireName(row.getString("state")).orElseThrow(),
        row.getString("holder"),
        row.getLong("fence"),
        row.getBoolean("registered"));
  }

  private static SimHistory.Entry entry(ResultSet row) throws SQLException {
    return new SimHistory.Entry(
        Flow.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getInt("step"),
        JSON.readValue(row.getString("steps"), new TypeReference<List<FlowStep>>() {}),
        row.getString("conductor"),
        row.getString("holder"));
  }

  private interface Work {
    void on(Statement statement) throws SQLException;
  }

  private void with(Work work) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      work.on(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
