package dev.ironic.agent;

/**
 * A text that must not be seen.
 *
 * @param reveal the text itself
 */
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "***";
  }
}
