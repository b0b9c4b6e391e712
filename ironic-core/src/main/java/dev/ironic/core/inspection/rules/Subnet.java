package dev.ironic.core.inspection.rules;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A range of addresses.
 *
 * @param start its first address, or any other in it
 * @param width how many bits its addresses have
 * @param bits how many leading bits all of them have in common
 */
record Subnet(BigInteger start, int width, int bits) {

  // What looks otherwise would be looked up as a host name.
  private static final Pattern LITERAL =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address. */
  static Subnet of(String text) {
    int slash = text.indexOf('/');
    byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
    int width = address.length * 8;
    String bits = slash < 0 ? String.valueOf(width) : text.substring(slash + 1);
    if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > width) {
      throw RuleError.of("'%s' is no subnet; write it like 192.0.2.0/24", text);
    }
    return new Subnet(new BigInteger(1, address), width, Integer.parseInt(bits));
  }

  /** Whether an address lies in this range. */
  boolean holds(String text) {
    byte[] address = bytes(text);
    return address.length * 8 == width
        && new BigInteger(1, address).xor(start).shiftRight(width - bits).signum() == 0;
  }

  private static byte[] bytes(String text) {
    String literal = text.strip();
    if (LITERAL.matcher(literal).matches()) {
      try {
        return InetAddress.getByName(literal).getAddress();
      } catch (UnknownHostException e) {
        throw RuleError.of("'%s' is no IP address", text);
      }
    }
    throw RuleError.of("'%s' is no IP address", text);
  }
}
