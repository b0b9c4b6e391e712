package dev.ironic.quickstart;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What must not outlive the quickstart, however that ends: processes, servers, files. Closed once,
 * by its end or by a signal, whichever comes first; the last added goes first. Thread-safe.
 */
final class Leftovers implements AutoCloseable {

  private final Screen screen;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  Leftovers(Screen screen) {
    this.screen = screen;
  }

  /** Remembers something; what comes too late is closed at once. */
  <T extends AutoCloseable> T add(T thing) {
    synchronized (this) {
      if (!closed) {
        open.push(thing);
        return thing;
      }
    }
    close(thing);
    return thing;
  }

  /** Remembers a process; those it started go with it. */
  Process add(Process process) {
    add(
        () -> {
          process.descendants().forEach(ProcessHandle::destroy);
          process.destroy();
        });
    return process;
  }

  /** Whether the end has come. */
  synchronized boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    while (true) {
      AutoCloseable next;
      synchronized (this) {
        closed = true;
        next = open.poll();
      }
      if (next == null) {
        return;
      }
      close(next);
    }
  }

  private void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      screen.line("Not closed cleanly: " + e);
    }
  }
}
