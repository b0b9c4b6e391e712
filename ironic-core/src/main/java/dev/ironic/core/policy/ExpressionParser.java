package dev.ironic.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads rules: {@code role:}, {@code rule:}, {@code property:value}, {@code property:%(name)s},
 * {@code 'literal':%(name)s}, {@code @}, {@code !}, and, or, not, parentheses. {@code and} binds
 * tighter than {@code or}; an empty text allows everybody. Used once.
 */
final class ExpressionParser {

  private static final Pattern TOKEN =
      Pattern.compile("\\G\\s*(\\(|\\)|(?:'[^']*'|\"[^\"]*\"|%\\([^)\\s]*\\)s|[^\\s()'\"])+)");
  private static final Pattern NAME = Pattern.compile("%\\(([^)\\s]+)\\)s");
  private static final Pattern NUMBER = Pattern.compile("\\d+|True|False|None");
  private static final int MAX_DEPTH = 100;

  private final String source;
  private final List<String> tokens = new ArrayList<>();
  private int next;

  private ExpressionParser(String source) {
    this.source = source;
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException when it is malformed; the message tells where
   */
  static Expression parse(String source) {
    return new ExpressionParser(source).whole();
  }

  private Expression whole() {
    Matcher matcher = TOKEN.matcher(source);
    int end = 0;
    while (matcher.find()) {
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    if (!source.substring(end).isBlank()) {
      throw malformed("it can't be read from '" + source.substring(end).strip() + "' on");
    }
    if (tokens.isEmpty()) {
      return new Expression.Always();
    }
    Expression all = either(0);
    if (next < tokens.size()) {
      throw malformed("'" + tokens.get(next) + "' is not expected there");
    }
    return all;
  }

  private boolean takes(String word) {
    boolean found = next < tokens.size() && tokens.get(next).toLowerCase(Locale.ROOT).equals(word);
    if (found) {
      next++;
    }
    return found;
  }

  private Expression either(int depth) {
    var parts = new ArrayList<Expression>();
    do {
      parts.add(both(depth));
    } while (takes("or"));
    return parts.size() == 1 ? parts.getFirst() : new Expression.Any(List.copyOf(parts));
  }

  private Expression both(int depth) {
    var parts = new ArrayList<Expression>();
    do {
      parts.add(single(depth));
    } while (takes("and"));
    return parts.size() == 1 ? parts.getFirst() : new Expression.All(List.copyOf(parts));
  }

  private Expression single(int depth) {
    if (depth > MAX_DEPTH) {
      throw malformed("it is nested too deeply");
    }
    if (takes("not")) {
      return new Expression.Not(single(depth + 1));
    }
    if (takes("(")) {
      Expression inner = either(depth + 1);
      if (!takes(")")) {
        throw malformed("a ')' is missing");
      }
      return inner;
    }
    if (next == tokens.size()) {
      throw malformed("it ends too early");
    }
    return check(tokens.get(next++));
  }

  private Expression check(String token) {
    if (token.equals("@")) {
      return new Expression.Always();
    }
    if (token.equals("!")) {
      return new Expression.Never();
    }
    int colon = colon(token);
    if (colon < 1 || colon == token.length() - 1) {
      throw malformed("'" + token + "' is no check; write kind:value");
    }
    String kind = token.substring(0, colon);
    String value = token.substring(colon + 1);
    if (kind.equals("rule")) {
      return new Expression.Named(value);
    }
    if (kind.equals("role")) {
      return new Expression.Role(text(value));
    }
    if (kind.equals("http") || kind.equals("https")) {
      throw malformed("checks by a remote server (" + kind + ":) are not offered");
    }
    if (kind.startsWith("'") || kind.startsWith("\"")) {
      return new Expression.Literal(unquoted(kind), text(value));
    }
    if (NUMBER.matcher(kind).matches()) {
      return new Expression.Literal(kind, text(value));
    }
    if (!Caller.hasAttribute(kind)) {
      throw malformed("callers have no property '" + kind + "'; a literal needs quotes");
    }
    return new Expression.Attribute(kind, text(value));
  }

  /** The first colon outside quotes. */
  private static int colon(String token) {
    char first = token.charAt(0);
    int from = first == '\'' || first == '"' ? token.indexOf(first, 1) : 0;
    return token.indexOf(':', Math.max(from, 0));
  }

  private Expression.Text text(String value) {
    Matcher name = NAME.matcher(value);
    if (name.matches()) {
      return new Expression.Text(String.valueOf(name.group(1)), true);
    }
    if (value.contains("%(")) {
      throw malformed("'" + value + "' mixes a name with other text");
    }
    return new Expression.Text(unquoted(value), false);
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && (text.startsWith("'") || text.startsWith("\""));
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException("the rule \"" + source + "\" is malformed: " + why);
  }
}
