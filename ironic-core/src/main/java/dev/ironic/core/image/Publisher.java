package dev.ironic.core.image;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of files that machines fetch, and the addresses they fetch them from. Thread-safe.
 *
 * @param root the folder
 * @param url where machines and agents find it; empty when nothing serves it
 * @param externalUrl where BMCs find it; empty for the same
 * @param mode permission bits of the files
 */
record Publisher(Path root, Optional<URI> url, Optional<URI> externalUrl, int mode) {

  private static final String MEDIA = "redfish";

  /** The file that a node's medium is published as. */
  Path mediumFile(String name) {
    return root.resolve(MEDIA).resolve(name);
  }

  /** The address of a medium for a node's BMC. */
  URI mediumUrl(NodeInfo node, String name) {
    URI base =
        node.driverInfoText("external_http_url")
            .map(ImageOptions::base)
            .or(() -> externalUrl)
            .or(() -> url)
            .orElseThrow(Publisher::nothingServes);
    return URI.create(base + "/" + MEDIA + "/" + name);
  }

  /** The file that an image for an agent is published as. */
  Path imageFile(String folder, String name) {
    return root.resolve(folder).resolve(name);
  }

  /** The address of an image for an agent. */
  URI imageUrl(String folder, String name) {
    return URI.create(url.orElseThrow(Publisher::nothingServes) + "/" + folder + "/" + name);
  }

  /** Lets the web server read a file that was put in place. */
  void open(Path file) throws IOException {
    Permissions.set(file, mode);
  }

  static DriverException nothingServes() {
    return DriverException.invalid(
        "Nothing serves images: set [deploy] http_url to where [deploy] http_root is served, or"
            + " [deploy] http_server_port to let the conductor serve it");
  }
}
