package dev.ironic.driver.generic;

import dev.ironic.driver.DriverException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a DHCP server tells a machine about booting.
 *
 * @param name the option's number, with conditions before it: {@code tag:!ipxe,67}
 * @param value its value
 * @param ipVersion 4 or 6
 */
record DhcpOption(String name, String value, int ipVersion) {

  private static final int LONGEST_FILE_NAME = 64;

  /**
   * All that a machine needs for a kind of boot, for both versions of IP.
   *
   * @param loader the boot loader: its address where the firmware boots by address, else its name
   * @param script the address of the first iPXE script; not used without iPXE
   * @param tags whether the server can tell requests of iPXE by tags; else it has to look for
   *     option 175 in them
   */
  static List<DhcpOption> of(
      NetworkBootKind kind, String loader, String script, String tftpServer, boolean tags) {
    String loaderUrl = kind.loaderByUrl() ? loader : "tftp://%s/%s".formatted(tftpServer, loader);
    var options = new ArrayList<DhcpOption>();
    if (kind.ipxe()) {
      options.add(new DhcpOption(tags ? "tag:!ipxe,67" : "!175,67", loader, 4));
      options.add(new DhcpOption(tags ? "tag:ipxe,67" : "67", script, 4));
    } else {
      options.add(new DhcpOption("67", loader, 4));
    }
    if (kind.loaderByUrl()) {
      options.add(new DhcpOption("60", "HTTPClient", 4));
    } else {
      for (String server : List.of("66", "150", "255")) {
        options.add(new DhcpOption(server, tftpServer, 4));
      }
    }
    if (kind.ipxe()) {
      options.add(new DhcpOption(tags ? "tag:!ipxe6,59" : "!175,59", loaderUrl, 6));
      options.add(new DhcpOption(tags ? "tag:ipxe6,59" : "59", script, 6));
    } else {
      options.add(new DhcpOption("59", loaderUrl, 6));
    }
    options.forEach(DhcpOption::checkLength);
    return options;
  }

  private void checkLength() {
    if (value.length() > LONGEST_FILE_NAME) {
      throw DriverException.invalid(
          "The boot file '%s' is longer than the %d characters that DHCP can carry; shorten [deploy]http_url or the name of the boot loader"
              .formatted(value, LONGEST_FILE_NAME));
    }
  }
}
