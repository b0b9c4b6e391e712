package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version 1.{@code minor} of the API.
 *
 * @param minor from {@link #MIN} to {@link #MAX}
 */
public record ApiVersion(int minor) {

  /** The oldest version served. */
  public static final ApiVersion MIN = new ApiVersion(1);

  /** The newest version served. */
  public static final ApiVersion MAX = new ApiVersion(115);

  /** The request header of the service itself. */
  public static final String HEADER = "X-OpenStack-Ironic-API-Version";

  private static final Pattern NUMBER = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})");

  /**
   * A version that can't be served.
   *
   * @param parsable whether it has the form of a version, so that the answer tells the range
   * @param text what to tell the client
   */
  public record Refusal(boolean parsable, String text) {}

  /** What the headers of a request come to. */
  public sealed interface Negotiated {

    /** A version to serve. */
    record Agreed(ApiVersion version) implements Negotiated {}

    /** A refusal with 406. */
    record Refused(Refusal refusal) implements Negotiated {}
  }

  /** Whether this is 1.{@code since} or newer. */
  public boolean atLeast(int since) {
    return minor >= since;
  }

  /** Fails with 406 unless this is 1.{@code since} or newer. */
  void require(int since, String what) {
    if (!atLeast(since)) {
      throw new IronicException(
          Fault.NOT_ACCEPTABLE,
          what + " needs API version 1." + since + " or newer, the request uses " + this);
    }
  }

  /**
   * Finds the version that a request asks for.
   *
   * @param generic value of {@code OpenStack-API-Version}, or null; wins where it names bare metal
   * @param own value of {@link #HEADER}, or null
   */
  public static Negotiated negotiate(@Nullable String generic, @Nullable String own) {
    String wanted = own;
    if (generic != null) {
      for (String part : generic.split(",", -1)) {
        String[] words = part.trim().split("\\s+", -1);
        if (words.length == 2 && words[0].equalsIgnoreCase("baremetal")) {
          wanted = words[1];
        }
      }
    }
    if (wanted == null || wanted.isBlank()) {
      return new Negotiated.Agreed(MIN);
    }
    String text = wanted.trim();
    if (text.toLowerCase(Locale.ROOT).equals("latest")) {
      return new Negotiated.Agreed(MAX);
    }
    Matcher number = NUMBER.matcher(text);
    if (!number.matches()) {
      return new Negotiated.Refused(
          new Refusal(false, "Invalid value for " + HEADER + " header: " + text));
    }
    String range = "The supported version range is: [" + MIN + ", " + MAX + "].";
    int minor = Integer.parseInt(number.group(2));
    if (Integer.parseInt(number.group(1)) != 1) {
      return new Negotiated.Refused(
          new Refusal(true, "Major version of " + text + " is not supported. " + range));
    }
    if (minor < MIN.minor || minor > MAX.minor) {
      return new Negotiated.Refused(
          new Refusal(true, "Version " + text + " is not supported by this service. " + range));
    }
    return new Negotiated.Agreed(new ApiVersion(minor));
  }

  @Override
  public String toString() {
    return "1." + minor;
  }
}
