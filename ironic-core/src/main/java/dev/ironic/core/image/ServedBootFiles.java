package dev.ironic.core.image;

import dev.ironic.driver.BootFiles;
import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Boot files in a folder that somebody serves. Thread-safe.
 *
 * @param root the folder
 * @param url where it is served over HTTP; empty where it is not
 * @param fetcher gets the images
 * @param cache where they are kept
 * @param fileMode permission bits of files
 * @param folderMode permission bits of folders; empty to leave them
 */
record ServedBootFiles(
    Path root,
    Optional<URI> url,
    ImageFetcher fetcher,
    Optional<ImageCache> cache,
    int fileMode,
    Optional<Integer> folderMode)
    implements BootFiles {

  @FunctionalInterface
  private interface Content {
    void make(Path part) throws IOException;
  }

  @Override
  public void fetch(String image, String file) {
    replaceFile(
        file,
        part ->
            fetcher.fetch(
                ImageReference.parse(image, "the image of the boot file " + file),
                null,
                cache,
                "",
                ImageFetcher.Treatment.none(),
                part));
  }

  @Override
  public void copy(Path source, String file) {
    replaceFile(file, part -> Files.copy(source, part));
  }

  @Override
  public void write(String file, String text) {
    if (!holds(inside(file), text)) {
      replaceFile(file, part -> Files.writeString(part, text));
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.readString(file).equals(text);
    } catch (IOException e) {
      return false; // whatever it is, it is not this text
    }
  }

  @Override
  public void link(String file, String target) {
    Path relative = parent(inside(file)).relativize(inside(target));
    replace(file, part -> Files.createSymbolicLink(part, relative));
  }

  @Override
  public void remove(String file) {
    Path path = inside(file);
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        ImageCache.deleteTree(path);
      } else {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw DriverException.failed("The boot file " + path + " could not be removed: " + e, e);
    }
  }

  @Override
  public URI url(String file) {
    return URI.create(url.orElseThrow(Publisher::nothingServes) + "/" + file);
  }

  private void replaceFile(String file, Content content) {
    replace(
        file,
        part -> {
          content.make(part);
          Permissions.set(part, fileMode);
        });
  }

  /** Makes a file under another name and moves it: a machine may be loading the one before. */
  private void replace(String file, Content content) {
    Path target = inside(file);
    try {
      makeFolders(parent(target));
      Path part = part(target);
      try {
        content.make(part);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw DriverException.failed(
          "The boot file %s could not be put in place: %s; the folder %s must be writable"
              .formatted(target, e, root),
          e);
    }
  }

  private void makeFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getParent() != null) {
      makeFolders(folder.getParent());
    }
    Files.createDirectories(folder);
    if (folderMode.isPresent() && folder.startsWith(root)) {
      Permissions.set(folder, folderMode.get());
    }
  }

  /** The folder of a file below the root. */
  private static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent(), file::toString);
  }

  /** A name next to the target that no server and no other thread uses. */
  private static Path part(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
  }

  private Path inside(String file) {
    Path path = root.resolve(file).normalize();
    if (!path.startsWith(root.normalize()) || path.equals(root.normalize())) {
      throw DriverException.invalid("'" + file + "' does not lie below " + root);
    }
    return path;
  }
}
