package dev.ironic.quickstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves the files of a folder over HTTP, and holds a download back for as long as it is told. */
final class ImageHost implements AutoCloseable {

  private static final int CHUNK = 1 << 20;
  private static final int UNLIMITED = 1 << 20;

  private final Path folder;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger downloads = new AtomicInteger();
  private volatile Semaphore gate = new Semaphore(UNLIMITED);

  ImageHost(Path folder) throws IOException {
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** The address of a file; there need not be one. */
  String url(String name) {
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), name);
  }

  /** From now on only so many MiB go out in all, until more are let through. */
  void holdAfter(int mebibytes) {
    gate = new Semaphore(mebibytes);
  }

  /** Lets everything through that is held. */
  void letGo() {
    gate.release(UNLIMITED);
  }

  /** How many downloads have begun. */
  int downloads() {
    return downloads.get();
  }

  @Override
  public void close() {
    letGo();
    server.stop(0);
    threads.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
      if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Long.toString(Files.size(file)));
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      downloads.incrementAndGet();
      exchange.sendResponseHeaders(200, Files.size(file));
      send(exchange, file);
    }
  }

  private void send(HttpExchange exchange, Path file) throws IOException {
    Semaphore permits = gate;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[CHUNK];
      for (int n = in.readNBytes(chunk, 0, CHUNK); n > 0; n = in.readNBytes(chunk, 0, CHUNK)) {
        permits.acquireUninterruptibly();
        exchange.getResponseBody().write(chunk, 0, n);
        exchange.getResponseBody().flush();
      }
    }
  }
}
