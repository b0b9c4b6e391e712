package dev.ironic.core.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A web server for the files of one folder: what BMCs, boot loaders and agents need, so GET, HEAD
 * and single ranges; no listings. Thread-safe.
 */
public final class ImageServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ImageServer.class);
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");
  // RFC 9110 wants two digits for the day, which Java's own constant does not write.
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Path root;
  private final HttpServer server;
  private final ExecutorService threads;
  private final String advertisedHost;

  private ImageServer(
      Path root, HttpServer server, ExecutorService threads, String advertisedHost) {
    this.root = root;
    this.server = server;
    this.threads = threads;
    this.advertisedHost = advertisedHost;
  }

  /**
   * Starts serving.
   *
   * @param root the folder; made if it does not exist
   * @param address where to listen; port 0 takes a free one
   * @param advertisedHost the host name or address in {@link #url}
   * @throws UncheckedIOException when the address is taken or not this machine's
   */
  public static ImageServer start(Path root, InetSocketAddress address, String advertisedHost) {
    try {
      Files.createDirectories(root);
      HttpServer server = HttpServer.create(address, 0);
      ExecutorService threads =
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("image-server-", 0).factory());
      ImageServer files = new ImageServer(root.toRealPath(), server, threads, advertisedHost);
      server.setExecutor(threads);
      server.createContext("/", files::answer);
      server.start();
      log.info("Serving images of {} at {}", root, files.url());
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The image server cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  /** The address of the folder, without a slash at its end. */
  public URI url() {
    String host = advertisedHost.contains(":") ? "[" + advertisedHost + "]" : advertisedHost;
    return URI.create("http://" + host + ":" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    threads.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      Optional<Path> file = find(exchange.getRequestURI().getPath());
      if (file.isEmpty()) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      send(exchange, file.get(), method.equals("HEAD"));
    } catch (IOException e) {
      // A machine that is switched off in the middle of a download is an everyday event.
      log.debug("Sending {} broke off: {}", exchange.getRequestURI().getPath(), e.toString());
    }
  }

  /** The file at a path, if it is really below the folder. */
  private Optional<Path> find(String path) throws IOException {
    try {
      Path file = root.resolve(path.replaceFirst("^/+", "")).normalize();
      // Boot files of a machine are links to one file; links that lead out are not followed.
      boolean inside = file.startsWith(root) && Files.isRegularFile(file);
      return inside && file.toRealPath().startsWith(root) ? Optional.of(file) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static void send(HttpExchange exchange, Path file, boolean headOnly) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      Instant modified = Files.getLastModifiedTime(file).toInstant();
      var headers = exchange.getResponseHeaders();
      headers.set("Content-Type", "application/octet-stream");
      headers.set("Accept-Ranges", "bytes");
      headers.set("Last-Modified", HTTP_DATE.format(modified));
      long first = 0;
      long last = size - 1;
      int status = 200;
      String range = exchange.getRequestHeaders().getFirst("Range");
      Matcher matcher = RANGE.matcher(range == null ? "" : range);
      // Several ranges or another unit may be ignored, and then the whole file is the answer.
      if (matcher.matches() && !(matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
        if (matcher.group(1).isEmpty()) {
          first = Math.max(0, size - number(matcher.group(2)));
        } else {
          first = number(matcher.group(1));
          last = matcher.group(2).isEmpty() ? last : Math.min(last, number(matcher.group(2)));
        }
        if (first > last) {
          headers.set("Content-Range", "bytes */" + size);
          exchange.sendResponseHeaders(416, -1);
          return;
        }
        headers.set("Content-Range", "bytes " + first + "-" + last + "/" + size);
        status = 206;
      }
      long length = last - first + 1;
      if (headOnly) {
        headers.set("Content-Length", Long.toString(length));
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
      copy(channel, first, length, exchange.getResponseBody());
    }
  }

  private static void copy(FileChannel file, long first, long length, OutputStream body)
      throws IOException {
    WritableByteChannel target = Channels.newChannel(body);
    for (long done = 0; done < length; ) {
      long moved = file.transferTo(first + done, length - done, target);
      if (moved <= 0) {
        throw new IOException("the file became shorter while it was being sent");
      }
      done += moved;
    }
  }

  /** A number of any length; too long ones are beyond every file. */
  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }
}
