package dev.ironic.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Shows what happens: lines that stay, and, on a terminal, one line that is written over. Used by
 * one thread.
 */
final class Screen {

  private static final int BAR_WIDTH = 24;

  private final PrintStream out;
  private final boolean terminal;
  private final InstantSource clock;
  private final Instant start;
  private int liveLength;
  private String lastShown = "";

  Screen(PrintStream out, boolean terminal, InstantSource clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
    this.start = clock.instant();
  }

  /** A line that stays, with the time since the start. */
  void line(String text) {
    wipe();
    out.printf(Locale.ROOT, "[%6.1fs] %s%n", elapsed().toMillis() / 1000.0, text);
    out.flush();
  }

  /** Text without a time. */
  void plain(String text) {
    wipe();
    out.println(text);
    out.flush();
  }

  /**
   * What is going on right now. Without a terminal it is shown when the key changes.
   *
   * @param key changes when something worth a line has happened
   */
  void live(String text, String key) {
    if (!terminal) {
      if (!key.equals(lastShown)) {
        line(text);
      }
    } else {
      String padded = text + " ".repeat(Math.max(0, liveLength - text.length()));
      out.print("\r" + padded);
      out.flush();
      liveLength = text.length();
    }
    lastShown = key;
  }

  Duration elapsed() {
    return Duration.between(start, clock.instant());
  }

  static String bar(long done, long total) {
    int filled = total <= 0 ? 0 : (int) Math.min(BAR_WIDTH, done * BAR_WIDTH / total);
    return "[" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "]";
  }

  static String bytes(long count) {
    return count < 1 << 20
        ? count / 1024 + " KiB"
        : String.format(Locale.ROOT, "%.1f MiB", count / 1048576.0);
  }

  private void wipe() {
    if (terminal && liveLength > 0) {
      out.print("\r" + " ".repeat(liveLength) + "\r");
      liveLength = 0;
    }
  }
}
