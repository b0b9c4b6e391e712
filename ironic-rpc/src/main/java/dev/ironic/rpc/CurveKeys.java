package dev.ironic.rpc;

import dev.ironic.core.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Set;
import org.zeromq.ZMQ;

/**
 * The pair of keys that a service shows to others on encrypted connections. Its file holds the
 * lines {@code public = } and {@code secret = } with 64 hexadecimal digits each. Immutable.
 */
public final class CurveKeys {

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] publicKey;
  private final byte[] secretKey;

  private CurveKeys(byte[] publicKey, byte[] secretKey) {
    this.publicKey = publicKey;
    this.secretKey = secretKey;
  }

  /** Makes a new pair. */
  public static CurveKeys generate() {
    ZMQ.Curve.KeyPair pair = ZMQ.Curve.generateKeyPair();
    return new CurveKeys(ZMQ.Curve.z85Decode(pair.publicKey), ZMQ.Curve.z85Decode(pair.secretKey));
  }

  /**
   * Reads a file of keys.
   *
   * @throws ConfigException if there is none, or it holds something else
   */
  public static CurveKeys read(Path file) {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "Cannot read [zeromq] curve_key_file %s (%s); ironic-conductor --generate-rpc-key makes one"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
    return new CurveKeys(key(file, properties, "public"), key(file, properties, "secret"));
  }

  private static byte[] key(Path file, Properties properties, String name) {
    String text = properties.getProperty(name, "").trim();
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      // Without the cause: its text would tell a part of the key.
      throw new ConfigException(
          "[zeromq] curve_key_file %s has no line '%s = ' with 64 hexadecimal digits"
              .formatted(file, name));
    }
  }

  /**
   * The bytes of a key.
   *
   * @throws IllegalArgumentException if it is not written as 64 hexadecimal digits
   */
  static byte[] parse(String text) {
    if (text.length() != 64) {
      throw new IllegalArgumentException("%d characters".formatted(text.length()));
    }
    return HEX.parseHex(text);
  }

  /**
   * Writes a new file that only its owner may read.
   *
   * @throws ConfigException if there is such a file already, which is left as it is
   */
  public void write(Path file) {
    var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    String text =
        """
        # Keys of a service of Ironic, for [zeromq] curve_key_file. Keep this file secret.
        public = %s
        secret = %s
        """
            .formatted(publicText(), HEX.formatHex(secretKey));
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = Files.newByteChannel(file, options, mine)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (FileAlreadyExistsException e) {
      throw new ConfigException(
          file + " exists already; remove it first if its keys are no longer used", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  /** The public key as 64 hexadecimal digits, as a list of allowed keys takes it. */
  public String publicText() {
    return HEX.formatHex(publicKey);
  }

  /** Lets a socket show these keys. */
  void applyTo(ZMQ.Socket socket) {
    socket.setCurvePublicKey(publicKey);
    socket.setCurveSecretKey(secretKey);
  }

  @Override
  public String toString() {
    return "keys with public part " + publicText();
  }
}
