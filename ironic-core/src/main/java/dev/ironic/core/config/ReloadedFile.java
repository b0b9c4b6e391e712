package dev.ironic.core.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file holds, read again when the file has changed. A change that can't be read is logged
 * once and leaves what was read before in force. Thread-safe.
 *
 * @param <T> what the file comes to
 */
public final class ReloadedFile<T> {

  /** Makes something of a file. */
  @FunctionalInterface
  public interface Reader<T> {

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException when its content is of no use
     */
    T read(Path file) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ReloadedFile.class);

  /** What the file system tells of a file; changes whenever the content does. */
  private record Stamp(long modified, long size, String key) {

    private static final Stamp MISSING = new Stamp(0, -1, "");

    static Stamp of(Path file) {
      if (!file.toFile().exists()) { // far cheaper than an exception, where files are optional
        return MISSING;
      }
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(
            attributes.lastModifiedTime().toMillis(),
            attributes.size(),
            Objects.toString(attributes.fileKey(), ""));
      } catch (IOException e) {
        return MISSING;
      }
    }
  }

  private record Content<T>(Stamp stamp, T value) {}

  private final Path file;
  private final Reader<T> reader;
  private volatile Content<T> content;

  /**
   * Reads the file for the first time.
   *
   * @throws IllegalArgumentException when its content is of no use
   * @throws UncheckedIOException when it can't be read
   */
  public ReloadedFile(Path file, Reader<T> reader) {
    this.file = file;
    this.reader = reader;
    Stamp stamp = Stamp.of(file);
    try {
      content = new Content<>(stamp, reader.read(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't read " + file + ": " + e, e);
    }
  }

  /** What the file holds now. */
  public T get() {
    Content<T> before = content;
    Stamp stamp = Stamp.of(file);
    return stamp.equals(before.stamp()) ? before.value() : reread(stamp);
  }

  private synchronized T reread(Stamp stamp) {
    Content<T> before = content;
    if (!stamp.equals(before.stamp())) {
      T value = before.value();
      try {
        value = reader.read(file);
        LOG.info("{} has changed and was read again", file);
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn(
            "{} has changed but is of no use; the older content stays: {}", file, e.toString());
      }
      content = new Content<>(stamp, value);
    }
    return content.value();
  }
}
