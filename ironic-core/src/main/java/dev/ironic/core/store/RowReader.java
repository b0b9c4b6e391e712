package dev.ironic.core.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes a value of the row that a result stands at. */
@FunctionalInterface
interface RowReader<R> {

  R read(ResultSet row) throws SQLException;
}
