package dev.ironic.core.image;

import dev.ironic.core.image.Checksum.Algorithm;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images that are deployed: from a node's settings to what its agent is told. Thread-safe. */
final class InstanceImages {

  private static final Logger log = LoggerFactory.getLogger(InstanceImages.class);

  /** Settings of partition images, which the agent takes as they are. */
  private static final List<String> PARTITION_KEYS =
      List.of(
          "kernel",
          "ramdisk",
          "root_gb",
          "root_mb",
          "swap_mb",
          "ephemeral_gb",
          "ephemeral_mb",
          "ephemeral_format",
          "preserve_ephemeral");

  private final ImageOptions options;
  private final ImageFetcher fetcher;
  private final WebImages web;
  private final Publisher publisher;
  private final Optional<ImageCache> cache;
  private final Optional<RawConversion> conversion;

  InstanceImages(
      ImageOptions options,
      ImageFetcher fetcher,
      WebImages web,
      Publisher publisher,
      Optional<ImageCache> cache,
      Optional<RawConversion> conversion) {
    this.options = options;
    this.fetcher = fetcher;
    this.web = web;
    this.publisher = publisher;
    this.cache = cache;
    this.conversion = conversion;
  }

  /** What is wrong with the settings, as far as that can be told without looking at the image. */
  void validate(NodeInfo node) {
    ImageReference image = reference(node);
    downloadSource(node);
    if (image instanceof ImageReference.Local local) {
      local.resolve(options.fileUrlAllowedPaths());
      return;
    }
    boolean hashed =
        text(node, "image_os_hash_algo").isPresent()
            && text(node, "image_os_hash_value").isPresent();
    Optional<String> plain = text(node, "image_checksum");
    if (!hashed && plain.isEmpty()) {
      throw DriverException.missing(
          "The image of node "
              + node.uuid()
              + " comes from a web server, so instance_info needs image_checksum, or both"
              + " image_os_hash_algo and image_os_hash_value");
    }
    if (hashed || !plain.filter(InstanceImages::isUrl).isPresent()) {
      givenChecksum(node);
    }
  }

  /** Makes the image available and describes it. */
  Map<String, @Nullable Object> prepare(NodeInfo node) {
    ImageReference image = reference(node);
    Optional<Checksum> checksum = checksum(node, image);
    boolean publish = image instanceof ImageReference.Local || downloadSource(node).equals("local");
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    info.put("id", image.fileName());
    info.put("node_uuid", node.uuid());
    info.put("stream_raw_images", options.streamRaw());
    info.put("container_format", text(node, "image_container_format").orElse("bare"));
    if (publish) {
      published(node, image, checksum, info);
    } else {
      passedThrough(node, (ImageReference.Web) image, checksum, info);
    }
    text(node, "image_type").ifPresent(type -> info.put("image_type", type));
    if (text(node, "image_type").filter("partition"::equals).isPresent()) {
      for (String key : PARTITION_KEYS) {
        if (node.instanceInfo().get(key) != null) {
          info.put(key, node.instanceInfo().get(key));
        }
      }
    }
    proxies(node, info);
    return info;
  }

  /** Removes what was published for a node. */
  void cleanUp(NodeInfo node) {
    Path file = publisher.imageFile(options.imageFolder(), node.uuid());
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw DriverException.failed(
          "The published image " + file + " could not be removed: " + e, e);
    }
  }

  private void passedThrough(
      NodeInfo node,
      ImageReference.Web image,
      Optional<Checksum> checksum,
      Map<String, @Nullable Object> info) {
    WebImages.Head head = web.head(image);
    String format = text(node, "image_disk_format").orElse("");
    if (options.alwaysInspect()) {
      Path file = publisher.imageFile(options.imageFolder(), node.uuid() + ".inspected");
      fetcher.fetch(
          image, checksum.orElse(null), cache, "", fetched -> inspect(fetched, image, node), file);
      delete(file);
    }
    if (!format.equals("raw") || !options.streamRaw()) {
      checkMemory(node, image, head.size());
    }
    info.put("urls", List.of(head.uri().toString()));
    info.put("disk_format", format.isEmpty() ? null : format);
    describe(checksum, info);
    options
        .web()
        .user()
        .ifPresent(
            user -> {
              info.put("image_server_auth_strategy", "http_basic");
              info.put("image_server_user", user);
              options
                  .web()
                  .password()
                  .ifPresent(password -> info.put("image_server_password", password.reveal()));
            });
  }

  private void published(
      NodeInfo node,
      ImageReference image,
      Optional<Checksum> checksum,
      Map<String, @Nullable Object> info) {
    Path file = publisher.imageFile(options.imageFolder(), node.uuid());
    boolean wantsRaw = options.forceRaw() && options.streamRaw();
    fetcher.fetch(
        image,
        checksum.orElse(null),
        cache,
        wantsRaw ? ".converted" : "",
        fetched -> {
          DiskFormat format = inspect(fetched, image, node);
          if (wantsRaw && convertible(format)) {
            toRaw(fetched, format, image);
          }
        },
        file);
    try {
      DiskFormat format = DiskFormat.inspect(file, image.text());
      boolean changed = isConverted(node, format);
      boolean recompute =
          checksum.isEmpty() || changed; // the given one is that of the file before conversion
      describe(recompute ? Optional.of(computed(file, checksum)) : checksum, info);
      info.put("disk_format", format == DiskFormat.GPT ? "raw" : format.wireName());
    } catch (IOException e) {
      throw DriverException.failed("The image " + file + " could not be read: " + e, e);
    }
    info.put("urls", List.of(publisher.imageUrl(options.imageFolder(), node.uuid()).toString()));
  }

  private static boolean convertible(DiskFormat format) {
    return switch (format) {
      case RAW, GPT, ISO -> false;
      case QCOW2, VMDK, VHD, VHDX, VDI, QED, LUKS -> true;
    };
  }

  /** Whether an image that is raw now was something else when its checksum was made. */
  private static boolean isConverted(NodeInfo node, DiskFormat now) {
    String declared = text(node, "image_disk_format").orElse("");
    boolean raw = now == DiskFormat.RAW || now == DiskFormat.GPT;
    return raw && !declared.equals("raw");
  }

  private void toRaw(Path file, DiskFormat format, ImageReference image) throws IOException {
    if (conversion.isEmpty()) {
      log.warn(
          "[DEFAULT] force_raw_images is set but qemu-img is not installed: {} is passed on as {}",
          image.text(),
          format.wireName());
      return;
    }
    conversion.get().convert(file, format);
    DiskFormat result = DiskFormat.inspect(file, image.text());
    if (convertible(result)) {
      throw DriverException.invalid(
          "The image " + image.text() + " holds a " + result.wireName() + " image inside");
    }
  }

  private DiskFormat inspect(Path file, ImageReference image, NodeInfo node) throws IOException {
    return options.inspect()
        ? DiskFormat.check(
            file, image.text(), text(node, "image_disk_format").orElse(""), options.formats())
        : DiskFormat.inspect(file, image.text());
  }

  private static Checksum computed(Path file, Optional<Checksum> given) throws IOException {
    Algorithm algorithm =
        given.map(Checksum::algorithm).filter(a -> a != Algorithm.MD5).orElse(Algorithm.SHA256);
    return Checksum.of(algorithm, HexFormat.of().formatHex(ImageFetcher.digest(file, algorithm)));
  }

  private static void describe(Optional<Checksum> checksum, Map<String, @Nullable Object> info) {
    checksum.ifPresent(
        sum -> {
          info.put("checksum", sum.hex());
          info.put("os_hash_algo", sum.algorithm().wireName());
          info.put("os_hash_value", sum.hex());
        });
  }

  private Optional<Checksum> checksum(NodeInfo node, ImageReference image) {
    Optional<String> plain = text(node, "image_checksum");
    boolean hashed =
        text(node, "image_os_hash_algo").isPresent()
            && text(node, "image_os_hash_value").isPresent();
    Optional<Checksum> checksum =
        !hashed && plain.filter(InstanceImages::isUrl).isPresent()
            ? Optional.of(fromFile(plain.get(), image))
            : givenChecksum(node);
    refuseMd5(checksum);
    return checksum;
  }

  private Optional<Checksum> givenChecksum(NodeInfo node) {
    Optional<String> algorithm = text(node, "image_os_hash_algo");
    Optional<String> value = text(node, "image_os_hash_value");
    Optional<Checksum> checksum =
        algorithm.isPresent() && value.isPresent()
            ? Optional.of(Checksum.of(Checksum.algorithm(algorithm.get()), value.get()))
            : text(node, "image_checksum").map(Checksum::parse);
    refuseMd5(checksum);
    return checksum;
  }

  private Checksum fromFile(String url, ImageReference image) {
    if (!options.checksumFiles()) {
      throw DriverException.invalid(
          "image_checksum is the URL "
              + url
              + ", but [conductor] disable_support_for_checksum_files is set; give the value");
    }
    if (!(ImageReference.parse(url, "image_checksum") instanceof ImageReference.Web file)) {
      throw DriverException.invalid("image_checksum must be a value or an http(s) URL");
    }
    return Checksum.fromFile(web.lines(file), image.fileName(), file.text());
  }

  private void refuseMd5(Optional<Checksum> checksum) {
    if (!options.md5() && checksum.filter(c -> c.algorithm() == Algorithm.MD5).isPresent()) {
      throw DriverException.invalid(
          "The image's checksum is an MD5 one, and [agent] allow_md5_checksum is off; give"
              + " image_os_hash_algo and image_os_hash_value");
    }
  }

  private void checkMemory(NodeInfo node, ImageReference image, OptionalLong size) {
    Object memory = node.properties().get("memory_mb");
    if (memory == null || size.isEmpty() || !memory.toString().matches("\\d{1,9}")) {
      return;
    }
    long megabytes = size.getAsLong() >> 20;
    long needed = megabytes + options.agentMemory();
    if (needed > Long.parseLong(memory.toString())) {
      throw DriverException.invalid(
          "The image "
              + image.text()
              + " needs "
              + needed
              + " MiB in the agent's memory with the agent itself, but the node has "
              + memory
              + "; use a raw image with [agent] stream_raw_images");
    }
  }

  private static void proxies(NodeInfo node, Map<String, @Nullable Object> info) {
    Map<String, Object> proxies = new LinkedHashMap<>();
    for (String kind : List.of("http", "https")) {
      node.driverInfoText("image_" + kind + "_proxy").ifPresent(url -> proxies.put(kind, url));
    }
    if (!proxies.isEmpty()) {
      info.put("proxies", proxies);
      node.driverInfoText("image_no_proxy").ifPresent(hosts -> info.put("no_proxy", hosts));
    }
  }

  private String downloadSource(NodeInfo node) {
    String source =
        text(node, "image_download_source")
            .or(() -> node.driverInfoText("image_download_source"))
            .orElse(options.instanceSource());
    if (!source.equals("http") && !source.equals("local")) {
      throw DriverException.invalid(
          "image_download_source is '" + source + "'; this conductor knows http and local");
    }
    return source;
  }

  private static ImageReference reference(NodeInfo node) {
    return text(node, "image_source")
        .map(source -> ImageReference.parse(source, "instance_info.image_source"))
        .orElseThrow(
            () ->
                DriverException.missing(
                    "Node "
                        + node.uuid()
                        + " failed to validate deploy image info. Some parameters were missing."
                        + " Missing are: ['instance_info.image_source']"));
  }

  private static boolean isUrl(String text) {
    return text.startsWith("http://") || text.startsWith("https://");
  }

  private static Optional<String> text(NodeInfo node, String key) {
    return Optional.ofNullable(node.instanceInfo().get(key))
        .map(Object::toString)
        .filter(text -> !text.isEmpty());
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("{} could not be removed: {}", file, e.toString());
    }
  }
}
