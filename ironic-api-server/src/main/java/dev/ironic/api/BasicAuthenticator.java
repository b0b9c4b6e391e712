package dev.ironic.api;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Users with bcrypt hashes in a file, as htpasswd writes it. The file is read at each request. */
final class BasicAuthenticator implements Authenticator {

  private static final String CHALLENGE = "Basic realm=\"Baremetal API\"";

  /** Like htpasswd it looks at the first 72 bytes only, which is all that bcrypt can hash. */
  private final BCrypt.Verifyer verifyer =
      BCrypt.verifyer(
          BCrypt.Version.VERSION_2Y, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2Y));

  private final Path file;

  BasicAuthenticator(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "[DEFAULT] http_basic_auth_user_file = " + file + " can't be read");
    }
    this.file = file;
  }

  @Override
  public Outcome check(@Nullable String authorization) {
    if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return new Outcome.Refused(CHALLENGE);
    }
    String pair;
    try {
      pair =
          new String(
              Base64.getDecoder().decode(authorization.substring(6).trim()),
              StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return new Outcome.Refused(CHALLENGE);
    }
    int colon = pair.indexOf(':');
    if (colon < 1) {
      return new Outcome.Refused(CHALLENGE);
    }
    String user = pair.substring(0, colon);
    String hash = hashOf(user);
    boolean right =
        hash != null
            && hash.startsWith("$2y$")
            && verifyer.verify(pair.substring(colon + 1).toCharArray(), hash.toCharArray())
                .verified;
    return right ? new Outcome.Known(user) : new Outcome.Refused(CHALLENGE);
  }

  private @Nullable String hashOf(String user) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(user + ":")) {
          return line.substring(user.length() + 1).trim();
        }
      }
      return null;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("The file of users can't be read: " + file, e);
    }
  }
}
