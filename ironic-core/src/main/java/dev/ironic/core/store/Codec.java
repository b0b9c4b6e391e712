package dev.ironic.core.store;

import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.JsonText;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.PowerState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** How a value of a record stands in a column. */
enum Codec {
  TEXT {
    @Override
    Object write(Object value, Dialect dialect) {
      return value;
    }

    @Override
    @Nullable Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      return row.getString(index);
    }
  },
  LONG {
    @Override
    Object write(Object value, Dialect dialect) {
      return value;
    }

    @Override
    @Nullable Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      long value = row.getLong(index);
      return row.wasNull() ? null : value;
    }
  },
  INTEGER {
    @Override
    Object write(Object value, Dialect dialect) {
      return value;
    }

    @Override
    @Nullable Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      int value = row.getInt(index);
      return row.wasNull() ? null : value;
    }
  },
  BOOLEAN {
    @Override
    Object write(Object value, Dialect dialect) {
      return value;
    }

    @Override
    @Nullable Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      boolean value = row.getBoolean(index);
      return row.wasNull() ? null : value;
    }
  },
  TIME {
    @Override
    Object write(Object value, Dialect dialect) {
      Instant time = toMicros((Instant) value);
      return switch (dialect) {
        case SQLITE -> SQLITE_TIME.format(time.atOffset(ZoneOffset.UTC));
        case POSTGRESQL -> time.atOffset(ZoneOffset.UTC);
      };
    }

    @Override
    @Nullable Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      return switch (dialect) {
        case SQLITE -> {
          String text = row.getString(index);
          yield text == null ? null : parsed(text).toInstant(ZoneOffset.UTC);
        }
        case POSTGRESQL -> {
          OffsetDateTime time = row.getObject(index, OffsetDateTime.class);
          yield time == null ? null : time.toInstant();
        }
      };
    }
  },
  /** An object; empty where there is none. */
  JSON_OBJECT {
    @Override
    Object write(Object value, Dialect dialect) {
      return value instanceof JsonText stored ? stored.text() : Json.write(value);
    }

    @Override
    Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      String text = row.getString(index);
      return text == null || text.equals("{}") ? Map.of() : new JsonText(text, Json::readMap);
    }
  },
  /** An array; empty where there is none. */
  JSON_ARRAY {
    @Override
    Object write(Object value, Dialect dialect) {
      return Json.write(value);
    }

    @Override
    Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      String text = row.getString(index);
      return text == null ? List.of() : Json.readList(text);
    }
  },
  /** An array; null where there is none. */
  NULLABLE_JSON_ARRAY {
    @Override
    Object write(Object value, Dialect dialect) {
      return Json.write(value);
    }

    @Override
    @Nullable Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      String text = row.getString(index);
      return text == null ? null : Json.readList(text);
    }
  },
  FLOW_STEPS {
    @Override
    Object write(Object value, Dialect dialect) {
      return Json.write(value);
    }

    @Override
    Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      return List.copyOf(Json.read(row.getString(index), new TypeReference<List<FlowStep>>() {}));
    }
  },
  PROVISION_STATE {
    @Override
    Object write(Object value, Dialect dialect) {
      return ((ProvisionState) value).wireName();
    }

    @Override
    @Nullable Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      String text = row.getString(index);
      return text == null
          ? null
          : ProvisionState.ofWireName(text).orElseThrow(() -> unknown("provision state", text));
    }
  },
  POWER_STATE {
    @Override
    Object write(Object value, Dialect dialect) {
      return ((PowerState) value).wireName();
    }

    @Override
    @Nullable Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      String text = row.getString(index);
      return text == null
          ? null
          : PowerState.ofWireName(text).orElseThrow(() -> unknown("power state", text));
    }
  },
  FLOW_KIND {
    @Override
    Object write(Object value, Dialect dialect) {
      return ((FlowKind) value).wireName();
    }

    @Override
    Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      String text = row.getString(index);
      return Arrays.stream(FlowKind.values())
          .filter(kind -> kind.wireName().equals(text))
          .findFirst()
          .orElseThrow(() -> unknown("kind of flow", text));
    }
  },
  FLOW_STATE {
    @Override
    Object write(Object value, Dialect dialect) {
      return ((Flow.State) value).name().toLowerCase(Locale.ROOT);
    }

    @Override
    Object read(ResultSet row, int index, Dialect dialect) throws SQLException {
      return Flow.State.valueOf(row.getString(index).toUpperCase(Locale.ROOT));
    }
  };

  /** Of one width, so that the order of the text is the order of time. */
  private static final DateTimeFormatter SQLITE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  /** Reads the one form in which times are written; a list has thousands. */
  private static LocalDateTime parsed(String text) {
    if (text.length() != "2026-01-01 00:00:00.000000".length()) {
      return LocalDateTime.parse(text, SQLITE_TIME);
    }
    return LocalDateTime.of(
        number(text, 0, 4),
        number(text, 5, 7),
        number(text, 8, 10),
        number(text, 11, 13),
        number(text, 14, 16),
        number(text, 17, 19),
        number(text, 20, 26) * 1000);
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  /** What stands for a component that was not read. */
  @Nullable Object empty() {
    return switch (this) {
      case JSON_OBJECT -> Map.of();
      case JSON_ARRAY, FLOW_STEPS -> List.of();
      default -> null;
    };
  }

  /** The value to bind. */
  abstract Object write(Object value, Dialect dialect);

  /** The value of a record's component. */
  abstract @Nullable Object read(ResultSet row, int index, Dialect dialect) throws SQLException;

  /** A time as it will be read back. */
  static Instant toMicros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  private static IllegalStateException unknown(String what, String text) {
    return new IllegalStateException(
        "The database holds the unknown " + what + " '" + text + "': is it of a newer release?");
  }
}
