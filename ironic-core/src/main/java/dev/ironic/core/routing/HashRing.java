package dev.ironic.core.routing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Consistent hashing: each host has points on a ring, and a node belongs to the host of the next
 * point. All services must use the same exponent and algorithm, or they disagree about the owner.
 * Immutable.
 */
public final class HashRing {

  /** Java's names of the algorithms that the configuration may name. */
  private static final Map<String, String> ALGORITHMS =
      Map.ofEntries(
          Map.entry("md5", "MD5"),
          Map.entry("sha1", "SHA-1"),
          Map.entry("sha224", "SHA-224"),
          Map.entry("sha256", "SHA-256"),
          Map.entry("sha384", "SHA-384"),
          Map.entry("sha512", "SHA-512"),
          Map.entry("sha3_224", "SHA3-224"),
          Map.entry("sha3_256", "SHA3-256"),
          Map.entry("sha3_384", "SHA3-384"),
          Map.entry("sha3_512", "SHA3-512"));

  private final String algorithm;
  private final Set<String> hosts;
  private final NavigableMap<BigInteger, String> points = new TreeMap<>();

  /**
   * Lays out a ring.
   *
   * @param hosts its members
   * @param partitionExponent each host has 2 to the power of this many points; 0 to 16
   * @param algorithm digest, as the configuration names it: {@code md5}, {@code sha256}, ...
   * @throws IllegalArgumentException for an algorithm or exponent that is not supported
   */
  public HashRing(Collection<String> hosts, int partitionExponent, String algorithm) {
    String name = ALGORITHMS.get(algorithm);
    if (name == null) {
      throw new IllegalArgumentException(
          "[DEFAULT] hash_ring_algorithm = %s is not supported: use one of %s"
              .formatted(algorithm, new TreeSet<>(ALGORITHMS.keySet())));
    }
    if (partitionExponent < 0 || partitionExponent > 16) {
      throw new IllegalArgumentException(
          "[DEFAULT] hash_partition_exponent = %d is not supported: use 0 to 16"
              .formatted(partitionExponent));
    }
    this.algorithm = name;
    // In one order everywhere, should two hosts ever have the same point.
    this.hosts = new TreeSet<>(hosts);
    for (String host : this.hosts) {
      addPoints(host, 1 << partitionExponent);
    }
  }

  private void addPoints(String host, int count) {
    byte[] key = host.getBytes(StandardCharsets.UTF_8);
    MessageDigest soFar = digest();
    soFar.update(key);
    for (int point = 1; point <= count; point++) {
      soFar.update(key);
      points.put(new BigInteger(1, copy(soFar).digest()), host);
    }
  }

  /** Its members. */
  public Set<String> hosts() {
    return Collections.unmodifiableSet(hosts);
  }

  /**
   * The host that serves a node.
   *
   * @param nodeUuid as it is stored
   * @throws IllegalStateException if the ring has no member
   */
  public String ownerOf(String nodeUuid) {
    if (points.isEmpty()) {
      throw new IllegalStateException("The hash ring has no member");
    }
    BigInteger key = new BigInteger(1, digest().digest(nodeUuid.getBytes(StandardCharsets.UTF_8)));
    Map.Entry<BigInteger, String> next = points.higherEntry(key);
    return (next == null ? points.firstEntry() : next).getValue();
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("This JVM cannot copy a " + digest.getAlgorithm(), e);
    }
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("This JVM has no digest " + algorithm, e);
    }
  }
}
