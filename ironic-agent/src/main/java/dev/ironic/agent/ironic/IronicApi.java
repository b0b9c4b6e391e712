package dev.ironic.agent.ironic;

import dev.ironic.agent.http.WebClient;
import dev.ironic.agent.json.Json;
import dev.ironic.agent.json.JsonMap;
import dev.ironic.agent.json.MalformedJsonException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Client of the API's three doors for ramdisks. Of several URLs the one that answered last is tried
 * first. Thread-safe.
 */
public final class IronicApi {

  private static final Logger log = LoggerFactory.getLogger(IronicApi.class);

  private static final String VERSION_HEADER = "X-OpenStack-Ironic-API-Version";

  /** Newest versions whose bodies this client knows how to fill. */
  private static final int LOOKUP_VERSION = 62;

  private static final int HEARTBEAT_VERSION = 68;

  private final List<URI> urls;
  private final WebClient client;
  private final @Nullable String requestId;
  private final @Nullable ApiVersion fixedVersion;
  private volatile int preferred;
  private volatile @Nullable ApiVersion detected;

  /**
   * What a heartbeat says.
   *
   * @param callbackUrl where the agent listens
   * @param token the agent token
   * @param agentVersion the agent's version
   * @param certificate PEM of the agent's own certificate, null without one
   */
  public record Heartbeat(
      String callbackUrl, String token, String agentVersion, @Nullable String certificate) {
    @Override
    public String toString() {
      return "Heartbeat[" + callbackUrl + "]"; // the token stays out of logs
    }
  }

  /** An answer of the API that is not the wanted one. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(String what, int status, byte[] body) {
      super(what + " was answered with HTTP " + status + ": " + reason(body));
      this.status = status;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  /**
   * Creates it.
   *
   * @param urls of the API, with or without /v1, at least one
   * @param requestId sent with each call, or null
   * @param fixedVersion the API's version, or null to ask for it
   */
  public IronicApi(
      List<URI> urls,
      WebClient client,
      @Nullable String requestId,
      @Nullable ApiVersion fixedVersion) {
    this.urls = urls.stream().map(IronicApi::root).toList();
    this.client = client;
    this.requestId = requestId;
    this.fixedVersion = fixedVersion;
  }

  /** The API's URLs without /v1. */
  public List<URI> urls() {
    return urls;
  }

  /** The newest version the API speaks; asked once. */
  public ApiVersion version() throws IOException {
    ApiVersion known = fixedVersion == null ? detected : fixedVersion;
    if (known != null) {
      return known;
    }
    WebClient.Answer answer = call("GET", "/", Map.of("Accept", "application/json"), null);
    if (answer.status() != 200) {
      throw new Refused("The question for the API's versions", answer.status(), answer.body());
    }
    try {
      String text = Json.readMap(answer.body()).map("default_version").text("version");
      ApiVersion version = ApiVersion.parse(text == null ? "" : text);
      detected = version;
      return version;
    } catch (MalformedJsonException | IllegalArgumentException e) {
      throw new IOException(
          "the API's root document does not tell its version ("
              + e.getMessage()
              + "): is the URL in ipa-api-url that of a bare metal API?",
          e);
    }
  }

  /**
   * Looks up the node this machine is.
   *
   * @param macs its MAC addresses
   * @param nodeUuid the node's UUID if known
   * @return the answer: members node and config
   * @throws Refused if the API answered with anything but 200
   */
  public JsonMap lookup(List<String> macs, @Nullable String nodeUuid) throws IOException {
    StringBuilder query = new StringBuilder("?addresses=").append(encode(String.join(",", macs)));
    if (nodeUuid != null) {
      query.append("&node_uuid=").append(encode(nodeUuid));
    }
    WebClient.Answer answer =
        call("GET", "/v1/lookup" + query, headers(version().atMost(LOOKUP_VERSION)), null);
    if (answer.status() != 200) {
      throw new Refused("The lookup", answer.status(), answer.body());
    }
    try {
      return Json.readMap(answer.body());
    } catch (MalformedJsonException e) {
      throw new IOException("the lookup's answer is not usable: " + e.getMessage(), e);
    }
  }

  /**
   * Says that the agent lives.
   *
   * @throws Refused if the API answered with anything but 202
   */
  public void heartbeat(String nodeUuid, Heartbeat beat) throws IOException {
    ApiVersion version = version().atMost(HEARTBEAT_VERSION);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("callback_url", beat.callbackUrl);
    if (version.atLeast(62)) {
      body.put("agent_token", beat.token);
    }
    if (version.atLeast(36)) {
      body.put("agent_version", beat.agentVersion);
    }
    if (version.atLeast(68) && beat.certificate != null) {
      body.put("agent_verify_ca", beat.certificate);
    }
    WebClient.Answer answer =
        call("POST", "/v1/heartbeat/" + encode(nodeUuid), headers(version), Json.write(body));
    if (answer.status() != 202) {
      throw new Refused("The heartbeat", answer.status(), answer.body());
    }
  }

  private Map<String, String> headers(ApiVersion version) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(VERSION_HEADER, version.toString());
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "application/json");
    return headers;
  }

  private WebClient.Answer call(
      String method, String path, Map<String, String> headers, byte @Nullable [] body)
      throws IOException {
    Map<String, String> sent = new LinkedHashMap<>(headers);
    if (requestId != null) {
      sent.put("X-OpenStack-Request-ID", requestId);
    }
    IOException failure = new IOException("no API URL is known");
    for (int i = 0; i < urls.size(); i++) {
      int index = (preferred + i) % urls.size();
      URI url = urls.get(index);
      try {
        WebClient.Answer answer = client.call(method, URI.create(url + path), sent, body);
        preferred = index;
        return answer;
      } catch (IOException e) {
        log.warn("the API at {} does not answer: {}", url, e.toString());
        failure = new IOException("the API at " + url + " does not answer: " + e, e);
      }
    }
    throw failure;
  }

  private static URI root(URI url) {
    String text = url.toString().replaceAll("/+$", "");
    return URI.create(
        text.endsWith("/v1") ? text.substring(0, text.length() - "/v1".length()) : text);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The fault text out of the API's twice wrapped errors, or the start of what came. */
  private static String reason(byte[] body) {
    try {
      Object inner = Json.readMap(body).get("error_message");
      JsonMap fault =
          inner instanceof Map<?, ?> map
              ? JsonMap.of(map)
              : Json.readMap(String.valueOf(inner).getBytes(StandardCharsets.UTF_8));
      String text = fault.text("faultstring");
      return text == null ? fault.text("description", fault.toString()) : text;
    } catch (MalformedJsonException e) {
      String text = new String(body, StandardCharsets.UTF_8).strip();
      return text.substring(0, Math.min(text.length(), 500));
    }
  }
}
