package dev.ironic.core.image;

import dev.ironic.core.image.ImageOptions.Web;
import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.util.CertificateUtils;
import nl.altindag.ssl.util.TrustManagerUtils;

/** Images on web servers. Thread-safe; methods block. */
final class WebImages implements AutoCloseable {

  private static final int MAX_CHECKSUM_FILE = 1 << 20;
  private static final int FORBIDDEN = 403;
  private static final int OK = 200;

  private final Web options;
  private final java.util.concurrent.ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("images-", 0).factory());
  private final HttpClient client;

  /**
   * What a server says of an image.
   *
   * @param uri the address after all redirects
   * @param modified when it changed last, if the server tells
   * @param cacheable whether it may be kept
   * @param folder whether it is a path below which files are, and no image itself
   */
  record Head(
      URI uri, OptionalLong size, Optional<Instant> modified, boolean cacheable, boolean folder) {}

  WebImages(Web options) {
    this.options = options;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(options.timeout());
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(
        options.tlsMinimum().equals("1.2")
            ? new String[] {"TLSv1.3", "TLSv1.2"}
            : new String[] {"TLSv1.3"});
    builder.sslParameters(parameters);
    trust(options.verify()).ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  /** Asks for the properties of an image. */
  Head head(ImageReference.Web image) {
    HttpRequest request =
        request(image.uri()).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
    HttpResponse<Void> response = send(image, request, BodyHandlers.discarding());
    boolean slash = image.uri().getPath() != null && image.uri().getPath().endsWith("/");
    boolean listing = slash && response.statusCode() == FORBIDDEN;
    if (response.statusCode() != OK && !listing) {
      throw DriverException.invalid(
          "Validation of image href "
              + image.text()
              + " failed, reason: Got HTTP code "
              + response.statusCode()
              + " instead of 200 in response to HEAD request.");
    }
    boolean html = response.headers().firstValue("Content-Type").orElse("").startsWith("text/html");
    String control = response.headers().firstValue("Cache-Control").orElse("");
    return new Head(
        response.uri(),
        response.headers().firstValueAsLong("Content-Length"),
        response.headers().firstValue("Last-Modified").flatMap(WebImages::time),
        !control.contains("no-store"),
        slash || html);
  }

  /** Fetches a file, computing its digest on the way. */
  byte[] download(ImageReference.Web image, Path target, MessageDigest digest) {
    HttpResponse<InputStream> response =
        send(image, request(image.uri()).GET().build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body();
        InputStream digested = new DigestInputStream(body, digest)) {
      expectOk(image, response);
      Files.copy(digested, target);
      OptionalLong size = response.headers().firstValueAsLong("Content-Length");
      if (size.isPresent() && Files.size(target) != size.getAsLong()) {
        throw new IOException(
            "the server ended it after " + Files.size(target) + " of " + size.getAsLong());
      }
      return digest.digest();
    } catch (IOException e) {
      throw DriverException.failed(
          "The image " + image.text() + " could not be downloaded: " + e.getMessage(), e);
    }
  }

  /** Fetches a file of checksums. */
  List<String> lines(ImageReference.Web file) {
    HttpResponse<InputStream> response =
        send(file, request(file.uri()).GET().build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      expectOk(file, response);
      byte[] content = body.readNBytes(MAX_CHECKSUM_FILE + 1);
      if (content.length > MAX_CHECKSUM_FILE) {
        throw DriverException.invalid(
            "The checksum file " + file.text() + " is longer than 1 MiB; is it the image itself?");
      }
      return new String(content, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw DriverException.failed(
          "The checksum file " + file.text() + " could not be downloaded: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
    threads.shutdownNow();
    threads.close();
  }

  private static void expectOk(ImageReference image, HttpResponse<?> response) {
    if (response.statusCode() != OK) {
      throw DriverException.failed(
          "The server of " + image.text() + " answered " + response.statusCode(), null);
    }
  }

  private <T> HttpResponse<T> send(
      ImageReference.Web image, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw DriverException.invalid(
          "Validation of image href " + image.text() + " failed, reason: " + reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.failed("Interrupted while asking for " + image.text(), e);
    }
  }

  /** The JDK tells what failed by the class alone. */
  private static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "the host name is unknown";
      }
      if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        return cause.getMessage();
      }
    }
    return e instanceof ConnectException ? "connection refused" : e.getClass().getSimpleName();
  }

  private HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(withoutUser(uri)).timeout(timeoutOrDay(options.timeout()));
    String given = uri.getUserInfo();
    if (given != null) {
      authorize(builder, given);
    } else if (options.user().isPresent() && options.password().isPresent()) {
      authorize(builder, options.user().get() + ":" + options.password().get().reveal());
    }
    return builder;
  }

  private static void authorize(HttpRequest.Builder builder, String userAndPassword) {
    byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
    builder.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  private static URI withoutUser(URI uri) {
    return uri.getRawUserInfo() == null
        ? uri
        : URI.create(uri.toString().replace(uri.getRawUserInfo() + "@", ""));
  }

  private static Duration timeoutOrDay(Duration timeout) {
    return timeout.isZero() || timeout.isNegative() ? Duration.ofDays(1) : timeout;
  }

  private static Optional<Instant> time(String header) {
    for (DateTimeFormatter format : DATE_FORMATS) {
      try {
        return Optional.of(ZonedDateTime.parse(header.strip(), format).toInstant());
      } catch (DateTimeParseException e) {
        // Not of this form; the next one may fit.
      }
    }
    return Optional.empty();
  }

  private static final List<DateTimeFormatter> DATE_FORMATS =
      List.of(
          DateTimeFormatter.RFC_1123_DATE_TIME,
          DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss zzz", Locale.ENGLISH),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
              .withZone(java.time.ZoneOffset.UTC));

  /** The context for a setting of true (Java's own), false (anything goes) or a CA file. */
  private static Optional<SSLContext> trust(String verify) {
    if (verify.equalsIgnoreCase("true")) {
      return Optional.empty();
    }
    try {
      X509ExtendedTrustManager trust =
          verify.equalsIgnoreCase("false")
              ? TrustManagerUtils.createUnsafeTrustManager()
              : authorities(Path.of(verify));
      return Optional.of(SSLFactory.builder().withTrustMaterial(trust).build().getSslContext());
    } catch (GenericException e) {
      throw DriverException.invalid(
          "[DEFAULT] webserver_verify_ca is '"
              + verify
              + "', which is neither true, false nor a readable file of certificates: "
              + e.getMessage());
    }
  }

  private static X509ExtendedTrustManager authorities(Path file) {
    List<X509Certificate> found =
        CertificateUtils.loadCertificate(file).stream().map(X509Certificate.class::cast).toList();
    if (found.isEmpty()) {
      throw new GenericException("there is no certificate in " + file);
    }
    return TrustManagerUtils.createTrustManager(found);
  }
}
