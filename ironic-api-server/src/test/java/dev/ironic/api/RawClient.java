package dev.ironic.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sends what no client library would send, and takes the answer apart. Keeps its connection. Not
 * thread-safe.
 */
final class RawClient implements AutoCloseable {

  /** An answer that is later than this counts as none. */
  private static final int PATIENCE = 20_000;

  /** A request, byte for byte. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Request(String method, String target, List<String> headers, byte[] body) {

    byte[] bytes() {
      var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
      headers.forEach(header -> head.append(header).append("\r\n"));
      if (body.length > 0 || !method.equals("GET")) {
        head.append("Content-Length: ").append(body.length).append("\r\n");
      }
      head.append("\r\n");
      var out = new ByteArrayOutputStream();
      out.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
      out.writeBytes(body);
      return out.toByteArray();
    }

    @Override
    public String toString() {
      String text = new String(body, StandardCharsets.UTF_8);
      return "%s %s %s %s"
          .formatted(method, cut(target), headers.stream().map(Request::cut).toList(), cut(text));
    }

    private static String cut(String text) {
      return text.length() > 400 ? text.substring(0, 400) + "...(" + text.length() + ")" : text;
    }
  }

  /** What came back. */
  record Answer(int status, String body) {}

  private final int port;
  private @Nullable Socket socket;
  private @Nullable InputStream in;

  RawClient(int port) {
    this.port = port;
  }

  /** Sends a request; a connection that the server has closed meanwhile is opened again. */
  Answer send(Request request) throws IOException {
    boolean fresh = socket == null;
    try {
      return exchange(request);
    } catch (EOFException | java.net.SocketException e) {
      close();
      if (fresh) {
        throw e;
      }
      return exchange(request);
    }
  }

  private Answer exchange(Request request) throws IOException {
    Socket connection = socket;
    InputStream answers = in;
    if (connection == null || answers == null) {
      connection = new Socket(InetAddress.getLoopbackAddress(), port);
      connection.setSoTimeout(PATIENCE);
      connection.setTcpNoDelay(true);
      answers = new BufferedInputStream(connection.getInputStream());
      socket = connection;
      in = answers;
    }
    connection.getOutputStream().write(request.bytes());
    return read(answers, request.method().equals("HEAD"));
  }

  private Answer read(InputStream answers, boolean headOnly) throws IOException {
    String first = line(answers);
    int status = Integer.parseInt(first.split(" ", -1)[1]);
    var headers = new ArrayList<String>();
    for (String line = line(answers); !line.isEmpty(); line = line(answers)) {
      headers.add(line.toLowerCase(Locale.ROOT));
    }
    if (status == 100) {
      return read(answers, headOnly);
    }
    byte[] body = headOnly || status == 204 ? new byte[0] : body(answers, headers);
    if (headers.contains("connection: close")) {
      close();
    }
    return new Answer(status, new String(body, StandardCharsets.UTF_8));
  }

  private static byte[] body(InputStream answers, List<String> headers) throws IOException {
    if (headers.contains("transfer-encoding: chunked")) {
      var body = new ByteArrayOutputStream();
      for (int size = size(answers); ; size = size(answers)) {
        body.writeBytes(answers.readNBytes(size));
        line(answers);
        if (size == 0) {
          return body.toByteArray();
        }
      }
    }
    for (String header : headers) {
      if (header.startsWith("content-length: ")) {
        return answers.readNBytes(Integer.parseInt(header.substring(16).trim()));
      }
    }
    return headers.contains("connection: close") ? answers.readAllBytes() : new byte[0];
  }

  private static int size(InputStream answers) throws IOException {
    return Integer.parseInt(line(answers).trim(), 16);
  }

  private static String line(InputStream answers) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = answers.read(); b != '\n'; b = answers.read()) {
      if (b < 0) {
        throw new EOFException("The server closed the connection");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
    }
    socket = null;
    in = null;
  }
}
