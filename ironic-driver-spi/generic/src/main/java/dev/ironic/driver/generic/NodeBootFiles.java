package dev.ironic.driver.generic;

import dev.ironic.driver.BootFiles;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PortInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where the files of a node are: a folder with its UUID as name, and links to its configuration
 * under all names that boot loaders look for. Thread-safe.
 *
 * @param kind how the machine boots
 * @param options the names
 * @param dhcp knows the addresses of ports
 */
record NodeBootFiles(NetworkBootKind kind, NetworkBootOptions options, DhcpProvider dhcp) {

  /** The path of one of a node's files. */
  static String file(NodeTask task, String name) {
    return task.node().uuid() + "/" + name;
  }

  /** The ports that the node's machine may boot over. */
  List<PortInfo> ports(NodeTask task) {
    return task.ports().stream().filter(port -> port.pxeEnabled() || options.allPorts()).toList();
  }

  /** Writes a node's configuration and makes it be found. */
  void write(NodeTask task, BootFiles files, BootMode mode, String configuration) {
    String config = file(task, "config");
    files.write(config, configuration);
    for (String link : links(task, mode)) {
      files.link(link, config);
    }
  }

  /** Removes all files of a node. */
  void remove(NodeTask task, BootFiles files) {
    // Of whatever mode it was: a wrong link would boot the machine into something old.
    for (String link : links(task, BootMode.UEFI)) {
      files.remove(link);
    }
    files.remove(task.node().uuid());
  }

  private List<String> links(NodeTask task, BootMode mode) {
    var links = new ArrayList<String>();
    List<PortInfo> ports = ports(task);
    for (PortInfo port : ports) {
      String mac = port.address().toLowerCase(Locale.ROOT);
      String dashes = mac.replace(':', '-');
      // The prefix is the hardware type that pxelinux puts there: Ethernet or InfiniBand.
      String prefix = port.extra().get("client-id") == null ? "01-" : "20-";
      links.add("%s/%s".formatted(options.configFolder(), kind.ipxe() ? dashes : prefix + dashes));
      links.add("grub.cfg-01-" + dashes);
      links.add(mac + ".conf");
    }
    if (!kind.ipxe() && mode == BootMode.UEFI) {
      dhcp.addresses(ports).forEach(address -> links.add(address + ".conf"));
    }
    return links;
  }
}
