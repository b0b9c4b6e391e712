package dev.ironic.examples.customdriver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A power strip on a real socket. Every outlet that is on draws 42 W. Thread-safe. */
final class PowerStrip implements AutoCloseable {

  private final Map<String, String> states = new ConcurrentHashMap<>();
  private final HttpServer server;

  PowerStrip() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/outlets/", this::answer);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void set(int outlet, String state) {
    states.put(Integer.toString(outlet), state);
  }

  String state(int outlet) {
    return states.getOrDefault(Integer.toString(outlet), "off");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/", -1);
      byte[] given = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("PUT")) {
        states.put(path[2], new String(given, StandardCharsets.UTF_8));
      }
      String state = states.getOrDefault(path[2], "off");
      String text = path[3].equals("watts") ? (state.equals("on") ? "42" : "0") : state;
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
