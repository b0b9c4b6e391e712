package dev.ironic.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ironic.lab.SampleImage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server with disk images. It can be made to stop in the middle of one. Thread-safe. */
final class ImageHost implements AutoCloseable {

  private static final int CHUNK = 1 << 20;

  private final Path folder;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private final AtomicInteger downloads = new AtomicInteger();

  /** A permit for each MiB that may be sent. */
  private final Semaphore gate = new Semaphore(Integer.MAX_VALUE / 2);

  ImageHost(Path folder) throws IOException {
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Makes an image of so many MiB. */
  Path add(String name, int mebibytes) throws IOException {
    Path image = folder.resolve(name);
    SampleImage.write(image, (long) mebibytes << 20, name.hashCode());
    return image;
  }

  /** The {@code instance_info} to deploy an image with. */
  Map<String, Object> instanceInfo(String name) throws IOException {
    var info = new LinkedHashMap<String, Object>();
    info.put("image_source", url(name));
    info.put("image_os_hash_algo", "sha256");
    info.put("image_os_hash_value", sha256(folder.resolve(name)));
    info.put("image_disk_format", "raw");
    return info;
  }

  String url(String name) {
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), name);
  }

  /** Lets so many MiB pass from now on, then holds every transfer. */
  void holdAfter(int mebibytes) {
    gate.drainPermits();
    gate.release(mebibytes);
  }

  /** Lets everything pass. */
  void letPass() {
    gate.release(Integer.MAX_VALUE / 2);
  }

  /** How many transfers have begun. */
  int downloads() {
    return downloads.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Path image = folder.resolve(exchange.getRequestURI().getPath().substring(1));
      if (!Files.isRegularFile(image)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().add("Content-Length", Long.toString(Files.size(image)));
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      downloads.incrementAndGet();
      exchange.sendResponseHeaders(200, Files.size(image));
      send(image, exchange.getResponseBody());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(Path image, OutputStream out) throws IOException, InterruptedException {
    try (var in = Files.newInputStream(image)) {
      byte[] chunk = in.readNBytes(CHUNK);
      while (chunk.length > 0) {
        gate.acquire();
        out.write(chunk);
        out.flush();
        chunk = in.readNBytes(CHUNK);
      }
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    letPass();
    server.stop(0);
    threads.shutdownNow();
  }
}
