package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where an image is, as far as the conductor can get it there. */
sealed interface ImageReference {

  /** The address as it was given, without credentials. */
  String text();

  /** The last part of the address: a name for messages and for lines of checksum files. */
  default String fileName() {
    String path = text().replaceFirst("[?#].*$", "").replaceFirst("/+$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** On a web server. */
  record Web(URI uri) implements ImageReference {
    @Override
    public String text() {
      return uri.getRawUserInfo() == null
          ? uri.toString()
          : uri.toString().replace(uri.getRawUserInfo() + "@", "***@");
    }
  }

  /** In a folder of the conductor. */
  record Local(Path path) implements ImageReference {
    @Override
    public String text() {
      return "file://" + path;
    }

    /**
     * The file behind all links, if it may be used.
     *
     * @param allowed the folders that images may come from
     */
    Path resolve(List<Path> allowed) {
      Path real;
      try {
        real = path.toRealPath();
      } catch (IOException e) {
        throw DriverException.invalid(text() + " cannot be read by the conductor: " + e);
      }
      if (FORBIDDEN.stream().anyMatch(real::startsWith)) {
        throw DriverException.invalid(
            text() + " lies below a folder that images never come from: " + FORBIDDEN);
      }
      if (allowed.stream().noneMatch(folder -> real.startsWith(realFolder(folder)))) {
        throw DriverException.invalid(
            text()
                + " lies outside of [conductor] file_url_allowed_paths = "
                + allowed
                + "; move the image there or add its folder to the option");
      }
      if (!Files.isRegularFile(real)) {
        throw DriverException.invalid(text() + " is not a regular file");
      }
      return real;
    }

    private static Path realFolder(Path folder) {
      try {
        return folder.toRealPath();
      } catch (IOException e) {
        return folder.toAbsolutePath().normalize();
      }
    }
  }

  List<Path> FORBIDDEN =
      List.of(
          Path.of("/dev"),
          Path.of("/sys"),
          Path.of("/proc"),
          Path.of("/boot"),
          Path.of("/etc"),
          Path.of("/run"));

  Pattern UUID_TEXT =
      Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");

  /**
   * Reads a reference.
   *
   * @param what the setting it comes from, for messages
   * @throws DriverException when it is malformed or of a kind that cannot be fetched
   */
  static ImageReference parse(String reference, String what) {
    URI uri;
    try {
      uri = URI.create(reference.strip());
    } catch (IllegalArgumentException e) {
      throw DriverException.invalid(what + " is not a valid image reference: " + e.getMessage());
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "http", "https" -> {
        if (uri.getHost() == null) {
          throw DriverException.invalid(what + " '" + reference + "' names no host");
        }
        yield new Web(uri);
      }
      case "file" -> {
        if (uri.getPath() == null || !uri.getPath().startsWith("/")) {
          throw DriverException.invalid(
              what + " '" + reference + "' needs an absolute path: file:///folder/image");
        }
        yield new Local(Path.of(uri.getPath()));
      }
      case "" -> {
        if (!UUID_TEXT.matcher(reference.strip()).matches()) {
          throw DriverException.invalid(
              "Validation of image href "
                  + reference
                  + " failed, reason: Scheme-less image href is not a UUID.");
        }
        throw unsupported(what, reference, "glance");
      }
      default -> throw unsupported(what, reference, scheme);
    };
  }

  private static DriverException unsupported(String what, String reference, String kind) {
    return DriverException.invalid(
        what
            + " '"
            + reference
            + "' is a "
            + kind
            + " reference, which this conductor cannot fetch; use http://, https:// or file://");
  }
}
