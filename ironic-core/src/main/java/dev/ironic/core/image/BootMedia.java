package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.KernelLine;
import dev.ironic.driver.NodeInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;

/** The media that nodes boot the deployment agent from. Thread-safe. */
final class BootMedia {

  private static final String CA_FILE = "etc/ironic-python-agent/ironic.crt";
  private static final String CA_SETTING = "etc/ironic-python-agent.d/ironic-tls.conf";
  private static final String API_URL = "ipa-api-url";

  private final ImageOptions options;
  private final RamdiskChoice choice;
  private final ImageFetcher fetcher;
  private final Publisher publisher;
  private final Optional<ImageCache> media;
  private final Optional<ImageCache> ramdisks;
  private final Path workFolder;
  private final ObjectMapper json;
  private final Clock clock;

  BootMedia(
      ImageOptions options,
      RamdiskChoice choice,
      ImageFetcher fetcher,
      Publisher publisher,
      Optional<ImageCache> media,
      Optional<ImageCache> ramdisks,
      Path workFolder,
      ObjectMapper json,
      Clock clock) {
    this.options = options;
    this.choice = choice;
    this.fetcher = fetcher;
    this.publisher = publisher;
    this.media = media;
    this.ramdisks = ramdisks;
    this.workFolder = workFolder;
    this.json = json;
    this.clock = clock;
  }

  /** Builds and publishes a node's medium, or publishes the one it was given. */
  URI publish(NodeInfo node, Map<String, @Nullable String> parameters) {
    Optional<String> finished = node.driverInfoText("deploy_iso");
    if (finished.isPresent()) {
      return publishFinished(node, ImageReference.parse(finished.get(), "driver_info.deploy_iso"));
    }
    ImageService.Ramdisk chosen = choice.ramdisk(node, ImageService.RamdiskUse.DEPLOY);
    ImageReference kernel = ImageReference.parse(chosen.kernel(), "deploy_kernel");
    ImageReference ramdisk = ImageReference.parse(chosen.initramfs(), "deploy_ramdisk");
    ImageReference loader = ImageReference.parse(choice.bootloader(node), "bootloader");
    String publication = UUID.randomUUID().toString();
    Path target = publisher.mediumFile(name(node));
    Path part = target.resolveSibling(name(node) + "." + publication + ".part");
    Path work = workFolder.resolve(node.uuid() + "-" + publication);
    try {
      Files.createDirectories(work);
      Files.createDirectories(publisher.mediumFile("."));
      try {
        new BootIso(
                fetcher.file(kernel, ramdisks, work.resolve("vmlinuz")),
                fetcher.file(ramdisk, ramdisks, work.resolve("initrd")),
                fetcher.file(loader, ramdisks, work.resolve("efiboot.img")),
                options.grubConfigPath(),
                kernelLine(node, parameters, publication),
                publication,
                extraFiles(node))
            .writeTo(part, clock.instant());
        // The old medium may be in use by a BMC: it keeps its file, new readers get the new one.
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        publisher.open(target);
      } finally {
        Files.deleteIfExists(part);
        ImageCache.deleteTree(work);
      }
    } catch (IOException e) {
      throw DriverException.failed(
          "The boot medium of node " + node.uuid() + " could not be built: " + e, e);
    }
    return publisher.mediumUrl(node, name(node));
  }

  /** Removes a node's medium. */
  void unpublish(NodeInfo node) {
    Path file = publisher.mediumFile(name(node));
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw DriverException.failed("The boot medium " + file + " could not be removed: " + e, e);
    }
  }

  private URI publishFinished(NodeInfo node, ImageReference medium) {
    if (medium instanceof ImageReference.Web web && options.mediaSource().equals("http")) {
      return web.uri();
    }
    Path target = publisher.mediumFile(name(node));
    fetcher.fetch(medium, null, media, "", ImageFetcher.Treatment.none(), target);
    return publisher.mediumUrl(node, name(node));
  }

  private static String name(NodeInfo node) {
    return "boot-" + node.uuid() + ".iso";
  }

  private KernelLine kernelLine(
      NodeInfo node, Map<String, @Nullable String> parameters, String publication) {
    Map<String, @Nullable String> named = new LinkedHashMap<>();
    named.put("ir_pub_id", publication);
    named.putAll(parameters);
    options.externalCallbackUrl().ifPresent(url -> named.put(API_URL, url.toString()));
    return KernelLine.forNode(node, options.kernelAppendParams(), named);
  }

  private Map<String, byte[]> extraFiles(NodeInfo node) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (options.apiCaFile().isPresent()) {
      files.put(CA_FILE, Files.readAllBytes(options.apiCaFile().get()));
      files.put(
          CA_SETTING, ("[DEFAULT]\ncafile = /" + CA_FILE + "\n").getBytes(StandardCharsets.UTF_8));
    }
    boolean dhcp = options.dhcpForInspection() && node.provisionStateName().startsWith("inspect");
    if (!node.networkData().isEmpty() && !dhcp) {
      files.put("openstack/latest/network_data.json", json.writeValueAsBytes(node.networkData()));
    }
    return files;
  }
}
