package dev.ironic.driver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The kernel parameters that a machine boots with. Words are checked and quoted, since they come
 * from node settings and end in a program of the boot loader. Immutable.
 */
public final class KernelLine {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.,:=/@%+\\[\\]~-]+");
  private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cntrl}\\s'\"\\\\]");
  private static final String TOKEN = "ipa-agent-token";

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
  public static KernelLine of(String append, Map<String, @Nullable String> parameters) {
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

  /**
   * The parameters of a node's ramdisk: what its operator wrote in {@code kernel_append_params},
   * where {@code %default%} stands for the configured text, and what the conductor adds.
   *
   * @param configured the text of the configuration file, used where the node has none
   * @param parameters name to value; null for a bare flag
   * @throws DriverException see {@link #of}
   */
  public static KernelLine forNode(
      NodeInfo node, String configured, Map<String, @Nullable String> parameters) {
    String append =
        Optional.ofNullable(node.instanceInfo().get("kernel_append_params"))
            .or(() -> Optional.ofNullable(node.driverInfo().get("kernel_append_params")))
            .map(Object::toString)
            .orElse("%default%")
            .replace("%default%", configured);
    // What an operator wrote for this node is more special than what the conductor knows, such as
    // the address under which this very machine reaches the API.
    Set<String> written =
        Arrays.stream(append.split("\\s+"))
            .map(word -> word.replaceFirst("=.*", ""))
            .filter(name -> !name.equals(TOKEN))
            .collect(Collectors.toSet());
    Map<String, @Nullable String> rest = new LinkedHashMap<>(parameters);
    rest.keySet().removeAll(written);
    return of(append, rest);
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
  public String forGrub() {
    List<String> quoted = new ArrayList<>();
    for (String word : words) {
      quoted.add(PLAIN.matcher(word).matches() ? word : "'" + word + "'");
    }
    return String.join(" ", quoted);
  }

  /**
   * The text for boot loaders that do not interpret it.
   *
   * @throws DriverException when a word holds what iPXE would take as a setting to expand
   */
  public String plain() {
    for (String word : words) {
      if (word.contains("${") || word.equals("||") || word.equals("&&")) {
        throw DriverException.invalid(
            "The kernel parameter '%s' would be interpreted by the boot loader; remove ${, || and && from kernel_append_params"
                .formatted(word.replaceFirst("=.*", "")));
      }
    }
    return String.join(" ", words);
  }
}
