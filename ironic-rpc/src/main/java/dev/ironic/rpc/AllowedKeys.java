package dev.ironic.rpc;

import dev.ironic.core.config.ConfigException;
import dev.ironic.core.config.ReloadedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of callers that a conductor serves: a file with one key per line, 64 hexadecimal
 * digits, and remarks behind {@code #}. It is read again when it changes; while it cannot be read,
 * nobody is served. Thread-safe.
 */
final class AllowedKeys {

  private static final Logger log = LoggerFactory.getLogger(AllowedKeys.class);

  private final Path file;
  private final ReloadedFile<Set<String>> keys;

  /**
   * Reads the file.
   *
   * @throws ConfigException if it cannot be read, or holds something else
   */
  AllowedKeys(Path file) {
    this.file = file;
    try {
      read();
    } catch (IOException e) {
      throw new ConfigException(
          "Cannot read [zeromq] curve_allowed_keys_file %s (%s)"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
    keys = new ReloadedFile<>(file, changed -> readOrNobody());
  }

  /** Whether a caller with that key, in hexadecimal digits, is served now; null is no key. */
  boolean allow(@Nullable String key) {
    return key != null && keys.get().contains(key);
  }

  /** Older keys do not stay in force: one of them may be what the change was to take away. */
  private Set<String> readOrNobody() {
    try {
      return read();
    } catch (IOException | ConfigException e) {
      log.error("Nobody is served until this is put right: {}", e.toString());
      return Set.of();
    }
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
