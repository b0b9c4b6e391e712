package dev.ironic.driver.generic;

import dev.ironic.driver.NodeInfo;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of a node's controller: what the ramdisk finds out about the controller of its
 * machine tells which node it is.
 */
final class BmcAddresses {

  private static final Logger LOG = LoggerFactory.getLogger(BmcAddresses.class);
  private static final Set<Object> BRIDGED = Set.of("single", "dual");

  private BmcAddresses() {}

  /** The addresses, as written and as resolved; without those of this host. */
  static List<String> of(NodeInfo node) {
    var addresses = new LinkedHashSet<String>();
    Object bridging = node.driverInfo().get("ipmi_bridging");
    for (Map.Entry<String, @Nullable Object> entry : node.driverInfo().entrySet()) {
      // Behind a bridge there are several machines with one address.
      boolean shared =
          entry.getKey().startsWith("ipmi_") && bridging != null && BRIDGED.contains(bridging);
      if (entry.getKey().endsWith("_address")
          && !shared
          && entry.getValue() instanceof String text) {
        add(addresses, host(text.strip()));
      }
    }
    return new ArrayList<>(addresses);
  }

  private static void add(Set<String> addresses, String host) {
    if (host.isEmpty()) {
      return;
    }
    try {
      var resolved = new LinkedHashSet<String>();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          resolved.add(address.getHostAddress());
        }
      }
      if (!resolved.isEmpty()) {
        addresses.add(host);
        addresses.addAll(resolved);
      }
    } catch (UnknownHostException e) {
      LOG.warn("Cannot resolve the controller's address {}; it is used as it is", host);
      addresses.add(host);
    }
  }

  private static String host(String text) {
    if (!text.contains("://")) {
      return text;
    }
    try {
      String host = URI.create(text).getHost();
      return host == null ? "" : host.replaceAll("^\\[|]$", "");
    } catch (IllegalArgumentException e) {
      LOG.warn("An address in driver_info is no URL, so the machine isn't found by it");
      return "";
    }
  }
}
