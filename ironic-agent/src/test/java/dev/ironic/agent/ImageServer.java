package dev.ironic.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Serves images from memory, and badly when told to. */
final class ImageServer implements AutoCloseable {

  final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /** The Range header of each request, "-" for none. */
  final List<String> ranges = new CopyOnWriteArrayList<>();

  /** How many answers are still to be cut off, after {@link #cutAfter} bytes. */
  final AtomicInteger cuts = new AtomicInteger();

  volatile int cutAfter;
  volatile boolean resumable = true;
  volatile boolean tellLength = true;

  /** When set, answers stop in their middle until it is counted down. */
  volatile @Nullable CountDownLatch gate;

  private final HttpServer server;

  ImageServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String put(String name, byte[] content) {
    files.put("/" + name, content);
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] content = files.get(exchange.getRequestURI().getPath());
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(range == null ? "-" : range);
    if (content == null) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    int from = 0;
    if (resumable) {
      exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
      exchange.getResponseHeaders().set("ETag", "\"" + content.length + "\"");
      if (range != null) {
        from = Integer.parseInt(range.replaceAll("[^0-9]", ""));
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range",
                "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
      }
    }
    int length = content.length - from;
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, tellLength ? length : 0);
    boolean cut = cuts.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    int first = cut ? Math.min(cutAfter, length) : length / 2;
    exchange.getResponseBody().write(content, from, first);
    exchange.getResponseBody().flush();
    if (cut) {
      exchange.close(); // without the rest: the client sees the connection break
      return;
    }
    CountDownLatch closed = gate;
    if (closed != null) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.getResponseBody().write(content, from + first, length - first);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
