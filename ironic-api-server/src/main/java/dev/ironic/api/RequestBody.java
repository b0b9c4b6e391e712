package dev.ironic.api;

import java.io.IOException;
import java.io.InputStream;

/** Reads bodies within limits, so that no request can exhaust memory or the stack. */
final class RequestBody {

  /** A body that is refused before anybody looks at it. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    RefusedException(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private static final long MOST_DISCARDED = 16L << 20;

  private RequestBody() {}

  /**
   * Reads a body to its end.
   *
   * @param announced length that the client announced, or -1
   */
  static byte[] read(InputStream in, long announced, long limit, int maxDepth)
      throws IOException, RefusedException {
    if (announced > limit) {
      discard(in);
      throw tooLarge(limit);
    }
    byte[] bytes = in.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - 8));
    if (bytes.length > limit) {
      discard(in);
      throw tooLarge(limit);
    }
    if (isBlank(bytes)) {
      return new byte[0];
    }
    if (depth(bytes) > maxDepth) {
      throw new RefusedException(
          400, "Request body JSON is nested too deeply: at most " + maxDepth + " levels");
    }
    return bytes;
  }

  /** Lets clients finish sending, within reason: most read the answer only then. */
  private static void discard(InputStream in) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long left = MOST_DISCARDED;
    for (int read = 0; read >= 0 && left > 0; left -= read) {
      read = in.read(buffer);
    }
  }

  private static RefusedException tooLarge(long limit) {
    return new RefusedException(
        413, "Request body is too large: at most " + limit / 1024 + " KiB are taken here");
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  /** How deep objects and lists are nested, outside of texts. */
  static int depth(byte[] bytes) {
    int depth = 0;
    int deepest = 0;
    boolean inText = false;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (inText) {
        if (b == '\\') {
          i++;
        } else if (b == '"') {
          inText = false;
        }
      } else if (b == '"') {
        inText = true;
      } else if (b == '{' || b == '[') {
        deepest = Math.max(deepest, ++depth);
      } else if (b == '}' || b == ']') {
        depth--;
      }
    }
    return deepest;
  }
}
