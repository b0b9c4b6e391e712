package dev.ironic.core.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of images that were fetched, shared by all nodes through hard links: a link elsewhere
 * keeps an image's space but not its place here. Thread-safe; each image is fetched once however
 * many ask for it.
 */
final class ImageCache {

  private static final Logger log = LoggerFactory.getLogger(ImageCache.class);
  private static final UUID URL_NAMESPACE = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

  private final Path folder;
  private final Limits limits;
  private final Clock clock;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /**
   * How much is kept.
   *
   * @param bytes of unused images
   * @param age of unused images
   */
  record Limits(long bytes, Duration age) {}

  /** Fetches an image into a file that does not exist yet. */
  @FunctionalInterface
  interface Source {
    void fetchTo(Path target) throws IOException;
  }

  /** Tells whether an image that was cached at a time is still good. */
  @FunctionalInterface
  interface Freshness {
    boolean stillGood(Instant cachedAt);
  }

  ImageCache(Path folder, Limits limits, Clock clock) {
    this.folder = folder;
    this.limits = limits;
    this.clock = clock;
  }

  /** The name under which the image at an address is kept: a version 5 UUID of the address. */
  static String key(String address) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      java.nio.ByteBuffer namespace = java.nio.ByteBuffer.allocate(16);
      namespace.putLong(URL_NAMESPACE.getMostSignificantBits());
      namespace.putLong(URL_NAMESPACE.getLeastSignificantBits());
      sha1.update(namespace.array());
      java.nio.ByteBuffer hash =
          java.nio.ByteBuffer.wrap(sha1.digest(address.getBytes(StandardCharsets.UTF_8)));
      long high = (hash.getLong() & ~0xF000L) | 0x5000L;
      long low = (hash.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
      return new UUID(high, low).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Puts an image at a place, fetching it only if it is not here.
   *
   * @param key its name in the cache
   * @param target replaced if it exists
   */
  void provide(String key, Freshness freshness, Source source, Path target) throws IOException {
    Files.createDirectories(folder);
    ReentrantLock lock = locks.computeIfAbsent(key, k -> new ReentrantLock());
    lock.lock();
    try {
      Path master = folder.resolve(key);
      if (!Files.exists(master)
          || !freshness.stillGood(Files.getLastModifiedTime(master).toInstant())) {
        Path work = Files.createTempDirectory(folder, "fetch-");
        try {
          Path part = work.resolve(key + ".part");
          source.fetchTo(part);
          Files.setLastModifiedTime(part, FileTime.from(clock.instant()));
          Files.move(part, master, StandardCopyOption.REPLACE_EXISTING);
        } finally {
          deleteTree(work);
        }
      }
      link(master, target);
    } finally {
      lock.unlock();
    }
    cleanUp();
  }

  /** Drops unused images that are too old, then the least recently used until the rest fits. */
  void cleanUp() throws IOException {
    record Master(Path path, long size, Instant used) {}
    List<Master> unused = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path path : entries.filter(Files::isRegularFile).toList()) {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!isLinkedElsewhere(path)) {
          Instant modified = attributes.lastModifiedTime().toInstant();
          Instant read = attributes.lastAccessTime().toInstant();
          unused.add(new Master(path, attributes.size(), modified.isAfter(read) ? modified : read));
        }
      }
    }
    unused.sort(Comparator.comparing(Master::used));
    long total = unused.stream().mapToLong(Master::size).sum();
    Instant oldest = clock.instant().minus(limits.age());
    for (Master master : unused) {
      if (master.used().isBefore(oldest) || total > limits.bytes()) {
        drop(master.path());
        total -= master.size();
      }
    }
  }

  /** Deletes an image unless somebody is just being given it. */
  private void drop(Path master) throws IOException {
    ReentrantLock lock =
        locks.computeIfAbsent(String.valueOf(master.getFileName()), k -> new ReentrantLock());
    if (lock.tryLock()) {
      try {
        Files.deleteIfExists(master);
        log.info("Dropped {} from the image cache", master);
      } finally {
        lock.unlock();
      }
    }
  }

  private static boolean isLinkedElsewhere(Path path) throws IOException {
    try {
      return Files.getAttribute(path, "unix:nlink") instanceof Integer links && links > 1;
    } catch (UnsupportedOperationException e) {
      // Without link counts every image counts as unused: links to it live on when it is dropped.
      return false;
    }
  }

  /** Makes a file appear at a second place, as a link where the file system can. */
  static void link(Path existing, Path target) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.deleteIfExists(target);
    try {
      Files.createLink(target, existing);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(existing, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public String toString() {
    return "image cache " + folder;
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
