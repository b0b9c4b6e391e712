package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Gets images from where they are to where they are needed, by way of the caches. Thread-safe. */
final class ImageFetcher {

  private final ImageOptions options;
  private final WebImages web;
  private final Semaphore downloads;

  ImageFetcher(ImageOptions options, WebImages web) {
    this.options = options;
    this.web = web;
    this.downloads = new Semaphore(Math.max(1, options.downloads()));
  }

  /**
   * What is done with an image on its way into the cache. It may be a link to an original that must
   * stay as it is: a change is made by moving another file over it.
   */
  @FunctionalInterface
  interface Treatment {
    void treat(Path fetched) throws IOException;

    /** Nothing. */
    static Treatment none() {
      return fetched -> {};
    }
  }

  /**
   * A file with the image's content: for local images the image itself.
   *
   * @param target where it is put if it has to be fetched
   */
  Path file(ImageReference image, Optional<ImageCache> cache, Path target) {
    return switch (image) {
      case ImageReference.Local local -> local.resolve(options.fileUrlAllowedPaths());
      case ImageReference.Web remote -> {
        fetch(remote, null, cache, "", Treatment.none(), target);
        yield target;
      }
    };
  }

  /**
   * Puts an image at a place.
   *
   * @param checksum what it must add up to; null for no check
   * @param variant tells cached forms of the same image apart
   * @param treatment checks or changes the file before it is cached
   * @param target replaced if it exists
   */
  void fetch(
      ImageReference image,
      @Nullable Checksum checksum,
      Optional<ImageCache> cache,
      String variant,
      Treatment treatment,
      Path target) {
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      switch (image) {
        case ImageReference.Local local -> copyLocal(local, checksum, treatment, target);
        case ImageReference.Web remote -> {
          WebImages.Head head = web.head(remote);
          ImageCache.Source source = part -> download(remote, checksum, treatment, part);
          if (cache.isPresent() && head.cacheable()) {
            // An image that is expected to have another content is another image.
            String sum = checksum == null ? "" : "." + checksum.hex().substring(0, 16);
            cache
                .get()
                .provide(
                    ImageCache.key(remote.text()) + sum + variant,
                    cachedAt -> head.modified().filter(m -> !m.isAfter(cachedAt)).isPresent(),
                    source,
                    target);
          } else {
            Files.deleteIfExists(target);
            source.fetchTo(target);
          }
        }
      }
    } catch (IOException e) {
      throw DriverException.failed(
          "The image " + image.text() + " could not be stored as " + target + ": " + e, e);
    }
  }

  private void copyLocal(
      ImageReference.Local local, @Nullable Checksum checksum, Treatment treatment, Path target)
      throws IOException {
    Path real = local.resolve(options.fileUrlAllowedPaths());
    if (checksum != null && options.verify()) {
      checksum.verify(digest(real, checksum.algorithm()), local.text());
    }
    ImageCache.link(real, target);
    treatment.treat(target);
  }

  private void download(
      ImageReference.Web remote, @Nullable Checksum checksum, Treatment treatment, Path part)
      throws IOException {
    acquire(remote);
    try {
      MessageDigest digest =
          (checksum == null ? Checksum.Algorithm.SHA256 : checksum.algorithm()).digest();
      byte[] computed = web.download(remote, part, digest);
      if (checksum != null && options.verify()) {
        checksum.verify(computed, remote.text());
      }
      treatment.treat(part);
    } finally {
      downloads.release();
    }
  }

  private void acquire(ImageReference image) {
    try {
      downloads.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.failed("Interrupted while waiting to download " + image.text(), e);
    }
  }

  /** Computes the digest of a file. */
  static byte[] digest(Path file, Checksum.Algorithm algorithm) throws IOException {
    MessageDigest digest = algorithm.digest();
    try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
      content.transferTo(OutputStream.nullOutputStream());
    }
    return digest.digest();
  }
}
