package dev.ironic.core.inspection.rules;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The GET request of a rule. Nobody reads the answer; it only has to be a good one.
 *
 * @param url where it goes
 * @param headers what goes along
 * @param proxies proxy by scheme of the URL
 * @param timeout how long one attempt may take
 * @param retries how often a failed attempt is repeated
 * @param backoff the pause before the second repetition; it doubles from there
 */
record ApiCall(
    URI url,
    Map<String, String> headers,
    Map<String, String> proxies,
    Duration timeout,
    int retries,
    Duration backoff) {

  private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(429, 500, 502, 503, 504);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  static ApiCall of(EffectArguments args) {
    double timeout = args.number("timeout", 5);
    double retries = args.number("retries", 3);
    double backoff = args.number("backoff_factor", 0.3);
    if (!(timeout > 0 && timeout <= 3600)) {
      throw RuleError.of("timeout must be more than 0 and at most 3600 seconds, not %s", timeout);
    }
    if (!(retries >= 0 && retries <= 100) || retries != Math.rint(retries)) {
      throw RuleError.of("retries must be a whole number from 0 to 100, not %s", retries);
    }
    if (!(backoff >= 0 && backoff <= LONGEST_PAUSE.toSeconds())) {
      throw RuleError.of("backoff_factor must be 0 to 120 seconds, not %s", backoff);
    }
    return new ApiCall(
        uri("url", args.text("url")),
        args.texts("headers"),
        args.texts("proxies"),
        seconds(timeout),
        (int) retries,
        seconds(backoff));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.max(0, Math.round(seconds * 1000)));
  }

  private static URI uri(String what, String text) {
    try {
      URI uri = URI.create(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // The same as a URL without scheme or host.
    }
    throw RuleError.of("%s must be a URL with http or https and a host", what);
  }

  /** Sends it until there is a good answer. */
  void send() {
    HttpRequest request = request();
    var policy =
        RetryPolicy.<Integer>builder()
            .handle(IOException.class)
            .handleResultIf(WORTH_ANOTHER_TRY::contains)
            .withMaxRetries(retries)
            .withDelayFn(attempt -> pause(attempt.getAttemptCount()))
            .build();
    int status;
    try (HttpClient client = client()) {
      status =
          Failsafe.with(policy)
              .get(() -> client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    } catch (FailsafeException e) {
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw RuleError.of("the request to %s failed: %s", shownUrl(), e.getCause());
    }
    if (status >= 400) {
      throw RuleError.of("the request to %s was answered with status %d", shownUrl(), status);
    }
  }

  /** The first repetition follows at once. */
  private Duration pause(int attempts) {
    if (attempts < 2) {
      return Duration.ZERO;
    }
    double millis = (double) backoff.toMillis() * Math.pow(2, Math.min(attempts - 1, 30));
    return Duration.ofMillis((long) Math.min(millis, (double) LONGEST_PAUSE.toMillis()));
  }

  private HttpRequest request() {
    try {
      var builder = HttpRequest.newBuilder(url).timeout(timeout).GET();
      headers.forEach(builder::header);
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw RuleError.of("headers can't be sent: %s", e.getMessage());
    }
  }

  private HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).connectTimeout(timeout);
    String proxy = proxies.get(url.getScheme().toLowerCase(Locale.ROOT));
    if (proxy != null) {
      URI address = uri("a proxy", proxy);
      int port = address.getPort() < 0 ? 80 : address.getPort();
      builder.proxy(ProxySelector.of(new InetSocketAddress(address.getHost(), port)));
    }
    return builder.build();
  }

  /** The URL without what may be secret in it. */
  private String shownUrl() {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getPath();
  }
}
