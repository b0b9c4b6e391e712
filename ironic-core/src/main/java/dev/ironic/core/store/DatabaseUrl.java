package dev.ironic.core.store;

import dev.ironic.driver.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the database is, as {@code [database] connection} spells it. Immutable. */
public sealed interface DatabaseUrl {

  /**
   * A SQLite file.
   *
   * @param file the file; null for a temporary one that goes with the store
   */
  record Sqlite(@Nullable Path file) implements DatabaseUrl {}

  /**
   * A PostgreSQL server.
   *
   * @param host name or address; IPv6 in brackets
   * @param port TCP port
   * @param name of the database
   * @param user null for the driver's default
   * @param password null for none
   * @param parameters settings of the connection, as the JDBC driver knows them
   */
  record Postgresql(
      String host,
      int port,
      String name,
      @Nullable String user,
      @Nullable Secret password,
      Map<String, String> parameters)
      implements DatabaseUrl {

    /** Copies the parameters. */
    public Postgresql {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * Reads a URL: {@code sqlite:///relative}, {@code sqlite:////absolute}, {@code sqlite://} for a
   * temporary database, {@code postgresql://user:password@host:port/name}; a driver's name behind
   * the scheme ({@code postgresql+psycopg2}) is accepted.
   *
   * @throws IllegalArgumentException saying what is wrong, without the password
   */
  static DatabaseUrl parse(String url) {
    int end = url.indexOf("://");
    if (end < 0) {
      throw new IllegalArgumentException(
          "[database] connection is not a URL: expected sqlite:///path or"
              + " postgresql://user:password@host/name");
    }
    String scheme = url.substring(0, end).replaceFirst("\\+.*", "");
    return switch (scheme) {
      case "sqlite" -> sqlite(url.substring(end + 3));
      case "postgresql", "postgres" -> postgresql(url.substring(end + 3));
      default ->
          throw new IllegalArgumentException(
              "[database] connection has the scheme '"
                  + scheme
                  + "', which is not supported: use sqlite or postgresql");
    };
  }

  private static Sqlite sqlite(String rest) {
    String path = rest.replaceFirst("\\?.*", "");
    if (path.isEmpty() || path.equals("/") || path.equals("/:memory:")) {
      return new Sqlite(null);
    }
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(
          "[database] connection sqlite://" + path + " names a host: write sqlite:///" + path);
    }
    return new Sqlite(Path.of(path.substring(1)));
  }

  private static Postgresql postgresql(String rest) {
    try {
      URI uri = new URI("postgresql://" + rest);
      if (uri.getHost() == null || uri.getRawPath() == null || uri.getRawPath().length() < 2) {
        throw wrongPostgresql();
      }
      String account = uri.getRawUserInfo();
      List<String> parts = account == null ? List.of() : List.of(account.split(":", 2));
      return new Postgresql(
          uri.getHost(),
          uri.getPort() < 0 ? 5432 : uri.getPort(),
          decode(uri.getRawPath().substring(1)),
          parts.isEmpty() ? null : decode(parts.get(0)),
          parts.size() < 2 ? null : Secret.of(decode(parts.get(1))),
          parameters(uri.getRawQuery()));
    } catch (URISyntaxException e) {
      // Not the cause: its message holds the whole URL, password included.
      throw wrongPostgresql();
    }
  }

  private static IllegalArgumentException wrongPostgresql() {
    return new IllegalArgumentException(
        "[database] connection cannot be read: expected postgresql://user:password@host:port/name,"
            + " with special characters of the password percent-encoded");
  }

  private static Map<String, String> parameters(@Nullable String query) {
    var parameters = new LinkedHashMap<String, String>();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        List<String> parts = List.of(pair.split("=", 2));
        parameters.put(decode(parts.get(0)), parts.size() < 2 ? "" : decode(parts.get(1)));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
