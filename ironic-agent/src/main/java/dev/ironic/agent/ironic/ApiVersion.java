package dev.ironic.agent.ironic;

/**
 * A microversion 1.N of the API.
 *
 * @param minor the N
 */
public record ApiVersion(int minor) implements Comparable<ApiVersion> {

  /**
   * Reads "1.N".
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static ApiVersion parse(String text) {
    if (!text.matches("1\\.[0-9]{1,6}")) {
      throw new IllegalArgumentException("'" + text + "' is not an API version such as 1.68");
    }
    return new ApiVersion(Integer.parseInt(text.substring(2)));
  }

  /** The lower of this and 1.N. */
  ApiVersion atMost(int limit) {
    return new ApiVersion(Math.min(minor, limit));
  }

  /** True if this is 1.N or later. */
  public boolean atLeast(int wanted) {
    return minor >= wanted;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return "1." + minor;
  }
}
