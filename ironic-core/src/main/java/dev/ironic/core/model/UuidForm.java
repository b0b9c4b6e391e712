package dev.ironic.core.model;

/**
 * The form of a UUID: five groups of hexadecimal digits, in any case. What has it is never taken
 * for a name. Looked at in every request, hence without a regular expression.
 */
public final class UuidForm {

  private static final int LENGTH = 36;

  private UuidForm() {}

  /** Whether a text has the form. */
  public static boolean fits(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      boolean digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (dash ? c != '-' : !digit) {
        return false;
      }
    }
    return true;
  }
}
