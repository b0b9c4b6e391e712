package dev.ironic.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.api.Answer;
import dev.ironic.core.api.ApiRequest;
import dev.ironic.core.api.ApiVersion;
import dev.ironic.core.api.BareMetalApi;
import dev.ironic.core.api.Operation;
import dev.ironic.core.policy.Caller;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.core.exc.JacksonIOException;

/**
 * Brings a request from HTTP to its use case and the answer back: request id, body limits, version,
 * route, authentication, errors. Thread-safe.
 */
final class Gateway {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final String LEAST = "X-OpenStack-Ironic-API-Minimum-Version";
  private static final String GREATEST = "X-OpenStack-Ironic-API-Maximum-Version";

  private final BareMetalApi api;
  private final Router router;
  private final ServerOptions options;
  private final Authenticator authenticator;

  Gateway(BareMetalApi api, ServerOptions options, Authenticator authenticator) {
    this.api = api;
    this.options = options;
    this.router = new Router(api.operations());
    this.authenticator = authenticator;
  }

  /** A request whose version is known, but not yet where it leads. */
  @SuppressWarnings("ArrayRecordComponent") // never compared; the body is read once
  private record Call(
      Context http,
      String method,
      Map<String, String> query,
      byte[] body,
      ApiVersion version,
      String requestId) {

    /** The same call with one more query parameter. */
    Call asking(String name, String value) {
      var more = new LinkedHashMap<>(query);
      more.put(name, value);
      return new Call(http, method, more, body, version, requestId);
    }
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
      } catch (RoutingException e) {
        send(http, e.status(), e.body());
      } catch (IronicException e) {
        if (e.status() == 503) {
          // What is away says so once for each request; where in our code that was is no news.
          LOG.warn("{} {} failed: {}", http.method(), http.path(), e.getMessage());
        } else if (e.status() >= 500) {
          LOG.atWarn().setCause(e).log("{} {} failed", http.method(), http.path());
        }
        send(http, e.status(), ErrorBody.fault(e.status(), String.valueOf(e.getMessage())));
      } catch (IOException | JacksonIOException e) {
        tellGone(http, e);
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

  /** Reading a body and writing an answer fail when the client does not wait for the end. */
  private static void tellGone(Context http, Exception why) {
    LOG.info("{} {}: the client went away: {}", http.method(), http.path(), why.toString());
  }

  private void route(Context http, String requestId)
      throws IOException,
          RequestBody.RefusedException,
          Target.MalformedException,
          RoutingException {
    String method = http.req().getMethod();
    String path = http.req().getRequestURI();
    byte[] body = RequestBody.read(http.req(), options.limit(path), options.maxDepth());
    if (method.equals("OPTIONS")) {
      http.status(200);
      return;
    }
    ApiVersion version = negotiate(http);
    List<String> segments = Target.segments(path);
    Map<String, String> query = Target.query(http.req().getQueryString());
    if (segments == null) {
      throw new RoutingException(404, "There is nothing at " + http.path());
    }
    String wanted = method.equals("HEAD") && segments.isEmpty() ? "GET" : method;
    var call = new Call(http, wanted, query, body, version, requestId);
    String last = segments.isEmpty() ? "" : segments.getLast();
    boolean suffixed = !version.atLeast(91) && last.length() > 5 && last.endsWith(".json");
    send(http, suffixed ? withoutSuffix(call, segments) : answer(call, segments));
  }

  /** Where the path without suffix leads nowhere, the suffix may be a part of a name. */
  private Answer withoutSuffix(Call call, List<String> segments) throws RoutingException {
    var cut = new ArrayList<>(segments);
    String last = cut.removeLast();
    cut.add(last.substring(0, last.length() - 5));
    try {
      return answer(call, cut);
    } catch (IronicException missing) {
      if (missing.status() != 404) {
        throw missing;
      }
      try {
        return answer(call, segments);
      } catch (IronicException e) {
        throw e.status() == 400 ? missing : e;
      }
    }
  }

  /** The version to use. */
  private static ApiVersion negotiate(Context http) throws RoutingException {
    var negotiated =
        ApiVersion.negotiate(http.header("OpenStack-API-Version"), http.header(ApiVersion.HEADER));
    return switch (negotiated) {
      case ApiVersion.Negotiated.Agreed agreed -> agreed.version();
      case ApiVersion.Negotiated.Refused refused -> {
        if (refused.refusal().parsable()) {
          tellRange(http);
        }
        throw new RoutingException(406, refused.refusal().text());
      }
    };
  }

  private static void tellRange(Context http) {
    http.header(LEAST, ApiVersion.MIN.toString());
    http.header(GREATEST, ApiVersion.MAX.toString());
    http.header("Vary", "OpenStack-API-Version, " + ApiVersion.HEADER);
  }

  private static void tellVersion(Context http, ApiVersion version) {
    tellRange(http);
    http.header(ApiVersion.HEADER, version.toString());
  }

  private static void withdrawVersion(Context http) {
    for (String header : List.of(LEAST, GREATEST, ApiVersion.HEADER)) {
      http.res().setHeader(header, null);
    }
  }

  /** The answer of the use case at a path. */
  private Answer answer(Call call, List<String> segments) throws RoutingException {
    Context http = call.http();
    return switch (router.match(call.method(), segments, call.version())) {
      case Router.Match.Nothing() ->
          throw new RoutingException(404, "There is nothing at " + http.path());
      case Router.Match.WrongMethod(List<String> allowed) -> {
        if (!allowed.isEmpty()) {
          http.header("Allow", String.join(", ", allowed));
        }
        throw new RoutingException(405, call.method() + " is not one of " + allowed + " here");
      }
      case Router.Match.Malformed() -> {
        tellVersion(http, call.version());
        throw new IronicException(Fault.INVALID, "Malformed request URI");
      }
      case Router.Match.NoSuchPart(var show, var parameters, var part) -> {
        if (show.query().containsKey("fields")) {
          // Undocumented, but the original takes it: the part names fields to show.
          yield handle(call.asking("fields", part), show, parameters);
        }
        handle(call, show, parameters);
        throw new IronicException(Fault.INVALID, "There is no '" + part + "' of this object");
      }
      case Router.Match.Found(var operation, var parameters) -> handle(call, operation, parameters);
    };
  }

  private Answer handle(Call call, Operation operation, Map<String, String> parameters)
      throws RoutingException {
    Context http = call.http();
    checkAccept(http.header("Accept"), operation.produces());
    tellVersion(http, call.version());
    Caller caller = operation.isPublic() ? Caller.anybody() : authenticated(http);
    var context =
        new RequestContext(
            call.requestId(),
            caller.userId(),
            caller.projectId(),
            List.copyOf(caller.roles()),
            http.header("traceparent"),
            null);
    try {
      return api.handle(
          new ApiRequest(
              operation,
              parameters,
              call.query(),
              call.body(),
              call.version(),
              context,
              api.permit(caller),
              base(http)));
    } catch (IronicException e) {
      if (e.fault() != Fault.INVALID_IDENTIFIER) {
        throw e;
      }
      // The path leads to no object that there could be, so it was not the operation that refused.
      withdrawVersion(http);
      throw new RoutingException(e.status(), String.valueOf(e.getMessage()));
    }
  }

  private Caller authenticated(Context http) {
    var credentials =
        new Authenticator.Credentials(
            http.header("Authorization"),
            http.header("X-Auth-Token"),
            http.header("X-Service-Token"),
            http.req().getRemoteAddr());
    return switch (authenticator.check(credentials)) {
      case Authenticator.Outcome.Known(Caller caller) -> caller;
      case Authenticator.Outcome.Refused(String challenge, String why) -> {
        http.header("WWW-Authenticate", challenge);
        throw new IronicException(Fault.UNAUTHORIZED, "Authorization required: " + why);
      }
    };
  }

  private static void checkAccept(@Nullable String accept, String produced)
      throws RoutingException {
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
    throw RoutingException.plain(
        406, "The answer is " + produced + ", the request accepts only " + accept);
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
