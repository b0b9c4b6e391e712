package dev.ironic.agent;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Passes everything on and keeps the last part of it, for the collection of logs. Thread-safe. */
final class RecentLog extends OutputStream {

  private static final int KEPT = 512 << 10;

  private final PrintStream target;
  private final byte[] ring = new byte[KEPT];
  private long written;

  RecentLog(PrintStream target) {
    this.target = target;
  }

  /** A stream into it that can stand in for standard error. */
  PrintStream stream() {
    return new PrintStream(this, true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int b) {
    ring[(int) (written++ % KEPT)] = (byte) b;
    target.write(b);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      ring[(int) (written++ % KEPT)] = bytes[i];
    }
    target.write(bytes, from, length);
  }

  @Override
  public synchronized void flush() {
    target.flush();
  }

  synchronized byte[] content() {
    int length = (int) Math.min(written, KEPT);
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = ring[(int) ((written - length + i) % KEPT)];
    }
    return content;
  }
}
