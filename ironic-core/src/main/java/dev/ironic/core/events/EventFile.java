package dev.ironic.core.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.json.JsonMapper;

/**
 * Appends events to a file, each as a line of JSON. The file may be moved away at any time; the
 * next event begins a new one. Thread-safe.
 */
public final class EventFile implements EventListener {

  private final Path file;
  private final ReentrantLock writing = new ReentrantLock();

  /** Nothing is written before the first event. */
  public EventFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException when the file cannot be written
   */
  @Override
  public void on(Event event) {
    String line = JsonMapper.shared().writeValueAsString(event.asMap()) + "\n";
    writing.lock();
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Events cannot be written to " + file, e);
    } finally {
      writing.unlock();
    }
  }
}
