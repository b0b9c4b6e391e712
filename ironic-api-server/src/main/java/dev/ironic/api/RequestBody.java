package dev.ironic.api;

import jakarta.servlet.http.HttpServletRequest;
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

  /** How much of a body that is too large is read, unseen, before the connection is given up. */
  private static final long DRAINED = 64L << 20;

  private RequestBody() {}

  /** Reads the body of a request to its end. */
  static byte[] read(HttpServletRequest request, long limit, int maxDepth)
      throws IOException, RefusedException {
    long announced = request.getContentLengthLong();
    if (announced < 0 && request.getHeader("Transfer-Encoding") == null) {
      return new byte[0];
    }
    InputStream in = request.getInputStream();
    if (announced > limit) {
      drain(in);
      throw tooLarge(limit);
    }
    byte[] bytes = in.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - 8));
    if (bytes.length > limit) {
      drain(in);
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

  /** Many clients look for the answer only when they have sent everything. */
  private static void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = DRAINED;
    for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
      left -= n;
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
