package dev.ironic.api;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import dev.ironic.core.config.ReloadedFile;
import dev.ironic.core.policy.Caller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users with bcrypt hashes in a file, as {@code htpasswd -B} writes it. The file is read again when
 * it changes. Thread-safe.
 */
final class BasicAuthenticator implements Authenticator {

  private static final Logger LOG = LoggerFactory.getLogger(BasicAuthenticator.class);
  private static final String CHALLENGE = "Basic realm=\"Baremetal API\"";

  /** A hash of no known password, which takes as long to look at as a user's. */
  private static final String NOBODY = "$2y$10$" + ".".repeat(53);

  private static final Pattern HASH = Pattern.compile("\\$2y\\$\\d{2}\\$[./A-Za-z0-9]{53}");

  /** Like htpasswd it looks at the first 72 bytes only, which is all that bcrypt can hash. */
  private final BCrypt.Verifyer verifyer =
      BCrypt.verifyer(
          BCrypt.Version.VERSION_2Y, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2Y));

  private final ReloadedFile<Map<String, String>> users;
  private final LoginDelays delays;

  BasicAuthenticator(Path file, LoginDelays delays) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "[DEFAULT] http_basic_auth_user_file = " + file + " can't be read");
    }
    this.users = new ReloadedFile<>(file, BasicAuthenticator::read);
    this.delays = delays;
  }

  private static Map<String, String> read(Path file) throws IOException {
    var users = new LinkedHashMap<String, String>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      int colon = text.indexOf(':');
      String hash = text.substring(colon + 1).strip();
      if (colon < 1 || !HASH.matcher(hash).matches()) {
        LOG.warn(
            "{} line {}: no bcrypt hash ($2y$); that user can't log in. htpasswd -B makes one",
            file,
            number);
      } else {
        users.put(text.substring(0, colon), hash);
      }
    }
    return users;
  }

  @Override
  public Outcome check(Credentials credentials) {
    String pair = pair(credentials.authorization());
    int colon = pair == null ? -1 : pair.indexOf(':');
    if (pair == null || colon < 1) {
      return refused("name and password are missing or malformed");
    }
    String user = pair.substring(0, colon);
    String address = credentials.address();
    Duration wait = delays.remaining(user, address);
    if (wait != null) {
      return refused(
          "too many wrong passwords; wait %d s".formatted(Math.max(1, wait.toSeconds())));
    }
    if (verify(user, pair.substring(colon + 1))) {
      delays.succeeded(user, address);
      return new Outcome.Known(Caller.unlimited(user));
    }
    int count = delays.failed(user, address);
    LOG.warn("Login failed from {}, {} in a row for one user name", address, count);
    return refused("name or password is wrong");
  }

  private static Outcome refused(String why) {
    return new Outcome.Refused(CHALLENGE, why);
  }

  private boolean verify(String user, String password) {
    if (password.indexOf('\0') >= 0) {
      return false;
    }
    String hash = users.get().get(user);
    boolean right =
        verifyer.verify(password.toCharArray(), (hash == null ? NOBODY : hash).toCharArray())
            .verified;
    return right && hash != null;
  }

  private static @Nullable String pair(@Nullable String authorization) {
    if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(authorization.substring(6).strip());
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return text.toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
  }
}
