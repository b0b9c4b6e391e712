package dev.ironic.agent.ironic;

import dev.ironic.agent.json.JsonMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the conductor told about the node, and what it set for this agent. Written at lookup, read
 * by commands; thread-safe.
 */
public final class NodeContext {

  private volatile JsonMap node = JsonMap.empty();
  private volatile JsonMap config = JsonMap.empty();

  /** Takes over a lookup's answer. */
  public void update(JsonMap lookup) {
    node = lookup.map("node");
    config = lookup.map("config");
  }

  /** Takes over the node alone, as it came with a command. */
  public void updateNode(JsonMap fresh) {
    node = fresh;
  }

  /** The node; empty before lookup. */
  public JsonMap node() {
    return node;
  }

  /** The node's UUID, or null before lookup. */
  public @Nullable String uuid() {
    return node.text("uuid");
  }

  /** Seconds the conductor waits for a heartbeat. */
  public long heartbeatTimeout() {
    return config.number("heartbeat_timeout", 300);
  }

  /** The token from lookup; null if none came or it was concealed. */
  public @Nullable String token() {
    return config.text("agent_token");
  }

  /** Whether MD5 checksums will do. */
  public boolean md5Allowed() {
    return config.flag("agent_md5_checksum_enable", true);
  }

  /** Whether images are trusted to be what they are declared to be. */
  public boolean deepInspectionDisabled() {
    return config.flag("disable_deep_image_inspection", false);
  }

  /** Image formats that may be written. */
  public List<String> permittedImageFormats() {
    List<?> formats =
        config.get("permitted_image_formats") instanceof String text
            ? List.of(text.split("\\s*,\\s*"))
            : config.list("permitted_image_formats");
    return formats.isEmpty()
        ? List.of("raw", "gpt", "qcow2")
        : formats.stream().map(Objects::toString).toList();
  }

  /** Whether the address of the management controller is of no use to the conductor. */
  public boolean bmcDetectionSkipped() {
    return config.flag("agent_skip_bmc_detect", false);
  }

  /** Lowest TLS version to serve, as text such as "1.3"; null if not told. */
  public @Nullable String tlsMinVersion() {
    return config.text("tls_min_version");
  }

  /** Cipher suites to serve; null if not told. */
  public @Nullable String tlsCipherSuites() {
    return config.text("tls_cipher_suites");
  }
}
