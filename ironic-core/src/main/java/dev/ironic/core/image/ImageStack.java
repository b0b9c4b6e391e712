package dev.ironic.core.image;

import dev.ironic.driver.BootFiles;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.ImageService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that a conductor needs for images, put together from its configuration. Thread-safe.
 *
 * <p>Files for machines go to {@code [deploy] http_root}, which somebody serves at {@code [deploy]
 * http_url}. Where that is not set, this serves the files itself if {@code [deploy]
 * http_server_port} is set (0 takes a free port), listening on {@code http_server_bind} (all
 * addresses) and advertising {@code http_server_advertise} ({@code [DEFAULT] my_ip}). Without
 * either, only images that machines can fetch from elsewhere work.
 */
public final class ImageStack implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ImageStack.class);

  private final ImageService images;
  private final List<ImageCache> caches;
  private final WebImages web;
  private final @Nullable ImageServer server;
  private final Optional<URI> url;

  private ImageStack(
      ImageService images,
      List<ImageCache> caches,
      WebImages web,
      @Nullable ImageServer server,
      Optional<URI> url) {
    this.images = images;
    this.caches = caches;
    this.web = web;
    this.server = server;
    this.url = url;
  }

  /** The folders of images that were fetched. */
  private record Caches(
      Optional<ImageCache> images, Optional<ImageCache> media, Optional<ImageCache> ramdisks) {

    static Caches of(ImageOptions options, Clock clock) {
      return new Caches(
          options.masterImages().map(f -> new ImageCache(f, options.imageCache(), clock)),
          options.masterMedia().map(f -> new ImageCache(f, options.mediaCache(), clock)),
          options.masterRamdisks().map(f -> new ImageCache(f, options.imageCache(), clock)));
    }

    List<ImageCache> all() {
      return Stream.of(images, media, ramdisks).flatMap(Optional::stream).toList();
    }
  }

  /**
   * Starts it.
   *
   * @param stateDir where files are kept whose folders the configuration leaves at their defaults,
   *     unless it names a web server
   * @throws dev.ironic.driver.DriverException when an option has a wrong value
   * @throws java.io.UncheckedIOException when the built-in server cannot start
   */
  public static ImageStack start(DriverConfig config, Path stateDir, Clock clock) {
    ImageOptions options = ImageOptions.from(config, stateDir);
    WebImages web = new WebImages(options.web());
    try {
      ImageServer server =
          options.httpUrl().isEmpty() && options.serverPort().isPresent()
              ? ImageServer.start(
                  options.httpRoot(),
                  new InetSocketAddress(options.serverBind(), options.serverPort().get()),
                  options.serverAdvertise())
              : null;
      Optional<URI> url = server == null ? options.httpUrl() : Optional.of(server.url());
      Caches caches = Caches.of(options, clock);
      ImageService images =
          service(options, RamdiskChoice.from(config), web, url, caches, stateDir, clock);
      return new ImageStack(images, caches.all(), web, server, url);
    } catch (RuntimeException e) {
      web.close();
      throw e;
    }
  }

  private static ImageService service(
      ImageOptions options,
      RamdiskChoice ramdisks,
      WebImages web,
      Optional<URI> url,
      Caches caches,
      Path stateDir,
      Clock clock) {
    JsonMapper json = JsonMapper.shared();
    ImageFetcher fetcher = new ImageFetcher(options, web);
    Publisher publisher =
        new Publisher(options.httpRoot(), url, options.externalHttpUrl(), options.mode());
    BootMedia media =
        new BootMedia(
            options,
            ramdisks,
            fetcher,
            publisher,
            caches.media(),
            caches.ramdisks(),
            stateDir.resolve("work"),
            json,
            clock);
    InstanceImages instances =
        new InstanceImages(options, fetcher, web, publisher, caches.images(), RawConversion.find());
    return new ConductorImages(
        ramdisks,
        Map.of(
            BootFiles.Service.TFTP,
            bootFiles(options, options.tftpRoot(), Optional.empty(), fetcher, caches.ramdisks()),
            BootFiles.Service.HTTP,
            bootFiles(options, options.httpRoot(), url, fetcher, caches.ramdisks())),
        media,
        new AttachedMedia(fetcher, publisher, caches.media()),
        instances,
        new ConfigDrive(json),
        clock);
  }

  private static ServedBootFiles bootFiles(
      ImageOptions options,
      Path root,
      Optional<URI> url,
      ImageFetcher fetcher,
      Optional<ImageCache> cache) {
    return new ServedBootFiles(
        root.toAbsolutePath(),
        url,
        fetcher,
        cache,
        options.bootFileMode(),
        options.bootFolderMode());
  }

  /** What drivers use. */
  public ImageService images() {
    return images;
  }

  /** Drops cached images that nobody uses and that are too old or too many. */
  public void trimCaches() {
    for (ImageCache cache : caches) {
      try {
        cache.cleanUp();
      } catch (IOException e) {
        log.warn("{} cannot be trimmed: {}", cache, e.toString());
      }
    }
  }

  /** Where published files are found, or empty when nothing serves them. */
  public Optional<URI> url() {
    return url;
  }

  /** Stops the built-in server and open downloads. Published files stay for those who need them. */
  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    web.close();
  }
}
