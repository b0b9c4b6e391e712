package dev.ironic.agent.image;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A checksum an image must have.
 *
 * @param algorithm its name for Java, such as SHA-256
 * @param hex the sum in lower case hexadecimal digits
 */
public record Checksum(String algorithm, String hex) {

  private static final Map<String, String> ALGORITHMS =
      Map.of(
          "md5", "MD5",
          "sha1", "SHA-1",
          "sha224", "SHA-224",
          "sha256", "SHA-256",
          "sha384", "SHA-384",
          "sha512", "SHA-512",
          "sha3_256", "SHA3-256",
          "sha3_384", "SHA3-384",
          "sha3_512", "SHA3-512");

  private static final Pattern BSD_LINE =
      Pattern.compile("[A-Za-z0-9_-]+\\s*\\((.+)\\)\\s*=\\s*([0-9A-Fa-f]+)");

  private static final Pattern GNU_LINE = Pattern.compile("([0-9A-Fa-f]+)\\s+\\*?(.+)");

  /**
   * From the algorithm's name as senders write it.
   *
   * @throws AgentException if this JVM does not know it
   */
  static Checksum named(String algorithm, String hex) {
    String name = ALGORITHMS.get(algorithm.toLowerCase(Locale.ROOT).replace("-", ""));
    if (name == null) {
      throw new AgentException(
          ErrorKind.INVALID_COMMAND_PARAMS,
          "the checksum algorithm '" + algorithm + "' is not known; use sha256 or sha512");
    }
    return new Checksum(name, hexDigits(hex));
  }

  /**
   * From the sum alone: its length tells the algorithm.
   *
   * @throws AgentException if the length fits none
   */
  static Checksum byLength(String hex) {
    String sum = hexDigits(hex);
    return switch (sum.length()) {
      case 32 -> new Checksum("MD5", sum);
      case 64 -> new Checksum("SHA-256", sum);
      case 128 -> new Checksum("SHA-512", sum);
      default ->
          throw new AgentException(
              ErrorKind.INVALID_COMMAND_PARAMS,
              ("a checksum of %d digits fits no algorithm; it must have 64 (sha256), 128 (sha512)"
                      + " or 32 (md5)")
                  .formatted(sum.length()));
    };
  }

  /**
   * Finds an image's sum in a checksum file: its only word, or the line that names the image.
   *
   * @throws AgentException if no line names it
   */
  static String find(String file, String imageName, String fileUrl) {
    List<String> lines =
        file.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (lines.size() == 1 && !lines.getFirst().contains(" ")) {
      return lines.getFirst();
    }
    for (String line : lines) {
      Matcher bsd = BSD_LINE.matcher(line);
      if (bsd.matches() && bsd.group(1).equals(imageName)) {
        return bsd.group(2);
      }
      Matcher gnu = GNU_LINE.matcher(line);
      if (gnu.matches() && lastPart(gnu.group(2)).equals(imageName)) {
        return gnu.group(1);
      }
    }
    throw new AgentException(
        ErrorKind.IMAGE_DOWNLOAD,
        "the checksum file " + fileUrl + " has no line for the image " + imageName);
  }

  /** A fresh computation of this kind of sum. */
  MessageDigest start() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  boolean isMd5() {
    return algorithm.equals("MD5");
  }

  /** What an ended computation shows, in the form of {@link #hex}. */
  static String hex(MessageDigest ended) {
    return HexFormat.of().formatHex(ended.digest());
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static String hexDigits(String text) {
    String digits = text.strip().toLowerCase(Locale.ROOT);
    if (!digits.matches("[0-9a-f]+")) {
      throw new AgentException(
          ErrorKind.INVALID_COMMAND_PARAMS,
          "the checksum '" + text + "' is not made of hexadecimal digits");
    }
    return digits;
  }
}
