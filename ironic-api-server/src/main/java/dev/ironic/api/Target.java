package dev.ironic.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes apart the path and the query string of a request, strictly. */
final class Target {

  /** A target that is not text in UTF-8, or is otherwise unusable. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  private Target() {}

  /**
   * The decoded segments of a path, beginning with {@code v1} unless it is the root.
   *
   * <p>Empty segments do not count, but the collection has to stand right behind the version.
   *
   * @return null for a path that leads nowhere
   */
  static @Nullable List<String> segments(String path) throws MalformedException {
    String trimmed = path.startsWith("/") ? path.substring(1) : path;
    if (trimmed.endsWith("/")) {
      trimmed = trimmed.substring(0, trimmed.length() - 1);
    }
    var segments = new ArrayList<String>();
    if (trimmed.isEmpty()) {
      return segments;
    }
    for (String part : trimmed.split("/", -1)) {
      if (!part.isEmpty()) {
        segments.add(decode(part, false));
      } else if (segments.size() < 2) {
        return null;
      }
    }
    if (!segments.get(0).equals("v1")) {
      segments.add(0, "v1");
    }
    return segments;
  }

  /** Query parameters; of several with one name the last. */
  static Map<String, String> query(@Nullable String query) throws MalformedException {
    var parameters = new LinkedHashMap<String, String>();
    if (query == null) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.put(decode(name, true), decode(value, true));
      }
    }
    return parameters;
  }

  private static String decode(String text, boolean plusIsBlank) throws MalformedException {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%') {
        int high = i + 2 <= raw.length - 1 ? Character.digit(raw[i + 1], 16) : -1;
        int low = i + 2 <= raw.length - 1 ? Character.digit(raw[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw new MalformedException("A '%' in the address is not followed by two digits");
        }
        bytes.put((byte) (high * 16 + low));
        i += 2;
      } else {
        bytes.put(plusIsBlank && raw[i] == '+' ? (byte) ' ' : raw[i]);
      }
    }
    String decoded;
    try {
      decoded = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("The address is not text in UTF-8");
    }
    if (decoded.indexOf('\0') >= 0) {
      throw new MalformedException("The address holds the character NUL");
    }
    return decoded;
  }
}
