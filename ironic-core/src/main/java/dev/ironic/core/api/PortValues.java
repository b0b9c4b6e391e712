package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Port;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules on a port's values that no table can tell. */
final class PortValues {

  private static final Set<String> LINK_KEYS =
      Set.of("port_id", "switch_id", "switch_info", "hostname", "network_type");
  private static final Set<String> VTEP_KEYS =
      Set.of("vtep-logical-switch", "vtep-physical-switch");
  private static final Pattern DATAPATH = Pattern.compile("([0-9a-fA-F]{2}:?){7}[0-9a-fA-F]{2}");

  private PortValues() {}

  /** Checks what a request sets. */
  static void check(Port port, Map<String, @Nullable Object> values, ApiVersion version) {
    if ("".equals(values.get("physical_network"))) {
      throw refused("physical_network must not be empty; leave it out or set it to null");
    }
    if (values.containsKey("local_link_connection")) {
      checkLink(port.localLinkConnection(), version);
    }
    if (port.isSmartnic()
        && (values.containsKey("is_smartnic") || values.containsKey("local_link_connection"))
        && !port.localLinkConnection().keySet().containsAll(Set.of("port_id", "hostname"))) {
      throw refused("a smart NIC needs port_id and hostname in local_link_connection");
    }
  }

  private static void checkLink(Map<String, @Nullable Object> link, ApiVersion version) {
    if (link.isEmpty()) {
      return;
    }
    boolean vtep = version.atLeast(90) && !version.atLeast(105);
    for (var entry : link.entrySet()) {
      String key = entry.getKey();
      if (!LINK_KEYS.contains(key) && !(vtep && VTEP_KEYS.contains(key))) {
        throw refused("local_link_connection knows no '" + key + "'");
      }
      if (!(entry.getValue() instanceof String)) {
        throw refused("local_link_connection: '" + key + "' must be a text");
      }
    }
    if (link.containsKey("network_type")) {
      version.require(64, "network_type in local_link_connection");
      if (!"unmanaged".equals(link.get("network_type")) || link.size() > 1) {
        throw refused("network_type can only be unmanaged, and then stands alone");
      }
      return;
    }
    if (vtep && link.keySet().containsAll(VTEP_KEYS)) {
      return;
    }
    boolean bySwitch = link.containsKey("port_id") && link.containsKey("switch_id");
    boolean byHost = link.containsKey("port_id") && link.containsKey("hostname");
    if (!bySwitch && !byHost) {
      throw refused("local_link_connection needs port_id and switch_id, or port_id and hostname");
    }
    if (link.get("switch_id") instanceof String id && !isSwitch(id)) {
      throw refused("switch_id '" + id + "' is neither a MAC address nor a datapath id");
    }
  }

  private static boolean isSwitch(String id) {
    try {
      FieldType.MAC.accept("switch_id", id);
      return true;
    } catch (IronicException e) {
      return DATAPATH.matcher(id).matches();
    }
  }

  private static IronicException refused(String why) {
    return new IronicException(Fault.INVALID, why);
  }
}
