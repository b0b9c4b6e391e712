package dev.ironic.agent.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The few ASN.1 forms a certificate is made of. The JDK can read certificates but has no public way
 * to make one, and a cryptography library would weigh more than the whole agent.
 */
final class Der {

  static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};

  /** AlgorithmIdentifier 1.2.840.10045.4.3.4. */
  static final byte[] ECDSA_WITH_SHA512 =
      sequence(new byte[] {0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 4});

  /** Object identifier 2.5.29.17. */
  static final byte[] SUBJECT_ALTERNATIVE_NAME = {0x06, 0x03, 0x55, 0x1d, 0x11};

  private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};
  private static final int MAX_COMMON_NAME = 64;

  private static final DateTimeFormatter GENERALIZED_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Der() {}

  static byte[] tagged(int tag, byte[]... contents) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] content : contents) {
      body.writeBytes(content);
    }
    int length = body.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      byte[] digits = BigInteger.valueOf(length).toByteArray();
      int skip = digits[0] == 0 ? 1 : 0;
      out.write(0x80 | (digits.length - skip));
      out.write(digits, skip, digits.length - skip);
    }
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return tagged(0x30, parts);
  }

  static byte[] explicit(int number, byte[] content) {
    return tagged(0xa0 | number, content);
  }

  static byte[] integer(BigInteger value) {
    return tagged(0x02, value.toByteArray());
  }

  static byte[] octetString(byte[] content) {
    return tagged(0x04, content);
  }

  static byte[] bitString(byte[] content) {
    return tagged(0x03, new byte[] {0}, content);
  }

  /** A distinguished name of one common name, cut to the length certificates allow. */
  static byte[] name(String commonName) {
    String cut = commonName.substring(0, Math.min(commonName.length(), MAX_COMMON_NAME));
    byte[] text = tagged(0x0c, cut.getBytes(StandardCharsets.UTF_8));
    return sequence(tagged(0x31, sequence(COMMON_NAME, text)));
  }

  /** The standard asks for the short form before 2050 and the long one after. */
  static byte[] time(Instant time) {
    boolean shortForm = time.atZone(ZoneOffset.UTC).getYear() < 2050;
    String text = (shortForm ? UTC_TIME : GENERALIZED_TIME).format(time);
    return tagged(shortForm ? 0x17 : 0x18, text.getBytes(StandardCharsets.US_ASCII));
  }
}
