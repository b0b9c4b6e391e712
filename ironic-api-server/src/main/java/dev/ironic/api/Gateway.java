package dev.ironic.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.api.Answer;
import dev.ironic.core.api.ApiRequest;
import dev.ironic.core.api.ApiVersion;
import dev.ironic.core.api.BareMetalApi;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Brings a request from HTTP to its use case and the answer back: request id, body limits, version,
 * route, authentication, errors. Thread-safe.
 */
final class Gateway {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final BareMetalApi api;
  private final Router router;
  private final ServerOptions options;
  private final Authenticator authenticator;

  Gateway(BareMetalApi api, ServerOptions options) {
    this.api = api;
    this.options = options;
    this.router = new Router(api.operations());
    this.authenticator = Authenticator.of(options);
  }

  /** Serves one request to its end. */
  @SuppressWarnings("try") // closing is what the resource is for
  void serve(Context http) throws IOException {
    String requestId = "req-" + UUID.randomUUID();
    http.header("openstack-request-id", requestId);
    http.header("x-openstack-request-id", requestId);
    try (var ignored = MDC.putCloseable("request_id", requestId)) {
      try {
        route(http, requestId);
      } catch (RequestBody.RefusedException e) {
        send(http, e.status(), ErrorBody.bare(e.status(), String.valueOf(e.getMessage())));
      } catch (Target.MalformedException e) {
        send(http, 400, ErrorBody.fault(400, String.valueOf(e.getMessage())));
      } catch (IronicException e) {
        if (e.status() >= 500) {
          LOG.atWarn().setCause(e).log("{} {} failed", http.method(), http.path());
        }
        send(http, e.status(), ErrorBody.fault(e.status(), String.valueOf(e.getMessage())));
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("{} {} failed unexpectedly", http.method(), http.path());
        if (!http.res().isCommitted()) {
          send(
              http,
              500,
              ErrorBody.fault(
                  500, "Unexpected failure; the log tells more of request " + requestId));
        }
      }
    }
  }

  private void route(Context http, String requestId)
      throws IOException, RequestBody.RefusedException, Target.MalformedException {
    String method = http.req().getMethod();
    String path = http.req().getRequestURI();
    byte[] body =
        RequestBody.read(
            http.req().getInputStream(),
            http.req().getContentLengthLong(),
            options.limit(path),
            options.maxDepth());
    if (method.equals("OPTIONS")) {
      http.status(200);
      return;
    }
    ApiVersion version = negotiate(http);
    if (version == null) {
      return;
    }
    List<String> segments = Target.segments(path);
    Map<String, String> query = Target.query(http.req().getQueryString());
    boolean isRoot = segments != null && segments.isEmpty();
    String wanted = method.equals("HEAD") && isRoot ? "GET" : method;
    String last = segments == null || isRoot ? "" : segments.get(segments.size() - 1);
    boolean cut =
        segments != null && !version.atLeast(91) && last.length() > 5 && last.endsWith(".json");
    List<String> first = segments != null && cut ? without(segments, last) : segments;
    Answer answer;
    try {
      answer = answer(http, wanted, first, query, body, version, requestId);
    } catch (IronicException e) {
      if (!cut || e.status() != 404) {
        throw e;
      }
      answer = answer(http, wanted, segments, query, body, version, requestId);
    }
    if (answer != null) {
      send(http, answer);
    }
  }

  private static List<String> without(List<String> segments, String last) {
    var cut = new ArrayList<>(segments);
    cut.set(cut.size() - 1, last.substring(0, last.length() - 5));
    return cut;
  }

  /** The version to use; null when the request was refused. */
  private @Nullable ApiVersion negotiate(Context http) throws IOException {
    var negotiated =
        ApiVersion.negotiate(http.header("OpenStack-API-Version"), http.header(ApiVersion.HEADER));
    return switch (negotiated) {
      case ApiVersion.Negotiated.Agreed agreed -> {
        range(http);
        http.header(ApiVersion.HEADER, agreed.version().toString());
        yield agreed.version();
      }
      case ApiVersion.Negotiated.Refused refused -> {
        if (refused.refusal().parsable()) {
          range(http);
        }
        send(http, 406, ErrorBody.routing(406, "Not Acceptable", refused.refusal().text()));
        yield null;
      }
    };
  }

  private static void range(Context http) {
    http.header("X-OpenStack-Ironic-API-Minimum-Version", ApiVersion.MIN.toString());
    http.header("X-OpenStack-Ironic-API-Maximum-Version", ApiVersion.MAX.toString());
    http.header("Vary", "OpenStack-API-Version, " + ApiVersion.HEADER);
  }

  /** The answer of the use case; null when the answer was sent already. */
  private @Nullable Answer answer(
      Context http,
      String method,
      @Nullable List<String> segments,
      Map<String, String> query,
      byte[] body,
      ApiVersion version,
      String requestId)
      throws IOException {
    Router.Match match =
        segments == null ? new Router.Match.Nothing() : router.match(method, segments);
    switch (match) {
      case Router.Match.Nothing() -> {
        send(http, 404, ErrorBody.routing(404, "Not Found", "There is nothing at " + http.path()));
        return null;
      }
      case Router.Match.Malformed() ->
          throw new IronicException(Fault.INVALID, "Malformed request URI");
      case Router.Match.WrongMethod(List<String> allowed) -> {
        http.header("Allow", String.join(", ", allowed));
        send(
            http,
            405,
            ErrorBody.routing(
                405, "Method Not Allowed", method + " is not one of " + allowed + " here"));
        return null;
      }
      case Router.Match.Found(var operation, var parameters) -> {
        String user = null;
        if (!operation.isPublic()) {
          switch (authenticator.check(http.header("Authorization"))) {
            case Authenticator.Outcome.Known known -> user = known.user();
            case Authenticator.Outcome.Refused refused -> {
              http.header("WWW-Authenticate", refused.challenge());
              throw new IronicException(
                  Fault.UNAUTHORIZED,
                  "Authorization required: name and password are missing or wrong");
            }
          }
        }
        checkAccept(http.header("Accept"), operation.produces());
        var context =
            new RequestContext(
                requestId, user, null, List.of("admin"), http.header("traceparent"), null);
        return api.handle(
            new ApiRequest(operation, parameters, query, body, version, context, base(http)));
      }
    }
  }

  private static void checkAccept(@Nullable String accept, String produced) {
    if (accept == null || accept.isBlank()) {
      return;
    }
    for (String part : accept.split(",", -1)) {
      String type = part.split(";", -1)[0].trim();
      boolean whole =
          type.endsWith("/*") && produced.startsWith(type.substring(0, type.length() - 1));
      if (type.equals("*/*") || whole || type.equals(produced)) {
        return;
      }
    }
    throw new IronicException(
        Fault.NOT_ACCEPTABLE, "The answer is " + produced + ", the request accepts only " + accept);
  }

  private String base(Context http) {
    if (options.publicEndpoint() != null) {
      return options.publicEndpoint();
    }
    String scheme = http.scheme();
    String host = http.header("Host");
    if (options.trustForwarded()) {
      String forwardedScheme = http.header("X-Forwarded-Proto");
      String forwardedHost = http.header("X-Forwarded-Host");
      String prefix = http.header("X-Forwarded-Prefix");
      return (forwardedScheme == null ? scheme : forwardedScheme)
          + "://"
          + (forwardedHost == null ? host : forwardedHost)
          + (prefix == null ? "" : prefix.replaceAll("/+$", ""));
    }
    return scheme + "://" + host;
  }

  private static void send(Context http, Answer answer) throws IOException {
    http.status(answer.status());
    if (answer.location() != null) {
      http.header("Location", answer.location());
    }
    if (answer.hasBody()) {
      http.contentType(answer.contentType());
      OutputStream out = http.res().getOutputStream();
      answer.writeTo(out);
    }
  }

  private static void send(Context http, int status, byte[] body) throws IOException {
    http.status(status);
    http.contentType("application/json");
    http.res().setContentLength(body.length);
    http.res().getOutputStream().write(body);
  }
}
