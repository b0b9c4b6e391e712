package dev.ironic.rpc;

import dev.ironic.core.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of callers that a conductor serves: a file with one key per line, 64 hexadecimal
 * digits, and remarks behind {@code #}. It is read again when it changes; while it cannot be read,
 * nobody is served. Used by one thread.
 */
final class AllowedKeys {

  private static final Logger log = LoggerFactory.getLogger(AllowedKeys.class);

  private final Path file;
  private Set<String> keys;
  private List<Object> seen;

  /**
   * Reads the file.
   *
   * @throws ConfigException if it cannot be read, or holds something else
   */
  AllowedKeys(Path file) {
    this.file = file;
    try {
      seen = stamp();
      keys = read();
    } catch (IOException e) {
      throw new ConfigException(
          "Cannot read [zeromq] curve_allowed_keys_file %s (%s)"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  /** Whether a caller with that key, in hexadecimal digits, is served now; null is no key. */
  boolean allow(@Nullable String key) {
    refresh();
    return key != null && keys.contains(key);
  }

  private void refresh() {
    List<Object> now;
    try {
      now = stamp();
    } catch (IOException e) {
      now = List.of();
    }
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      keys = read();
      log.info("{} allows {} keys now", file, keys.size());
    } catch (IOException | ConfigException e) {
      keys = Set.of();
      log.error("Nobody is served until this is put right: {}", e.toString());
    }
  }

  private List<Object> stamp() throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    var stamp = new ArrayList<Object>();
    stamp.add(attributes.lastModifiedTime());
    stamp.add(attributes.size());
    stamp.add(String.valueOf(attributes.fileKey()));
    return stamp;
  }

  private Set<String> read() throws IOException {
    var found = new HashSet<String>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String key = line.replaceFirst("#.*", "").trim().toLowerCase(Locale.ROOT);
      if (key.isEmpty()) {
        continue;
      }
      try {
        CurveKeys.parse(key);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            "Line %d of [zeromq] curve_allowed_keys_file %s is no public key: 64 hexadecimal"
                    .formatted(number, file)
                + " digits are expected, as ironic-conductor --generate-rpc-key prints them");
      }
      found.add(key);
    }
    return Set.copyOf(found);
  }
}
