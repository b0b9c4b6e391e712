package dev.ironic.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * HTTP as the agent needs it: small calls and long downloads, with a limit on how long a connection
 * may stay silent. Built on the JDK's oldest client on purpose: it is the one that limits the
 * silence within a body, and it starts fastest. Thread-safe.
 */
public final class WebClient {

  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_SMALL_BODY = 16 << 20;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final Trust trust;
  private final Duration silence;

  /**
   * A whole answer.
   *
   * @param status the HTTP status
   * @param body its bytes, empty if none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and made for one reader
  public record Answer(int status, byte[] body) {}

  /**
   * An answer whose body is still to be read; close it in the end.
   *
   * @param status the HTTP status
   * @param length bytes of the body, -1 if not told
   * @param headers looks up a header, null if absent
   * @param body the bytes
   */
  public record Download(
      int status,
      long length,
      java.util.function.Function<String, @Nullable String> headers,
      InputStream body)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  /**
   * Creates it.
   *
   * @param silence how long connecting, or waiting for the next byte, may take
   */
  public WebClient(Trust trust, Duration silence) {
    this.trust = trust;
    this.silence = silence;
  }

  /**
   * Sends a request and reads the whole answer.
   *
   * @param body what to send, or null for none
   * @throws IOException if there was no answer
   */
  public Answer call(String method, URI uri, Map<String, String> headers, byte @Nullable [] body)
      throws IOException {
    HttpURLConnection connection = open(uri, headers, Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    if (body != null) {
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(body.length);
      connection.getOutputStream().write(body);
    }
    int status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("no HTTP answer from " + uri.getAuthority());
    }
    try (InputStream in = body(connection, status)) {
      byte[] answer = in.readNBytes(MAX_SMALL_BODY + 1);
      if (answer.length > MAX_SMALL_BODY) {
        throw new IOException("the answer of " + uri.getAuthority() + " exceeds 16 MiB");
      }
      return new Answer(status, answer);
    }
  }

  /**
   * Starts a download, following redirects.
   *
   * @throws IOException if there was no answer
   */
  public Download download(URI uri, Map<String, String> headers, Proxy proxy) throws IOException {
    URI target = uri;
    Map<String, String> sent = headers;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpURLConnection connection = open(target, sent, proxy);
      int status = connection.getResponseCode();
      String location = connection.getHeaderField("Location");
      if (!REDIRECTS.contains(status) || location == null) {
        return new Download(
            status,
            connection.getContentLengthLong(),
            connection::getHeaderField,
            body(connection, status));
      }
      body(connection, status).close();
      URI next = target.resolve(location);
      if (!String.valueOf(next.getAuthority()).equals(target.getAuthority())) {
        sent = withoutCredentials(sent);
      }
      target = next;
    }
    throw new IOException(uri.getAuthority() + " redirects more than " + MAX_REDIRECTS + " times");
  }

  private static Map<String, String> withoutCredentials(Map<String, String> headers) {
    Map<String, String> rest = new java.util.LinkedHashMap<>(headers);
    rest.remove("Authorization");
    return rest;
  }

  private HttpURLConnection open(URI uri, Map<String, String> headers, Proxy proxy)
      throws IOException {
    if (uri.getScheme() == null || !Set.of("http", "https").contains(uri.getScheme())) {
      throw new IOException("a URL of the scheme " + uri.getScheme() + " is not http or https");
    }
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(proxy);
    if (connection instanceof HttpsURLConnection secure) {
      trust.applyTo(secure);
    }
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) silence.toMillis());
    connection.setReadTimeout((int) silence.toMillis());
    headers.forEach(connection::setRequestProperty);
    return connection;
  }

  private static InputStream body(HttpURLConnection connection, int status) throws IOException {
    InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    return in == null ? InputStream.nullInputStream() : in;
  }
}
