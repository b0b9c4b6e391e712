package dev.ironic.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection that sends exactly the bytes it is told to, which no decent HTTP client does. Not
 * thread-safe.
 */
final class Wire implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 30_000;

  private final int port;
  private @Nullable Socket socket;
  private @Nullable InputStream in;

  Wire(int port) {
    this.port = port;
  }

  /**
   * Sends a request and reads the answer.
   *
   * @param target path and query as they shall stand in the request line
   * @param body null for none; its length is told unless the headers tell it
   */
  Reply send(String method, String target, Map<String, String> headers, byte @Nullable [] body) {
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    var all = new LinkedHashMap<String, String>();
    all.put("Host", "127.0.0.1:" + port);
    if (body != null) {
      all.put("Content-Type", "application/json");
      all.put("Content-Length", String.valueOf(body.length));
    }
    all.putAll(headers);
    all.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("\r\n");
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(body == null ? new byte[0] : body);
    boolean reused = socket != null;
    try {
      return exchange(bytes, method.equals("HEAD"));
    } catch (IOException e) {
      close();
      if (reused) { // the server may close an idle connection at any time
        return send(method, target, headers, body);
      }
      throw new UncheckedIOException(method + " " + target, e);
    }
  }

  private Reply exchange(ByteArrayOutputStream request, boolean headOnly) throws IOException {
    OutputStream out = connected().getOutputStream();
    request.writeTo(out);
    out.flush();
    return read(headOnly);
  }

  private Socket connected() throws IOException {
    Socket present = socket;
    if (present != null) {
      return present;
    }
    Socket fresh = new Socket(InetAddress.getLoopbackAddress(), port);
    fresh.setSoTimeout(TIMEOUT_MILLIS);
    fresh.setTcpNoDelay(true);
    socket = fresh;
    in = new BufferedInputStream(fresh.getInputStream());
    return fresh;
  }

  private Reply read(boolean headOnly) throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    var headers = new LinkedHashMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    byte[] body = headOnly || status == 204 ? new byte[0] : body(headers);
    if ("close".equalsIgnoreCase(headers.get("connection"))) {
      close();
    }
    return new Reply(status, headers, body);
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      String length = headers.get("content-length");
      return length == null ? new byte[0] : exactly(Integer.parseInt(length));
    }
    var body = new ByteArrayOutputStream();
    for (int size = chunk(); size > 0; size = chunk()) {
      body.writeBytes(exactly(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].trim(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = java.util.Objects.requireNonNull(in).readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("The answer ends early");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = java.util.Objects.requireNonNull(in).read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("The connection was closed");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      socket = null;
    }
  }
}
