package dev.ironic.driver.generic;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Sends commands to the agents of all nodes. Thread-safe. */
final class AgentClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AgentClient.class);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  private final AgentOptions options;
  private final JsonMapper json = JsonMapper.builder().build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AgentTrust trust = new AgentTrust();
  private final HttpClient http;

  AgentClient(AgentOptions options) {
    this.options = options;
    var parameters = new SSLParameters();
    parameters.setProtocols(
        options.tlsMinimumVersion().equals("1.2")
            ? new String[] {"TLSv1.2", "TLSv1.3"}
            : new String[] {"TLSv1.3"});
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.commandTimeout())
            .executor(threads)
            .sslContext(trust.context())
            .sslParameters(parameters)
            .build();
  }

  /** The commands that the agent has run since it started, oldest first. */
  List<CommandResult> commands(NodeTask task) {
    Map<String, @Nullable Object> answer =
        call(task, "GET", "v1/commands/", null, "reading its commands");
    var results = new ArrayList<CommandResult>();
    if (answer.get("commands") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          results.add(result(map));
        }
      }
    }
    return results;
  }

  /** The last of {@link #commands}. */
  Optional<CommandResult> lastCommand(NodeTask task) {
    List<CommandResult> all = commands(task);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /**
   * Starts a command and returns at once where the agent runs it in the background.
   *
   * @param name with the extension, such as {@code standby.prepare_image}
   */
  CommandResult start(NodeTask task, String name, Map<String, @Nullable Object> params) {
    Map<String, ?> body = Map.of("name", name, "params", params);
    String plain = name.substring(name.indexOf('.') + 1);
    try {
      return result(call(task, "POST", "v1/commands/?wait=false", body, "the command " + name));
    } catch (DriverException e) {
      if (!(e.getCause() instanceof HttpTimeoutException)) {
        throw e;
      }
      return lastCommand(task)
          .filter(last -> last.name().equals(plain))
          .filter(last -> last.status() == CommandResult.Status.RUNNING)
          .orElseThrow(() -> e);
    }
  }

  /** Runs a command to its end. */
  CommandResult run(NodeTask task, String name, Map<String, @Nullable Object> params) {
    CommandResult result = start(task, name, params);
    for (int attempt = 0;
        result.status() == CommandResult.Status.RUNNING && attempt < options.commandWaitAttempts();
        attempt++) {
      task.sleep(options.commandWaitInterval());
      String id = result.id();
      result =
          commands(task).stream()
              .filter(each -> each.id().equals(id))
              .findFirst()
              .orElseThrow(
                  () ->
                      DriverException.failed(
                          "The agent has forgotten the command %s; did the machine restart?"
                              .formatted(name),
                          null));
    }
    return switch (result.status()) {
      case SUCCEEDED -> result;
      case FAILED, CLEAN_VERSION_MISMATCH ->
          throw DriverException.failed(
              "The agent failed at %s: %s".formatted(name, result.errorText()), null);
      case RUNNING ->
          throw DriverException.failed(
              "The agent has not finished %s within %d s"
                  .formatted(
                      name,
                      options.commandWaitInterval().toSeconds() * options.commandWaitAttempts()),
              null);
    };
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }

  private Map<String, @Nullable Object> call(
      NodeTask task, String method, String path, @Nullable Map<String, ?> body, String what) {
    URI base = agentUrl(task.node());
    expect(task.node(), base);
    URI uri = URI.create(withSlash(base) + path + token(task.node(), path));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(options.commandTimeout())
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
            .build();
    for (int attempt = 1; ; attempt++) {
      try {
        return answer(http.send(request, HttpResponse.BodyHandlers.ofByteArray()), base, what);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw DriverException.failed("Interrupted while talking to the agent at " + base, e);
      } catch (IOException e) {
        boolean timedOut =
            e instanceof HttpTimeoutException && !(e instanceof HttpConnectTimeoutException);
        if (timedOut || attempt >= options.maxCommandAttempts()) {
          throw DriverException.unreachable(
              "The agent at %s cannot be reached for %s (attempt %d of %d): %s"
                  .formatted(base, what, attempt, options.maxCommandAttempts(), reason(e)),
              e);
        }
        LOG.debug("The agent at {} cannot be reached: {}", base, reason(e));
        task.sleep(RETRY_PAUSE);
      }
    }
  }

  private static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException && cause.getMessage() != null) {
        return cause.getMessage();
      }
    }
    if (e.getMessage() != null) {
      return e.getMessage();
    }
    return e instanceof ConnectException ? "connection refused" : e.getClass().getSimpleName();
  }

  private static URI agentUrl(NodeInfo node) {
    String text =
        node.internalText("agent_url")
            .orElseThrow(
                () ->
                    DriverException.unreachable(
                        "No agent has reported for node %s".formatted(node.uuid()), null));
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("{} is no URL", text);
    }
    throw DriverException.failed("The agent's URL '%s' is not valid".formatted(text), null);
  }

  private static String withSlash(URI base) {
    return base.toString().endsWith("/") ? base.toString() : base + "/";
  }

  private static String token(NodeInfo node, String path) {
    return node.internalText("agent_secret_token")
        .map(
            token ->
                (path.contains("?") ? "&" : "?")
                    + "agent_token="
                    + URLEncoder.encode(token, StandardCharsets.UTF_8))
        .orElse("");
  }

  private void expect(NodeInfo node, URI base) {
    if (!"https".equals(base.getScheme())) {
      return;
    }
    AgentTrust.Policy policy =
        node.internalText("agent_verify_ca")
            .map(path -> AgentTrust.pinned(Path.of(path)))
            .orElseGet(
                () ->
                    trust.configured(
                        node.driverInfoText("agent_verify_ca").orElse(options.verifyCa())));
    trust.expect(base.getHost(), base.getPort() < 0 ? 443 : base.getPort(), policy);
  }

  private Map<String, @Nullable Object> answer(
      HttpResponse<byte[]> response, URI base, String what) {
    Map<String, @Nullable Object> document = parse(response.body());
    int status = response.statusCode();
    if (status < 300) {
      return document;
    }
    Object fault = document.get("faultstring");
    String message =
        "The agent at %s answered HTTP %d to %s%s"
            .formatted(base, status, what, fault == null ? "" : ": " + fault);
    throw new DriverException(
        status == 409 ? DriverException.Kind.AGENT_BUSY : DriverException.Kind.OPERATION_FAILED,
        message,
        null);
  }

  private Map<String, @Nullable Object> parse(byte[] body) {
    try {
      return body.length == 0 ? Map.of() : object(json.readValue(body, Object.class));
    } catch (JacksonException e) {
      return Map.of();
    }
  }

  private static CommandResult result(Map<?, ?> map) {
    String status = String.valueOf(map.get("command_status"));
    CommandResult.Status known;
    try {
      known = CommandResult.Status.valueOf(status);
    } catch (IllegalArgumentException e) {
      throw DriverException.failed(
          "The agent reports the unknown command status '%s'".formatted(status), e);
    }
    String name = String.valueOf(map.get("command_name"));
    Object error = map.get("command_error");
    return new CommandResult(
        String.valueOf(map.get("id")),
        name.substring(name.indexOf('.') + 1),
        known,
        error instanceof String text ? Map.of("message", text) : object(error),
        object(map.get("command_result")));
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    var copy = new LinkedHashMap<String, @Nullable Object>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> copy.put(String.valueOf(key), each));
    }
    return copy;
  }
}
