package dev.ironic.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The format of {@code ironic.conf}: groups in brackets, {@code key = value} or {@code key: value},
 * values that go on in indented lines, {@code #} and {@code ;} for comments, keys that may stand
 * several times, values in quotes.
 */
final class IniFile {

  /** Group to key to values, in the file's order. */
  static Map<String, Map<String, List<String>>> read(Path file) {
    try {
      return parse(file.toString(), Files.readAllLines(file));
    } catch (IOException e) {
      throw new ConfigException("Cannot read configuration file " + file + ": " + e, e);
    }
  }

  static Map<String, Map<String, List<String>>> parse(String source, List<String> lines) {
    var groups = new LinkedHashMap<String, Map<String, List<String>>>();
    String group = "DEFAULT";
    List<String> values = List.of();
    int number = 0;
    for (String line : lines) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
        continue;
      }
      if (Character.isWhitespace(line.charAt(0)) && !values.isEmpty()) {
        values.add(unquote(values.removeLast() + "\n" + text));
      } else if (text.startsWith("[")) {
        if (!text.endsWith("]") || text.length() < 3) {
          throw error(source, number, "a group must look like [name]", text);
        }
        group = text.substring(1, text.length() - 1);
        values = List.of();
      } else {
        int split = split(text);
        if (split < 1) {
          throw error(source, number, "an option must look like key = value", text);
        }
        values =
            groups
                .computeIfAbsent(group, g -> new LinkedHashMap<>())
                .computeIfAbsent(text.substring(0, split).strip(), k -> new ArrayList<>());
        values.add(unquote(text.substring(split + 1).strip()));
      }
    }
    return groups;
  }

  private static int split(String text) {
    int equals = text.indexOf('=');
    int colon = text.indexOf(':');
    return equals < 0 ? colon : colon < 0 ? equals : Math.min(equals, colon);
  }

  private static String unquote(String value) {
    boolean quoted =
        value.length() > 1
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(0) == value.charAt(value.length() - 1);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static ConfigException error(String source, int line, String expected, String text) {
    // Only the key can be shown: the rest may be a credential.
    String shown = text.length() > 20 ? text.substring(0, 20) + "..." : text;
    return new ConfigException("%s, line %d: %s: %s".formatted(source, line, expected, shown));
  }

  private IniFile() {}
}
