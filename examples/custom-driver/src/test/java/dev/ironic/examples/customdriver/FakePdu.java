package dev.ironic.examples.customdriver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ironic.driver.PowerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A power distribution unit with one outlet, number 3. */
final class FakePdu implements AutoCloseable {

  static final String PASSWORD = "pdu-secret";

  private static final Pattern PATH = Pattern.compile("/outlets/3(?:/(power|boot))?");
  private static final String LOGIN =
      "Basic "
          + Base64.getEncoder()
              .encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));

  private final Map<String, String> outlet = new TreeMap<>();
  private final HttpServer server;

  FakePdu() {
    outlet.putAll(Map.of("power", "off", "boot", "disk", "watts", "0"));
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  synchronized String power() {
    return String.valueOf(outlet.get("power"));
  }

  synchronized void machineIs(PowerState state) {
    set("power", state == PowerState.POWER_ON ? "on" : "off");
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private synchronized void set(String setting, String value) {
    outlet.put(setting, value);
    outlet.put("watts", power().equals("on") ? "143" : "0");
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
      if (!LOGIN.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
      } else if (!path.matches()) {
        exchange.sendResponseHeaders(404, -1);
      } else if (path.group(1) == null) {
        byte[] body = text().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      } else {
        byte[] body = exchange.getRequestBody().readAllBytes();
        set(path.group(1), new String(body, StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(204, -1);
      }
    }
  }

  private synchronized String text() {
    var lines = new StringBuilder();
    outlet.forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
    return lines.toString();
  }
}
