package dev.ironic.chaos.yard;

import dev.ironic.chaos.yard.YardEntry.Phase;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What all machines have been asked, in order; kept in memory and in a file. Thread-safe. */
final class YardLog implements AutoCloseable {

  private final List<YardEntry> entries = new ArrayList<>();
  private final BufferedWriter file;
  private boolean closed;

  YardLog(Path path) throws IOException {
    file = Files.newBufferedWriter(path);
  }

  synchronized void add(Instant time, YardCall call, long number, Phase phase) {
    var entry =
        new YardEntry(
            entries.size() + 1L,
            time,
            call.node(),
            call.conductor(),
            call.holding(),
            number,
            call.words(),
            phase);
    entries.add(entry);
    if (closed) {
      return;
    }
    try {
      file.write(
          "%d %s %s %s/%d #%d %s %s%n"
              .formatted(
                  entry.number(),
                  time,
                  entry.node(),
                  entry.conductor(),
                  entry.holding(),
                  number,
                  phase,
                  entry.words()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All of them, in order. */
  synchronized List<YardEntry> entries() {
    return List.copyOf(entries);
  }

  /** Those behind the first so many. */
  synchronized List<YardEntry> since(int count) {
    return List.copyOf(entries.subList(Math.min(count, entries.size()), entries.size()));
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
