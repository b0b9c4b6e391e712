package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an image's content must add up to.
 *
 * @param algorithm how it is computed
 * @param hex the expected value in lower case
 */
record Checksum(Algorithm algorithm, String hex) {

  /** The algorithms that images are checked with. */
  enum Algorithm {
    MD5("md5", "MD5", 32),
    SHA1("sha1", "SHA-1", 40),
    SHA224("sha224", "SHA-224", 56),
    SHA256("sha256", "SHA-256", 64),
    SHA384("sha384", "SHA-384", 96),
    SHA512("sha512", "SHA-512", 128);

    private final String wireName;
    private final String javaName;
    private final int length;

    Algorithm(String wireName, String javaName, int length) {
      this.wireName = wireName;
      this.javaName = javaName;
      this.length = length;
    }

    String wireName() {
      return wireName;
    }

    MessageDigest digest() {
      try {
        return MessageDigest.getInstance(javaName);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("This Java has no " + javaName, e);
      }
    }

    static Optional<Algorithm> named(String name) {
      String wanted = name.strip().toLowerCase(Locale.ROOT).replace("-", "");
      return Arrays.stream(values()).filter(a -> a.wireName.equals(wanted)).findFirst();
    }
  }

  private static final Pattern BSD_LINE = Pattern.compile("(\\S+) \\((.+)\\) = ([0-9A-Fa-f]+)");
  private static final Pattern GNU_LINE = Pattern.compile("([0-9A-Fa-f]+)\\s+\\*?(.+)");
  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]+");

  /** Pairs an algorithm with a value of its length. */
  static Checksum of(Algorithm algorithm, String hex) {
    String value = hex.strip();
    if (!HEX.matcher(value).matches() || value.length() != algorithm.length) {
      throw DriverException.invalid(
          "The checksum '"
              + value
              + "' is not a "
              + algorithm.wireName
              + " value, which has "
              + algorithm.length
              + " hexadecimal digits");
    }
    return new Checksum(algorithm, value.toLowerCase(Locale.ROOT));
  }

  /** Reads {@code algo:hex} or plain hex, whose length tells the algorithm. */
  static Checksum parse(String text) {
    int colon = text.indexOf(':');
    if (colon > 0) {
      return of(algorithm(text.substring(0, colon)), text.substring(colon + 1));
    }
    String value = text.strip();
    // The lengths that only one common algorithm has; the others need image_os_hash_algo.
    return switch (value.length()) {
      case 32 -> of(Algorithm.MD5, value);
      case 64 -> of(Algorithm.SHA256, value);
      case 128 -> of(Algorithm.SHA512, value);
      default ->
          throw DriverException.invalid(
              "The checksum '"
                  + value
                  + "' has "
                  + value.length()
                  + " characters; md5 has 32, sha256 64, sha512 128. Give image_os_hash_algo and"
                  + " image_os_hash_value for other algorithms");
    };
  }

  static Algorithm algorithm(String name) {
    return Algorithm.named(name)
        .orElseThrow(
            () ->
                DriverException.invalid(
                    "The checksum algorithm '"
                        + name
                        + "' is not known; use one of "
                        + Arrays.stream(Algorithm.values()).map(Algorithm::wireName).toList()));
  }

  /**
   * Finds an image's checksum in a file of checksums.
   *
   * @param lines the file: one bare value, or lines of GNU or BSD form
   * @param fileName the image's file name
   */
  static Checksum fromFile(List<String> lines, String fileName, String source) {
    List<String> relevant =
        lines.stream().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList();
    if (relevant.size() == 1 && HEX.matcher(relevant.getFirst()).matches()) {
      return parse(relevant.getFirst());
    }
    for (String line : relevant) {
      Matcher bsd = BSD_LINE.matcher(line);
      if (bsd.matches() && names(bsd.group(2), fileName)) {
        return of(algorithm(bsd.group(1)), bsd.group(3));
      }
      Matcher gnu = GNU_LINE.matcher(line);
      if (gnu.matches() && names(gnu.group(2), fileName)) {
        return parse(gnu.group(1));
      }
    }
    throw DriverException.invalid(
        "The checksum file " + source + " has no line for '" + fileName + "'");
  }

  private static boolean names(String path, String fileName) {
    return path.strip().equals(fileName) || path.strip().endsWith("/" + fileName);
  }

  /** Compares with what was computed. */
  void verify(byte[] computed, String image) {
    String actual = HexFormat.of().formatHex(computed);
    if (!actual.equals(hex)) {
      throw DriverException.failed(
          "The "
              + algorithm.wireName
              + " checksum of "
              + image
              + " is "
              + actual
              + ", but "
              + hex
              + " was expected; the image was changed or the wrong checksum is given",
          null);
    }
  }
}
