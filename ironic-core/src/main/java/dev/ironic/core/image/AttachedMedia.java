package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The images that operators put into virtual devices of nodes. Thread-safe. */
final class AttachedMedia {

  private static final List<String> DEVICE_TYPES = List.of("cdrom", "disk", "floppy");

  private final ImageFetcher fetcher;
  private final Publisher publisher;
  private final Optional<ImageCache> cache;

  AttachedMedia(ImageFetcher fetcher, Publisher publisher, Optional<ImageCache> cache) {
    this.fetcher = fetcher;
    this.publisher = publisher;
    this.cache = cache;
  }

  /** Fetches and publishes an image, or leaves a web address as it is where the BMC fetches it. */
  URI publish(NodeInfo node, String deviceType, String imageUrl, String downloadSource) {
    ImageReference image = ImageReference.parse(imageUrl, "image_url");
    switch (downloadSource) {
      case "http" -> {
        if (image instanceof ImageReference.Web web) {
          return web.uri();
        }
      }
      case "local" -> {}
      default ->
          throw DriverException.invalid(
              "image_download_source is '%s'; this conductor knows http and local"
                  .formatted(downloadSource));
    }
    String name = name(node, deviceType);
    URI address = publisher.mediumUrl(node, name);
    fetcher.fetch(
        image, null, cache, "", ImageFetcher.Treatment.none(), publisher.mediumFile(name));
    return address;
  }

  /** Removes the images of devices. */
  void unpublish(NodeInfo node, Collection<String> deviceTypes) {
    for (String type : deviceTypes.isEmpty() ? DEVICE_TYPES : deviceTypes) {
      Path file = publisher.mediumFile(name(node, type));
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw DriverException.failed("The medium " + file + " could not be removed: " + e, e);
      }
    }
  }

  private static String name(NodeInfo node, String deviceType) {
    // Some BMCs refuse an image whose name does not end as its kind of device wants it.
    return "%s-%s.%s"
        .formatted(deviceType, node.uuid(), deviceType.equals("cdrom") ? "iso" : "img");
  }
}
