package dev.ironic.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code key=value} words of a kernel command line; words without {@code =} are skipped.
 * Immutable. Values may be secrets, so there is no text form.
 */
public final class KernelParameters {

  private final Map<String, String> words;

  private KernelParameters(Map<String, String> words) {
    this.words = Collections.unmodifiableMap(words);
  }

  /** Reads a command line; a later word wins over an earlier one; double quotes hold blanks. */
  public static KernelParameters parse(String line) {
    Map<String, String> words = new LinkedHashMap<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (char c : (line + " ").toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (Character.isWhitespace(c) && !quoted) {
        int equals = word.indexOf("=");
        if (equals > 0) {
          words.put(word.substring(0, equals), word.substring(equals + 1));
        }
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    return new KernelParameters(words);
  }

  /**
   * Reads a file that holds a command line, in one line or several.
   *
   * @throws IOException if it can't be read
   */
  public static KernelParameters read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  /** The value of a word, or null. */
  public @Nullable String get(String name) {
    return words.get(name);
  }

  /** The names of all words. */
  public Iterable<String> names() {
    return words.keySet();
  }

  @Override
  public String toString() {
    return "KernelParameters" + words.keySet();
  }
}
