package dev.ironic.core.store;

import dev.ironic.core.model.HistoryEntry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happened to nodes. */
final class NodeHistory {

  private static final int LONGEST_EVENT = 65535;
  private static final String CUT = " ... ";

  private final Database database;
  private final Clock clock;
  private final Rows<HistoryEntry> rows;

  NodeHistory(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
    rows = new Rows<>(Tables.HISTORY, database.dialect());
  }

  void add(HistoryEntry entry) {
    String event = entry.event();
    HistoryEntry bounded = event == null ? entry : entry.with(b -> b.event(shorten(event)));
    database.write(session -> rows.insert(session, bounded, clock.instant()));
  }

  List<HistoryEntry> list(long nodeId, Query query) {
    return database.read(
        session -> rows.select(session, query.and(new Query.Filter.Equal("nodeId", nodeId))));
  }

  Optional<HistoryEntry> find(long nodeId, String uuid) {
    return database.read(
        session -> rows.find(session, "uuid", uuid).filter(entry -> entry.nodeId() == nodeId));
  }

  int purge(long conductorId, int keepPerNode, Instant olderThan, int atMost) {
    return database.write(
        session ->
            rows.sql("DELETE FROM node_history WHERE id IN (SELECT id FROM (")
                .add("SELECT h.id, h.created_at, ROW_NUMBER() OVER (PARTITION BY h.node_id")
                .add(" ORDER BY h.id DESC) AS age FROM node_history h")
                .add(
                    " JOIN nodes n ON n.id = h.node_id WHERE n.conductor_affinity = ?", conductorId)
                .add(") aged WHERE age > ?", keepPerNode)
                .add(" AND created_at < ?", Codec.TIME.write(olderThan, database.dialect()))
                .add(" ORDER BY id LIMIT ?)", atMost)
                .run(session));
  }

  /** Takes the middle out of a text that is too long. */
  static String shorten(String event) {
    if (event.getBytes(StandardCharsets.UTF_8).length <= LONGEST_EVENT) {
      return event;
    }
    int half = (LONGEST_EVENT - CUT.length()) / 2;
    return start(event, half) + CUT + end(event, half);
  }

  private static String start(String text, int bytes) {
    int used = 0;
    int at = 0;
    while (at < text.length()) {
      int point = text.codePointAt(at);
      used += width(point);
      if (used > bytes) {
        break;
      }
      at += Character.charCount(point);
    }
    return text.substring(0, at);
  }

  private static String end(String text, int bytes) {
    int used = 0;
    int at = text.length();
    while (at > 0) {
      int point = text.codePointBefore(at);
      used += width(point);
      if (used > bytes) {
        break;
      }
      at -= Character.charCount(point);
    }
    return text.substring(at);
  }

  private static int width(int point) {
    if (point < 0x80) {
      return 1;
    }
    if (point < 0x800) {
      return 2;
    }
    return point < 0x10000 ? 3 : 4;
  }
}
