package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts images into virtual devices and takes them out, with what BMCs make of it. */
final class VirtualDevices {

  private static final Logger LOG = LoggerFactory.getLogger(VirtualDevices.class);
  private static final int INSERT_RETRIES = 3;
  private static final Duration INSERT_PAUSE = Duration.ofSeconds(3);

  /** Wire name to the media types that serve it, best first. */
  private static final Map<String, List<String>> MEDIA_TYPES =
      Map.of(
          "cdrom", List.of("CD", "DVD"),
          "floppy", List.of("Floppy"),
          "disk", List.of("USBStick"));

  private VirtualDevices() {}

  static Set<String> deviceTypes() {
    return MEDIA_TYPES.keySet();
  }

  /** What the devices hold, for the operator. */
  static List<Map<String, @Nullable Object>> list(RedfishBmc bmc) {
    return bmc.virtualMedia(bmc.system()).stream()
        .map(
            device -> {
              var shown = new LinkedHashMap<String, @Nullable Object>();
              shown.put("media_types", device.texts("MediaTypes"));
              shown.put("inserted", device.flag("Inserted").orElse(false));
              shown.put("image", device.text("Image").orElse(null));
              return (Map<String, @Nullable Object>) shown;
            })
        .toList();
  }

  /** Whether a device of a type holds an image. */
  static boolean holdsImage(RedfishBmc bmc, String deviceType) {
    return bmc.virtualMedia(bmc.system()).stream()
        .anyMatch(device -> serves(device, deviceType) && inserted(device));
  }

  /** Inserts an image into the first device of the type that takes it. */
  static void insert(NodeTask task, RedfishBmc bmc, String deviceType, String url) {
    List<RedfishResource> candidates =
        bmc.virtualMedia(bmc.system()).stream().filter(each -> serves(each, deviceType)).toList();
    if (candidates.isEmpty()) {
      throw DriverException.invalid(
          "The BMC at %s has no virtual device of type %s"
              .formatted(bmc.client().address(), deviceType));
    }
    candidates.forEach(each -> eject(bmc, each));
    var refusals = new ArrayList<String>();
    for (RedfishResource device : candidates) {
      RedfishReply reply = tryInsert(task, bmc, device, url);
      if (reply.ok()) {
        return;
      }
      String reason =
          "%s: HTTP %d %s".formatted(device.path(), reply.status(), reply.explanation()).strip();
      LOG.warn("Could not insert {} into {}", url, reason);
      refusals.add(reason);
    }
    throw DriverException.invalid(
        "The BMC at %s did not take %s as virtual %s. %s"
            .formatted(
                bmc.client().address(),
                url,
                deviceType,
                refusals.size() == 1
                    ? refusals.getFirst()
                    : "First error: %s. Last error: %s"
                        .formatted(refusals.getFirst(), refusals.getLast())));
  }

  /**
   * Ejects devices of the types given.
   *
   * @param deviceTypes empty for all
   */
  static void eject(RedfishBmc bmc, List<String> deviceTypes) {
    for (RedfishResource device : bmc.virtualMedia(bmc.system())) {
      if (deviceTypes.isEmpty() || deviceTypes.stream().anyMatch(type -> serves(device, type))) {
        eject(bmc, device);
      }
    }
  }

  private static RedfishReply tryInsert(
      NodeTask task, RedfishBmc bmc, RedfishResource device, String url) {
    Map<String, Object> body = Map.of("Image", url);
    RedfishReply reply = insertOnce(bmc, device, body);
    for (int retry = 0; retry < INSERT_RETRIES && reply.status() >= 500; retry++) {
      task.sleep(INSERT_PAUSE);
      reply = insertOnce(bmc, device, body);
    }
    if (!reply.ok() && reply.mentions("TransferProtocolType")) {
      String protocol = url.startsWith("https:") ? "HTTPS" : "HTTP";
      reply = insertOnce(bmc, device, Map.of("Image", url, "TransferProtocolType", protocol));
    }
    return reply;
  }

  private static RedfishReply insertOnce(
      RedfishBmc bmc, RedfishResource device, Map<String, Object> body) {
    String action = device.action("VirtualMedia.InsertMedia").orElse(null);
    if (action != null) {
      return bmc.client().post(action, body);
    }
    var whole = new LinkedHashMap<>(body);
    whole.put("Inserted", true);
    whole.put("WriteProtected", true);
    return bmc.client().patch(device, whole);
  }

  private static void eject(RedfishBmc bmc, RedfishResource device) {
    if (!inserted(device)) {
      return;
    }
    String action = device.action("VirtualMedia.EjectMedia").orElse(null);
    RedfishReply reply;
    if (action == null) {
      var body = new LinkedHashMap<String, @Nullable Object>();
      body.put("Image", null);
      body.put("Inserted", false);
      reply = bmc.client().patch(device, body);
    } else {
      reply = bmc.client().post(action, null);
      if (reply.status() == 400 || reply.status() == 415) {
        reply = bmc.client().post(action, Map.of());
      }
    }
    if (!reply.ok()) {
      LOG.warn(
          "Could not eject {}: HTTP {} {}", device.path(), reply.status(), reply.explanation());
    }
  }

  private static boolean inserted(RedfishResource device) {
    return device.flag("Inserted").orElse(false) || device.text("Image").isPresent();
  }

  private static boolean serves(RedfishResource device, String deviceType) {
    List<String> wanted = MEDIA_TYPES.getOrDefault(deviceType, List.of());
    return device.texts("MediaTypes").stream().anyMatch(wanted::contains);
  }
}
