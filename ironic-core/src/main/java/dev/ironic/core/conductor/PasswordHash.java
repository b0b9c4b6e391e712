package dev.ironic.core.conductor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;

/**
 * Hashes passwords in the form of {@code /etc/shadow}: SHA-crypt, {@code $5$} or {@code $6$}, with
 * 5000 rounds. Thread-safe as far as its source of randomness is.
 */
final class PasswordHash {

  private static final String ALPHABET =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ROUNDS = 5000;

  private static final int[][] ORDER_256 = {
    {0, 10, 20},
    {21, 1, 11},
    {12, 22, 2},
    {3, 13, 23},
    {24, 4, 14},
    {15, 25, 5},
    {6, 16, 26},
    {27, 7, 17},
    {18, 28, 8},
    {9, 19, 29},
    {-1, 31, 30}
  };

  private static final int[][] ORDER_512 = {
    {0, 21, 42},
    {22, 43, 1},
    {44, 2, 23},
    {3, 24, 45},
    {25, 46, 4},
    {47, 5, 26},
    {6, 27, 48},
    {28, 49, 7},
    {50, 8, 29},
    {9, 30, 51},
    {31, 52, 10},
    {53, 11, 32},
    {12, 33, 54},
    {34, 55, 13},
    {56, 14, 35},
    {15, 36, 57},
    {37, 58, 16},
    {59, 17, 38},
    {18, 39, 60},
    {40, 61, 19},
    {62, 20, 41},
    {-1, -1, 63}
  };

  private final boolean wide;
  private final RandomGenerator random;

  /**
   * Creates a hash function.
   *
   * @param algorithm {@code sha256} or {@code sha512}
   */
  PasswordHash(String algorithm, RandomGenerator random) {
    this.wide =
        switch (algorithm) {
          case "sha256" -> false;
          case "sha512" -> true;
          default ->
              throw new IllegalArgumentException(
                  "rescue_password_hash_algorithm is '%s'; choose sha256 or sha512"
                      .formatted(algorithm));
        };
    this.random = random;
  }

  String of(String password) {
    var salt = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      salt.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return of(password, salt.toString());
  }

  String of(String password, String salt) {
    byte[] key = password.getBytes(StandardCharsets.UTF_8);
    byte[] salted = salt.getBytes(StandardCharsets.UTF_8);

    MessageDigest b = digest();
    b.update(key);
    b.update(salted);
    b.update(key);
    byte[] alternate = b.digest();
    MessageDigest a = digest();
    a.update(key);
    a.update(salted);
    a.update(repeat(alternate, key.length));
    for (int n = key.length; n > 0; n >>= 1) {
      a.update((n & 1) != 0 ? alternate : key);
    }
    byte[] sum = a.digest();
    MessageDigest dp = digest();
    for (int i = 0; i < key.length; i++) {
      dp.update(key);
    }
    byte[] p = repeat(dp.digest(), key.length);
    MessageDigest ds = digest();
    for (int i = 0; i < 16 + (sum[0] & 0xff); i++) {
      ds.update(salted);
    }
    byte[] s = repeat(ds.digest(), salted.length);
    for (int round = 0; round < ROUNDS; round++) {
      MessageDigest c = digest();
      c.update((round & 1) != 0 ? p : sum);
      if (round % 3 != 0) {
        c.update(s);
      }
      if (round % 7 != 0) {
        c.update(p);
      }
      c.update((round & 1) != 0 ? sum : p);
      sum = c.digest();
    }

    return (wide ? "$6$" : "$5$") + salt + "$" + encode(sum);
  }

  private String encode(byte[] sum) {
    var text = new StringBuilder();
    for (int[] group : wide ? ORDER_512 : ORDER_256) {
      int bits = 0;
      int bytes = 0;
      for (int index : group) {
        bits <<= 8;
        if (index >= 0) {
          bits |= sum[index] & 0xff;
          bytes++;
        }
      }
      for (int i = 0; i <= bytes; i++) {
        text.append(ALPHABET.charAt(bits & 0x3f));
        bits >>= 6;
      }
    }
    return text.toString();
  }

  private static byte[] repeat(byte[] block, int length) {
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      result[i] = block[i % block.length];
    }
    return result;
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(wide ? "SHA-512" : "SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-2", e);
    }
  }
}
