package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;

/** Config drives: what an instance learns about itself at its first boot. */
final class ConfigDrive {

  static final String LABEL = "config-2";

  /** The agent gives a config drive a partition of this size. */
  static final long MAX_BYTES = 64L << 20;

  private static final List<String> VERSIONS = List.of("2012-08-10", "latest");
  private static final List<String> KEYS =
      List.of("meta_data", "network_data", "user_data", "vendor_data");
  private static final String PUBLISHER = "Ironic";

  private final ObjectMapper json;

  ConfigDrive(ObjectMapper json) {
    this.json = json;
  }

  /**
   * Gives what the agent takes: a URL or a finished drive unchanged, and one built from a map.
   *
   * @param source a map, a URL, or base64 of a gzip-compressed medium
   * @param time the time stamp of its files
   * @throws DriverException when it is too big or no config drive
   */
  String encode(Object source, NodeInfo node, Instant time) {
    return switch (source) {
      case Map<?, ?> map -> build(map, node, time);
      case String text when isUrl(text) -> text;
      case String text -> checked(text);
      default ->
          throw DriverException.invalid(
              "A config drive must be a map, a URL, or base64 of a gzip-compressed ISO 9660 image;"
                  + " got "
                  + source.getClass().getSimpleName());
    };
  }

  private static boolean isUrl(String text) {
    return text.startsWith("http://") || text.startsWith("https://");
  }

  private String build(Map<?, ?> map, NodeInfo node, Instant time) {
    for (Object key : map.keySet()) {
      if (!KEYS.contains(String.valueOf(key))) {
        throw DriverException.invalid(
            "The config drive has an unknown key '" + key + "'; it may have " + KEYS);
      }
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("meta_data.json", json.writeValueAsBytes(metaData(map.get("meta_data"), node)));
    putDocument(files, "network_data.json", map.get("network_data"));
    putDocument(files, "vendor_data2.json", map.get("vendor_data"));
    putDocument(files, "user_data", map.get("user_data"));

    long size = files.values().stream().mapToLong(f -> f.length).sum();
    if (size > MAX_BYTES) {
      throw tooBig("The config drive's files have " + size + " bytes");
    }
    IsoImage iso = new IsoImage(LABEL, PUBLISHER, time);
    files.forEach(
        (name, bytes) -> {
          IsoContent content = IsoContent.of(bytes);
          VERSIONS.forEach(version -> iso.add("openstack/" + version + "/" + name, content));
        });
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      iso.writeTo(Channels.newChannel(gzip));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return checked(Base64.getEncoder().encodeToString(packed.toByteArray()));
  }

  private static Map<String, @Nullable Object> metaData(@Nullable Object given, NodeInfo node) {
    Map<String, @Nullable Object> metaData = new LinkedHashMap<>();
    if (given instanceof Map<?, ?> map) {
      map.forEach((key, value) -> metaData.put(String.valueOf(key), value));
    } else if (given != null) {
      throw DriverException.invalid(
          "The config drive's meta_data must be a map; got " + given.getClass().getSimpleName());
    }
    metaData.putIfAbsent("uuid", node.uuid());
    if (node.name() != null) {
      metaData.putIfAbsent("name", node.name());
    }
    return metaData;
  }

  private void putDocument(Map<String, byte[]> files, String name, @Nullable Object document) {
    switch (document) {
      case null -> {}
      case String text when text.isEmpty() -> {}
      case String text -> files.put(name, text.getBytes(StandardCharsets.UTF_8));
      default -> files.put(name, json.writeValueAsBytes(document));
    }
  }

  /** A drive is unpacked once to know its size: the agent would fail with it much later. */
  private static String checked(String encoded) {
    long size;
    try (InputStream packed =
            Base64.getMimeDecoder()
                .wrap(new ByteArrayInputStream(encoded.getBytes(StandardCharsets.US_ASCII)));
        InputStream medium = new GZIPInputStream(packed)) {
      OutputStream counted = OutputStream.nullOutputStream();
      size = medium.transferTo(counted);
    } catch (IOException | IllegalArgumentException e) {
      throw new DriverException(
          DriverException.Kind.INVALID_PARAMETER,
          "The config drive is neither a URL nor base64 of gzip-compressed data: " + e.getMessage(),
          e);
    }
    if (size > MAX_BYTES) {
      throw tooBig("The config drive has " + size + " bytes");
    }
    return encoded;
  }

  private static DriverException tooBig(String what) {
    return DriverException.invalid(
        what
            + ", but the agent stores at most "
            + MAX_BYTES
            + " (64 MiB); put large data behind a URL that the instance fetches itself");
  }
}
