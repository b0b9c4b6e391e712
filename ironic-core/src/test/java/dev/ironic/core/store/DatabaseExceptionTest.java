package dev.ironic.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseExceptionTest {

  @ParameterizedTest
  @CsvSource({"08006, true", "57P01, true", "42601, false", "23505, false", ", false"})
  void tellsABrokenWayFromAWrongStatement(String state, boolean unreachable) {
    var cause = new IllegalStateException(new SQLException("no", state));
    assertThat(new DatabaseException("refused", cause).isUnreachable()).isEqualTo(unreachable);
  }

  @Test
  void anExhaustedPoolMayPass() {
    var cause = new SQLTransientConnectionException("timed out after 30000ms");
    assertThat(new DatabaseException("refused", cause).isUnreachable()).isTrue();
  }
}
