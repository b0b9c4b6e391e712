package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One node's view of its BMC: where its system, manager, chassis and virtual media are.
 *
 * @param client speaks with the BMC
 * @param systemId the path of the system, or null to take the only one
 */
record RedfishBmc(RedfishClient client, @Nullable String systemId) {

  /** The computer system, read anew. */
  RedfishResource system() {
    return client.get(systemPath());
  }

  String systemPath() {
    if (systemId != null) {
      return systemId;
    }
    List<String> members = client.get(client.root().requiredLink("Systems")).links("Members");
    if (members.size() != 1) {
      throw DriverException.failed(
          "The BMC at %s manages %d systems %s; set redfish_system_id to one of them"
              .formatted(client.address(), members.size(), members),
          null);
    }
    return members.getFirst();
  }

  /** The first manager of a system. */
  RedfishResource manager(RedfishResource system) {
    return client.get(
        system.part("Links").links("ManagedBy").stream()
            .findFirst()
            .orElseThrow(
                () ->
                    DriverException.failed(
                        "The BMC at %s names no manager of %s"
                            .formatted(client.address(), system.path()),
                        null)));
  }

  /** The first chassis of a system, if it has one. */
  Optional<RedfishResource> chassis(RedfishResource system) {
    return system.part("Links").links("Chassis").stream().findFirst().map(client::get);
  }

  /** The virtual devices: those of the system, else those of its managers. */
  List<RedfishResource> virtualMedia(RedfishResource system) {
    var folders = new ArrayList<String>();
    system.link("VirtualMedia").ifPresent(folders::add);
    if (folders.isEmpty()) {
      system
          .part("Links")
          .links("ManagedBy")
          .forEach(path -> client.get(path).link("VirtualMedia").ifPresent(folders::add));
    }
    return folders.stream()
        .flatMap(folder -> client.get(folder).links("Members").stream())
        .map(client::get)
        .toList();
  }

  /** The maker's name in lower case; empty where nobody tells. */
  String vendor(RedfishResource system) {
    return client
        .root()
        .text("Vendor")
        .or(() -> system.text("Manufacturer"))
        .orElse("")
        .toLowerCase(Locale.ROOT);
  }
}
