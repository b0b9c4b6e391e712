package dev.ironic.agent.image;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.json.JsonMap;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The image a conductor asks for. Immutable; its headers may be secrets, so there is no text form
 * of them.
 *
 * @param id what the image is called
 * @param urls where it is, tried in turn
 * @param format declared format, null if none
 * @param stream write raw images while they arrive
 * @param partitionImage true if it is a file system instead of a disk
 * @param headers to send with the download
 * @param proxies proxy by URL scheme
 * @param noProxy hosts, or domains beginning with a dot, that are reached directly
 * @param raw all members as sent
 */
public record ImageInfo(
    String id,
    List<URI> urls,
    @Nullable String format,
    boolean stream,
    boolean partitionImage,
    Map<String, String> headers,
    Map<String, URI> proxies,
    Set<String> noProxy,
    JsonMap raw) {

  /**
   * Reads it.
   *
   * @throws AgentException if a mandatory member is missing or a member is malformed
   */
  public static ImageInfo parse(JsonMap info, boolean md5Allowed) {
    String id = info.text("id");
    if (id == null || id.isEmpty()) {
      throw invalid("image_info lacks 'id'");
    }
    if (info.list("urls").isEmpty()) {
      throw invalid("image_info of image " + id + " lacks 'urls', or the list is empty");
    }
    List<URI> urls = new ArrayList<>();
    for (Object url : info.list("urls")) {
      urls.add(uri("urls", String.valueOf(url)));
    }
    checkChecksum(info, id, md5Allowed);
    Map<String, URI> proxies = new LinkedHashMap<>();
    info.map("proxies").members().forEach((k, v) -> proxies.put(k, uri("proxies", "" + v)));
    String noProxy = info.text("no_proxy", "");
    String format = info.text("disk_format");
    return new ImageInfo(
        id,
        List.copyOf(urls),
        format == null || format.isEmpty() ? null : format,
        info.flag("stream_raw_images", false),
        "partition".equals(info.text("image_type")),
        headers(info),
        proxies,
        noProxy.isBlank() ? Set.of() : Set.of(noProxy.strip().split("\\s*,\\s*")),
        info);
  }

  private static void checkChecksum(JsonMap info, String id, boolean md5Allowed) {
    boolean hashed = info.text("os_hash_algo") != null && info.text("os_hash_value") != null;
    String sum = info.text("checksum");
    if (hashed) {
      Checksum checksum =
          Checksum.named(info.text("os_hash_algo", ""), info.text("os_hash_value", ""));
      refuseMd5(checksum, id, md5Allowed);
    } else if (sum == null || sum.isBlank()) {
      throw invalid(
          "image_info of image "
              + id
              + " has no checksum: give 'checksum', or 'os_hash_algo' and 'os_hash_value'");
    } else if (!isUrl(sum)) {
      refuseMd5(Checksum.byLength(sum), id, md5Allowed);
    }
  }

  static void refuseMd5(Checksum checksum, String id, boolean md5Allowed) {
    if (checksum.isMd5() && !md5Allowed) {
      throw invalid(
          "the checksum of image "
              + id
              + " is MD5, which the conductor's option agent.allow_md5_checksum forbids;"
              + " use sha256 or sha512");
    }
  }

  /** The URL of a checksum file, or null if the sum itself was given. */
  @Nullable URI checksumUrl() {
    String sum = raw.text("checksum");
    boolean hashed = raw.text("os_hash_algo") != null && raw.text("os_hash_value") != null;
    return !hashed && sum != null && isUrl(sum) ? uri("checksum", sum.strip()) : null;
  }

  /** The sum as given; only without a checksum URL. */
  Checksum checksum() {
    String value = raw.text("os_hash_value");
    String algorithm = raw.text("os_hash_algo");
    return value != null && algorithm != null
        ? Checksum.named(algorithm, value)
        : Checksum.byLength(raw.text("checksum", ""));
  }

  /** The proxy for a URL. */
  Proxy proxyFor(URI url) {
    String host = String.valueOf(url.getHost());
    boolean direct =
        noProxy.stream()
            .anyMatch(
                rule ->
                    rule.equals("*")
                        || host.equals(rule)
                        || host.endsWith(rule.startsWith(".") ? rule : "." + rule));
    URI proxy = proxies.get(url.getScheme());
    return proxy == null || direct
        ? Proxy.NO_PROXY
        : new Proxy(
            Proxy.Type.HTTP,
            new InetSocketAddress(proxy.getHost(), proxy.getPort() < 0 ? 3128 : proxy.getPort()));
  }

  /** A URL for messages: without user and query, which may be secrets. */
  static String shown(URI url) {
    return "%s://%s%s%s"
        .formatted(
            url.getScheme(),
            url.getHost(),
            url.getPort() < 0 ? "" : ":" + url.getPort(),
            url.getRawPath() == null ? "" : url.getRawPath());
  }

  @Override
  public String toString() {
    return "ImageInfo[" + id + "]";
  }

  private static boolean isUrl(String text) {
    String start = text.strip();
    return start.startsWith("http://") || start.startsWith("https://");
  }

  private static Map<String, String> headers(JsonMap info) {
    String whole = info.text("image_request_authorization");
    if (whole != null) {
      String value = new String(Base64.getDecoder().decode(whole), StandardCharsets.UTF_8);
      return Map.of("Authorization", value);
    }
    String user = info.text("image_server_user");
    String password = info.text("image_server_password");
    String strategy = info.text("image_server_auth_strategy", "noauth");
    if (user == null || password == null || !strategy.equals("http_basic")) {
      return Map.of();
    }
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  private static URI uri(String member, String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Falls through to the refusal below, which names the value.
    }
    throw invalid("a URL in image_info." + member + " is not a well-formed http or https URL");
  }

  private static AgentException invalid(String details) {
    return new AgentException(ErrorKind.INVALID_COMMAND_PARAMS, details);
  }
}
