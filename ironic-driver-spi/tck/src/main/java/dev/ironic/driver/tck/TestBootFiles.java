package dev.ironic.driver.tck;

import dev.ironic.driver.BootFiles;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Boot files in memory. What is in a file is told by a text: the text written, {@code image of
 * ADDRESS}, {@code copy of PATH}, or {@code link to FILE}. Thread-safe.
 */
public final class TestBootFiles implements BootFiles {

  private final Map<String, String> files = new TreeMap<>();

  /** All files by path. */
  public synchronized Map<String, String> files() {
    return Collections.unmodifiableMap(new TreeMap<>(files));
  }

  @Override
  public synchronized void fetch(String image, String file) {
    files.put(file, "image of " + image);
  }

  @Override
  public synchronized void copy(Path source, String file) {
    files.put(file, "copy of " + source);
  }

  @Override
  public synchronized void write(String file, String text) {
    files.put(file, text);
  }

  @Override
  public synchronized void link(String file, String target) {
    files.put(file, "link to " + target);
  }

  @Override
  public synchronized void remove(String file) {
    files.keySet().removeIf(path -> path.equals(file) || path.startsWith(file + "/"));
  }

  @Override
  public URI url(String file) {
    return URI.create("http://192.0.2.1:8080/" + file);
  }
}
