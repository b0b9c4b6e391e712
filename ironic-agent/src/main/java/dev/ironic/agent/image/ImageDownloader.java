package dev.ironic.agent.image;

import dev.ironic.agent.AgentOptions;
import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.http.WebClient;
import dev.ironic.agent.ironic.NodeContext;
import dev.ironic.agent.system.Sleeper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings images, as often as it takes, and believes only what has the right checksum. */
public final class ImageDownloader {

  private static final Logger log = LoggerFactory.getLogger(ImageDownloader.class);

  private final WebClient client;
  private final AgentOptions.Downloads options;
  private final NodeContext node;
  private final InstantSource clock;
  private final Sleeper sleeper;

  /** Creates it. */
  public ImageDownloader(
      WebClient client,
      AgentOptions.Downloads options,
      NodeContext node,
      InstantSource clock,
      Sleeper sleeper) {
    this.client = client;
    this.options = options;
    this.node = node;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * Brings an image into a sink. The sink is begun anew whenever the image must be sent from its
   * start again.
   *
   * @return the number of bytes
   * @throws AgentException if it can't be had, or its checksum is wrong
   */
  long fetch(ImageInfo image, Transfer.Sink sink) throws IOException, InterruptedException {
    Checksum expected = checksum(image);
    Transfer transfer = null;
    MessageDigest digest = expected.start();
    Instant deadline =
        options.maxDuration().isZero() ? null : clock.instant().plus(options.maxDuration());
    URI url = image.urls().getFirst();
    String lastWrong = null;
    for (int attempt = 0; ; attempt++) {
      if (transfer == null || !transfer.resumable()) {
        url = image.urls().get(attempt % image.urls().size());
        digest.reset();
        transfer = new Transfer(client, image, url, sink, digest, clock, deadline);
      }
      AgentException failure;
      try {
        transfer.run();
        String actual = Checksum.hex(digest);
        if (actual.equals(expected.hex())) {
          log.info("image {}: {} bytes, {} matches", image.id(), transfer.position(), expected);
          return transfer.position();
        }
        failure = mismatch(image, url, expected, actual);
        if (actual.equals(lastWrong)) {
          // The same wrong sum twice: the image is another one, not a damaged one.
          throw failure;
        }
        lastWrong = actual;
        transfer = null;
      } catch (Transfer.Broken e) {
        failure = new AgentException(ErrorKind.IMAGE_DOWNLOAD, String.valueOf(e.getMessage()), e);
      }
      if (attempt >= options.retries()) {
        throw failure;
      }
      log.warn("{}; next try in {} s", failure.getMessage(), options.pause().toSeconds());
      sleeper.sleep(options.pause());
    }
  }

  /**
   * The whole of something small behind a URL.
   *
   * @param limit most bytes it may have
   * @throws AgentException if it can't be had
   */
  public byte[] fetchSmall(URI url, int limit) throws InterruptedException {
    @Nullable IOException failure = null;
    for (int attempt = 0; attempt <= options.retries(); attempt++) {
      if (attempt > 0) {
        sleeper.sleep(options.pause());
      }
      try (WebClient.Download download =
          client.download(url, java.util.Map.of(), java.net.Proxy.NO_PROXY)) {
        if (download.status() == 200) {
          byte[] bytes = download.body().readNBytes(limit + 1);
          if (bytes.length > limit) {
            throw new AgentException(
                ErrorKind.IMAGE_DOWNLOAD,
                ImageInfo.shown(url) + " has more than " + limit + " bytes");
          }
          return bytes;
        }
        failure =
            new IOException(ImageInfo.shown(url) + " answered with HTTP " + download.status());
        if (download.status() < 500) {
          break;
        }
      } catch (IOException e) {
        failure = e;
      }
    }
    throw new AgentException(
        ErrorKind.IMAGE_DOWNLOAD,
        ImageInfo.shown(url) + " can't be downloaded: " + failure,
        failure);
  }

  private Checksum checksum(ImageInfo image) throws InterruptedException {
    URI url = image.checksumUrl();
    if (url == null) {
      return image.checksum();
    }
    String file = new String(fetchSmall(url, 4 << 20), StandardCharsets.UTF_8);
    String path = image.urls().getFirst().getPath();
    String sum =
        Checksum.find(file, path.substring(path.lastIndexOf('/') + 1), ImageInfo.shown(url));
    Checksum checksum = Checksum.byLength(sum);
    ImageInfo.refuseMd5(checksum, image.id(), node.md5Allowed());
    return checksum;
  }

  private static AgentException mismatch(
      ImageInfo image, URI url, Checksum expected, String actual) {
    return new AgentException(
        ErrorKind.IMAGE_CHECKSUM,
        "image %s from %s has the %s checksum %s, expected %s"
            .formatted(
                image.id(), ImageInfo.shown(url), expected.algorithm(), actual, expected.hex()));
  }
}
