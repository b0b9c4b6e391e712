package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kernel parameters of a boot medium. Words are checked and quoted, since they come from node
 * settings and end in a program of the boot loader. Immutable.
 */
final class KernelLine {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.,:=/@%+\\[\\]~-]+");
  private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cntrl}\\s'\"\\\\]");

  private final List<String> words;

  private KernelLine(List<String> words) {
    this.words = List.copyOf(words);
  }

  /**
   * Joins free text and named parameters.
   *
   * @param append words separated by blanks, as operators write them; may hold the same name twice
   * @param parameters name to value; null for a bare flag
   * @throws DriverException when a word could break out of the line; it names the parameter but
   *     never its value, which may be a token
   */
  static KernelLine of(String append, Map<String, @Nullable String> parameters) {
    List<String> words = new ArrayList<>();
    for (String word : append.strip().split("\\s+", -1)) {
      if (!word.isEmpty()) {
        words.add(checked(word, word.replaceFirst("=.*", "")));
      }
    }
    parameters.forEach(
        (name, value) -> words.add(checked(value == null ? name : name + "=" + value, name)));
    return new KernelLine(words);
  }

  private static String checked(String word, String name) {
    if (FORBIDDEN.matcher(word).find()) {
      throw DriverException.invalid(
          "The kernel parameter '"
              + FORBIDDEN.matcher(name).replaceAll("?")
              + "' holds a blank, quote, backslash or control character; remove it from"
              + " kernel_append_params or from the setting that it comes from");
    }
    return word;
  }

  /** The text for GRUB's {@code linux} command. */
  String forGrub() {
    List<String> quoted = new ArrayList<>();
    for (String word : words) {
      quoted.add(PLAIN.matcher(word).matches() ? word : "'" + word + "'");
    }
    return String.join(" ", quoted);
  }
}
