package dev.ironic.driver.tck;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the fake BMC shows of its machines. */
final class BmcDocuments {

  static final String ROOT = "/redfish/v1";

  private final String vendor;
  private final boolean mediaUnderSystem;

  BmcDocuments(String vendor, boolean mediaUnderSystem) {
    this.vendor = vendor;
    this.mediaUnderSystem = mediaUnderSystem;
  }

  static Map<String, Object> link(String path) {
    return Map.of("@odata.id", path);
  }

  static Map<String, Object> collection(String path, String type, List<String> members) {
    var document = new LinkedHashMap<String, Object>();
    document.put("@odata.id", path);
    document.put("@odata.type", "#" + type + "." + type);
    document.put("Name", type);
    document.put("Members", members.stream().map(BmcDocuments::link).toList());
    document.put("Members@odata.count", members.size());
    return document;
  }

  /** The folder of a machine's virtual media. */
  String mediaPath(String id) {
    return ROOT + (mediaUnderSystem ? "/Systems/" : "/Managers/") + id + "/VirtualMedia";
  }

  Map<String, Object> root(boolean withSessions) {
    var document =
        resource(ROOT + "/", "ServiceRoot.v1_15_0.ServiceRoot", "RootService", "Root Service");
    document.put("RedfishVersion", "1.15.0");
    document.put(
        "UUID", UUID.nameUUIDFromBytes(vendor.getBytes(StandardCharsets.UTF_8)).toString());
    document.put("Vendor", vendor);
    document.put("Systems", link(ROOT + "/Systems"));
    document.put("Managers", link(ROOT + "/Managers"));
    document.put("Chassis", link(ROOT + "/Chassis"));
    document.put("UpdateService", link(ROOT + "/UpdateService"));
    if (withSessions) {
      document.put("SessionService", link(ROOT + "/SessionService"));
      document.put("Links", Map.of("Sessions", link(BmcSessions.PATH)));
    } else {
      document.put("Links", Map.of());
    }
    return document;
  }

  Map<String, Object> sessionService() {
    var document =
        resource(
            ROOT + "/SessionService",
            "SessionService.v1_1_8.SessionService",
            "SessionService",
            "Session Service");
    document.put("ServiceEnabled", true);
    document.put("SessionTimeout", 1800);
    document.put("Sessions", link(BmcSessions.PATH));
    return document;
  }

  Map<String, Object> updateService() {
    var document =
        resource(
            ROOT + "/UpdateService",
            "UpdateService.v1_11_0.UpdateService",
            "UpdateService",
            "Update Service");
    document.put("ServiceEnabled", false);
    return document;
  }

  Map<String, Object> system(BmcMachine machine) {
    String id = machine.id();
    String path = ROOT + "/Systems/" + id;
    var document = resource(path, "ComputerSystem.v1_20_0.ComputerSystem", id, "System " + id);
    document.put("SystemType", "Physical");
    document.put("Manufacturer", vendor);
    document.put("Model", "Virtual");
    document.put("SerialNumber", "SN-" + id);
    document.put("UUID", UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString());
    document.put("PowerState", machine.control().power().redfishName());
    document.put("IndicatorLED", machine.indicator());
    document.put("Status", Map.of("State", "Enabled", "Health", "OK", "HealthRollup", "OK"));
    document.put("Boot", machine.bootDocument());
    document.put("SecureBoot", link(path + "/SecureBoot"));
    document.put("EthernetInterfaces", link(path + "/EthernetInterfaces"));
    if (mediaUnderSystem) {
      document.put("VirtualMedia", link(mediaPath(id)));
    }
    document.put(
        "Links",
        Map.of(
            "Chassis", List.of(link(ROOT + "/Chassis/" + id)),
            "ManagedBy", List.of(link(ROOT + "/Managers/" + id))));
    document.put(
        "Actions",
        Map.of(
            "#ComputerSystem.Reset",
            Map.of(
                "target",
                path + "/Actions/ComputerSystem.Reset",
                "ResetType@Redfish.AllowableValues",
                BmcSchema.RESET_TYPES)));
    return document;
  }

  Map<String, Object> secureBoot(BmcMachine machine) {
    String path = ROOT + "/Systems/" + machine.id() + "/SecureBoot";
    var document = resource(path, "SecureBoot.v1_1_0.SecureBoot", "SecureBoot", "UEFI Secure Boot");
    document.put("SecureBootEnable", machine.secureBoot());
    document.put("SecureBootCurrentBoot", machine.secureBoot() ? "Enabled" : "Disabled");
    document.put("SecureBootMode", "UserMode");
    document.put(
        "Actions",
        Map.of("#SecureBoot.ResetKeys", Map.of("target", path + "/Actions/SecureBoot.ResetKeys")));
    return document;
  }

  List<String> ethernetPaths(BmcMachine machine) {
    String path = ROOT + "/Systems/" + machine.id() + "/EthernetInterfaces/";
    return IntStream.range(0, machine.control().macAddresses().size())
        .mapToObj(index -> path + "NIC" + index)
        .toList();
  }

  @Nullable Map<String, Object> ethernet(BmcMachine machine, String name) {
    List<String> macs = machine.control().macAddresses();
    for (int index = 0; index < macs.size(); index++) {
      if (name.equals("NIC" + index)) {
        String path = ROOT + "/Systems/" + machine.id() + "/EthernetInterfaces/" + name;
        var document =
            resource(path, "EthernetInterface.v1_9_0.EthernetInterface", name, "Network card");
        document.put("MACAddress", macs.get(index));
        document.put("PermanentMACAddress", macs.get(index));
        document.put("Status", Map.of("State", "Enabled", "Health", "OK"));
        return document;
      }
    }
    return null;
  }

  Map<String, Object> manager(BmcMachine machine) {
    String id = machine.id();
    String path = ROOT + "/Managers/" + id;
    var document = resource(path, "Manager.v1_17_0.Manager", id, "Manager of " + id);
    document.put("ManagerType", "BMC");
    document.put("FirmwareVersion", "1.00");
    document.put("Status", Map.of("State", "Enabled", "Health", "OK"));
    if (!mediaUnderSystem) {
      document.put("VirtualMedia", link(mediaPath(id)));
    }
    document.put(
        "Links",
        Map.of(
            "ManagerForServers", List.of(link(ROOT + "/Systems/" + id)),
            "ManagerForChassis", List.of(link(ROOT + "/Chassis/" + id))));
    return document;
  }

  Map<String, Object> chassis(BmcMachine machine) {
    String id = machine.id();
    var document =
        resource(ROOT + "/Chassis/" + id, "Chassis.v1_23_0.Chassis", id, "Chassis of " + id);
    document.put("ChassisType", "RackMount");
    document.put("Manufacturer", vendor);
    document.put("Status", Map.of("State", "Enabled", "Health", "OK"));
    document.put("Thermal", link(ROOT + "/Chassis/" + id + "/Thermal"));
    document.put(
        "Links",
        Map.of(
            "ComputerSystems", List.of(link(ROOT + "/Systems/" + id)),
            "ManagedBy", List.of(link(ROOT + "/Managers/" + id))));
    return document;
  }

  Map<String, Object> thermal(BmcMachine machine) {
    var document =
        resource(
            ROOT + "/Chassis/" + machine.id() + "/Thermal",
            "Thermal.v1_7_1.Thermal",
            "Thermal",
            "Thermal");
    document.put(
        "Temperatures",
        List.of(
            Map.of(
                "MemberId",
                "0",
                "Name",
                "Inlet",
                "ReadingCelsius",
                21,
                "UpperThresholdCritical",
                45,
                "PhysicalContext",
                "Intake",
                "Status",
                Map.of("State", "Enabled", "Health", "OK"))));
    document.put(
        "Fans",
        List.of(
            Map.of(
                "MemberId", "0",
                "Name", "Fan 1",
                "Reading", 4200,
                "ReadingUnits", "RPM",
                "Status", Map.of("State", "Enabled", "Health", "OK"))));
    return document;
  }

  Map<String, Object> media(BmcMachine machine, String name, BmcMachine.Device device) {
    String path = mediaPath(machine.id()) + "/" + name;
    var document = resource(path, "VirtualMedia.v1_6_0.VirtualMedia", name, "Virtual " + name);
    String image = device.image;
    document.put("MediaTypes", device.mediaTypes);
    document.put("Image", image);
    document.put("ImageName", image == null ? null : image.substring(image.lastIndexOf('/') + 1));
    document.put("ConnectedVia", image == null ? "NotConnected" : "URI");
    document.put("Inserted", image != null);
    document.put("WriteProtected", true);
    document.put(
        "Actions",
        Map.of(
            "#VirtualMedia.InsertMedia",
            Map.of("target", path + "/Actions/VirtualMedia.InsertMedia"),
            "#VirtualMedia.EjectMedia",
            Map.of("target", path + "/Actions/VirtualMedia.EjectMedia")));
    return document;
  }

  private static Map<String, Object> resource(String path, String type, String id, String name) {
    var document = new LinkedHashMap<String, Object>();
    document.put("@odata.id", path);
    document.put("@odata.type", "#" + type);
    document.put("Id", id);
    document.put("Name", name);
    return document;
  }
}
