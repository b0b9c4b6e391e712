package dev.ironic.core.inspection.rules;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a rule. It works on what a machine sent, so that it gets a limited number
 * of steps.
 */
record RulePattern(Pattern pattern) {

  private static final int MOST_STEPS = 5_000_000;

  /** Reads an expression; named groups may be written as in Python. */
  static RulePattern of(String regex) {
    try {
      return new RulePattern(
          Pattern.compile(
              regex
                  .replace("(?P<", "(?<")
                  .replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>")
                  .replace("\\Z", "\\z")));
    } catch (PatternSyntaxException e) {
      throw RuleError.of("'%s' is no regular expression: %s", regex, e.getDescription());
    }
  }

  /** Whether a text matches from its start to its end. */
  boolean matches(String text) {
    String regex = pattern.pattern();
    Pattern whole = regex.endsWith("$") ? pattern : Pattern.compile(regex + "$");
    return bounded(text, whole, true);
  }

  /** Whether a part of a text matches. */
  boolean isIn(String text) {
    return bounded(text, pattern, false);
  }

  private static boolean bounded(String text, Pattern pattern, boolean fromStart) {
    var matcher = pattern.matcher(new Counted(text, new Steps()));
    try {
      return fromStart ? matcher.lookingAt() : matcher.find();
    } catch (TooManySteps | StackOverflowError e) {
      throw RuleError.of(
          "the regular expression '%s' takes too long on a text of %d characters; make it simpler",
          pattern.pattern(), text.length());
    }
  }

  private static final class Steps {
    private int taken;
  }

  /** A text that can only be looked at so often. */
  private record Counted(CharSequence text, Steps steps) implements CharSequence {

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps.taken > MOST_STEPS) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), steps);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
