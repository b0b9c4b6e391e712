package dev.ironic.core.store;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Keeps prepared statements of one connection for the next time the same text is run: SQLite takes
 * as long to prepare a statement on a wide table as to run it, and its driver keeps none. A
 * statement in use is out of the cache, so that nested use of one text gets another. Not
 * thread-safe, as the connection is not.
 */
final class PreparedStatements implements StatementBuilder {

  private static final int MOST_KEPT = 128;

  private final StatementBuilder plain = new DefaultStatementBuilder();

  /** By text, the one unused for the longest time first. */
  private final Map<String, PreparedStatement> kept = new LinkedHashMap<>();

  @Override
  public Statement create(Connection connection, StatementContext context) throws SQLException {
    return plain.create(connection, context);
  }

  @Override
  public PreparedStatement create(Connection connection, String sql, StatementContext context)
      throws SQLException {
    PreparedStatement known = kept.remove(sql);
    return known != null ? known : plain.create(connection, sql, context);
  }

  @Override
  public CallableStatement createCall(Connection connection, String sql, StatementContext context)
      throws SQLException {
    return plain.createCall(connection, sql, context);
  }

  @Override
  public void close(Connection connection, String sql, Statement statement) throws SQLException {
    if (!(statement instanceof PreparedStatement prepared) || kept.containsKey(sql)) {
      statement.close();
      return;
    }
    prepared.clearParameters();
    kept.put(sql, prepared);
    if (kept.size() > MOST_KEPT) {
      var oldest = kept.entrySet().iterator();
      PreparedStatement unused = oldest.next().getValue();
      oldest.remove();
      unused.close();
    }
  }

  @Override
  public void close(Connection connection) {
    kept.clear(); // closed together with their connection
  }
}
