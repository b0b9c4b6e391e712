package dev.ironic.driver;

import java.net.URI;
import java.nio.file.Path;

/**
 * The files that machines load over the network by themselves, before anything of ours runs on
 * them. Files are named by their path below the folder that is served, with slashes; folders are
 * made as needed. Thread-safe; methods block. Failures are {@link DriverException}s that name the
 * file and the cause.
 */
public interface BootFiles {

  /** How the files are served. */
  enum Service {
    /** From {@code [pxe] tftp_root}. */
    TFTP,
    /** From {@code [deploy] http_root}. */
    HTTP
  }

  /**
   * Puts an image in place, by way of the conductor's cache.
   *
   * @param image an address, as in {@code driver_info}
   */
  void fetch(String image, String file);

  /** Copies a file of this host; for boot loaders, which an operator has installed. */
  void copy(Path source, String file);

  /** Writes a text file; whoever reads meanwhile gets the old text or the new one. */
  void write(String file, String text);

  /** Makes a symbolic link, relative, in place of what has the name. */
  void link(String file, String target);

  /** Removes a file, a link, or a folder with all that is in it; nothing where nothing is. */
  void remove(String file);

  /**
   * The address of a file on the web server.
   *
   * @param file empty for the folder
   * @throws DriverException when nothing serves the files over HTTP
   */
  URI url(String file);
}
