package dev.ironic.core.inspection.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills replacement fields such as <code>{inventory[cpu][count]}</code> or <code>{node.driver}
 * </code> into texts. The result is always a text. A text with a field that names nothing stays as
 * it is. What was filled in is not looked at again, so a machine can't smuggle fields in; only
 * texts of a loop's item, which come from the rule, are filled in themselves.
 */
final class Template {

  private static final Logger LOG = LoggerFactory.getLogger(Template.class);

  private Template() {}

  /** A value with all texts in it filled in. */
  static @Nullable Object fill(@Nullable Object value, Scope scope) {
    return switch (value) {
      case String text -> text(text, scope).orElse(text);
      case List<?> list -> {
        var filled = new ArrayList<@Nullable Object>();
        list.forEach(item -> filled.add(fill(item, scope)));
        yield filled;
      }
      case Map<?, ?> map -> {
        var filled = new LinkedHashMap<String, @Nullable Object>();
        map.forEach(
            (key, member) -> {
              String name = String.valueOf(key);
              filled.put(text(name, scope).orElse(name), fill(member, scope));
            });
        yield filled;
      }
      case null -> null;
      default -> value;
    };
  }

  /** A text filled in; empty when a field in it names nothing, or when it is no template. */
  static Optional<String> text(String text, Scope scope) {
    if (text.indexOf('{') < 0 && text.indexOf('}') < 0) {
      return Optional.of(text);
    }
    try {
      return Optional.of(new Reader(text).fill(scope));
    } catch (NoSuchElementException | IllegalArgumentException e) {
      LOG.warn("'{}' stays as it is: {}", text, e.getMessage());
      return Optional.empty();
    }
  }

  /** Reads one text from left to right. */
  private static final class Reader {

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    String fill(Scope scope) {
      var out = new StringBuilder();
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c != '{' && c != '}') {
          out.append(c);
        } else if (at < text.length() && text.charAt(at) == c) {
          at++;
          out.append(c);
        } else if (c == '}') {
          throw new IllegalArgumentException("a closing brace stands alone");
        } else {
          out.append(field(scope));
        }
      }
      return out.toString();
    }

    private String field(Scope scope) {
      List<String> path = path();
      boolean shown = take("!r");
      if (!shown) {
        take("!s");
      }
      if (!take("}")) {
        throw new IllegalArgumentException("a field must end with '}' after its name");
      }
      Object value = scope.value(path);
      if (path.getFirst().equals("item") && value instanceof String own) {
        // The item is part of the rule; its fields must not name the item again.
        Scope outer =
            new Scope(
                scope.node(), scope.inventory(), scope.pluginData(), null, false, scope.masked());
        value = text(own, outer).orElse(own);
      }
      return shown ? PythonText.shown(value) : PythonText.of(value);
    }

    private List<String> path() {
      var path = new ArrayList<String>();
      path.add(name());
      while (at < text.length()) {
        if (take(".")) {
          path.add(name());
        } else if (take("[")) {
          int end = text.indexOf(']', at);
          if (end <= at) {
            throw new IllegalArgumentException("'[' without a key and ']'");
          }
          path.add(text.substring(at, end));
          at = end + 1;
        } else {
          break;
        }
      }
      return path;
    }

    private String name() {
      int start = at;
      while (at < text.length() && ".[]!:{}".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      if (at == start) {
        throw new IllegalArgumentException("a field without a name");
      }
      return text.substring(start, at);
    }

    private boolean take(String expected) {
      if (!text.startsWith(expected, at)) {
        return false;
      }
      at += expected.length();
      return true;
    }
  }
}
