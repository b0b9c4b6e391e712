package dev.ironic.core.conductor;

import static java.util.stream.Collectors.joining;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.ProvisionState.Trait;
import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.RaidInterface;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the management and RAID interfaces of a node are asked for: boot device, boot mode, secure
 * boot, NMI, indicators, virtual media, wanted RAID configuration. Thread-safe.
 */
final class HardwareOperations {

  private static final Set<String> INDICATOR_STATES = Set.of("on", "off", "blinking");

  private final NodeWork work;
  private final ImageService images;

  HardwareOperations(NodeWork work, ImageService images) {
    this.work = work;
    this.images = images;
  }

  void setBootDevice(RequestContext context, String nodeUuid, String device, boolean persistent) {
    BootDevice wanted =
        BootDevice.ofWireName(device)
            .orElseThrow(
                () ->
                    new IronicException(
                        Fault.INVALID_PARAMETER_VALUE,
                        "Invalid boot device %s specified.".formatted(device)));
    work.locked(
        context,
        nodeUuid,
        "setting boot device",
        task -> {
          task.management().validate(task);
          task.management().setBootDevice(task, wanted, persistent);
        });
  }

  Map<String, @Nullable Object> bootDevice(RequestContext context, String nodeUuid) {
    // The lock keeps two sessions with one controller apart, although nothing is written.
    return work.lockedResult(
        context,
        nodeUuid,
        "getting boot device",
        task -> {
          task.management().validate(task);
          BootDevice.Selection selection = task.management().bootDevice(task);
          var answer = new LinkedHashMap<String, @Nullable Object>();
          BootDevice device = selection.device();
          answer.put("boot_device", device == null ? null : device.wireName());
          answer.put("persistent", selection.persistent());
          return Collections.unmodifiableMap(answer);
        });
  }

  List<String> supportedBootDevices(RequestContext context, String nodeUuid) {
    return work.shared(
        context,
        nodeUuid,
        "getting supported boot devices",
        task ->
            task.management().supportedBootDevices(task).stream()
                .sorted()
                .map(BootDevice::wireName)
                .toList());
  }

  void changeBootMode(RequestContext context, String nodeUuid, String target) {
    BootMode mode =
        BootMode.ofWireName(target)
            .orElseThrow(
                () ->
                    new IronicException(
                        Fault.INVALID_PARAMETER_VALUE,
                        ("Invalid boot mode %s requested for node. Allowed boot modes are: "
                                + Arrays.stream(BootMode.values())
                                    .map(BootMode::wireName)
                                    .collect(joining(", ")))
                            .formatted(target)));
    work.lockedThenWorker(
        context,
        nodeUuid,
        "changing node boot mode",
        task -> prepareChange(task, "change boot mode"),
        task -> {
          try {
            Set<BootMode> supported = task.management().supportedBootModes(task);
            if (!supported.contains(mode)) {
              throw DriverException.invalid(
                  "boot mode %s is not one of the supported ones: %s"
                      .formatted(
                          target,
                          supported.stream()
                              .sorted()
                              .map(BootMode::wireName)
                              .collect(joining(", "))));
            }
            if (task.management().bootMode(task) != mode) {
              task.management().setBootMode(task, mode);
            }
            task.update(update -> update.bootMode(mode));
          } catch (DriverException e) {
            task.fail(
                "management",
                "Failed to change boot mode to '%s': %s".formatted(target, e.getMessage()));
          }
        });
  }

  void changeSecureBoot(RequestContext context, String nodeUuid, boolean target) {
    work.lockedThenWorker(
        context,
        nodeUuid,
        "changing node secure boot",
        task -> prepareChange(task, "change secure boot"),
        task -> {
          try {
            if (!Objects.equals(task.management().secureBoot(task), target)) {
              task.management().setSecureBoot(task, target);
            }
            task.update(update -> update.secureBoot(target));
          } catch (DriverException e) {
            task.fail(
                "management",
                "Failed to change secure boot state to '%s': %s"
                    .formatted(target ? "on" : "off", e.getMessage()));
          }
        });
  }

  void injectNmi(RequestContext context, String nodeUuid) {
    work.locked(
        context,
        nodeUuid,
        "inject nmi",
        task -> {
          task.management().validate(task);
          task.management().injectNmi(task);
        });
  }

  Map<String, Map<String, Map<String, Object>>> supportedIndicators(
      RequestContext context, String nodeUuid, @Nullable String component) {
    return work.shared(
        context,
        nodeUuid,
        "getting supported indicators",
        task -> task.management().supportedIndicators(task, component));
  }

  String indicatorState(
      RequestContext context, String nodeUuid, String component, String indicator) {
    return work.lockedResult(
        context,
        nodeUuid,
        "getting indicators states",
        task -> {
          task.management().validate(task);
          return task.management().indicator(task, component, indicator);
        });
  }

  void setIndicatorState(
      RequestContext context, String nodeUuid, String component, String indicator, String state) {
    String wanted = state.toLowerCase(Locale.ROOT);
    if (!INDICATOR_STATES.contains(wanted)) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "Invalid indicator state %s: use on, off or blinking".formatted(state));
    }
    work.locked(
        context,
        nodeUuid,
        "setting indicator state",
        task -> {
          task.management().validate(task);
          task.management().setIndicator(task, component, indicator, wanted);
        });
  }

  List<Map<String, @Nullable Object>> virtualMedia(RequestContext context, String nodeUuid) {
    return work.shared(
        context,
        nodeUuid,
        "get virtual media",
        task -> {
          task.management().validate(task);
          return task.management().virtualMedia(task);
        });
  }

  void attachVirtualMedia(
      RequestContext context,
      String nodeUuid,
      String deviceType,
      String imageUrl,
      String downloadSource) {
    work.lockedThenWorker(
        context,
        nodeUuid,
        "attaching virtual media",
        task -> task.management().validate(task),
        task -> {
          try {
            URI published = images.publishMedium(task, deviceType, imageUrl, downloadSource);
            task.management().attachVirtualMedia(task, deviceType, published.toString());
          } catch (DriverException e) {
            task.fail(
                "management",
                "Could not attach a virtual %s: %s".formatted(deviceType, e.getMessage()));
          }
        });
  }

  void detachVirtualMedia(RequestContext context, String nodeUuid, List<String> deviceTypes) {
    work.lockedThenWorker(
        context,
        nodeUuid,
        "detaching virtual media",
        task -> task.management().validate(task),
        task -> {
          try {
            task.management().detachVirtualMedia(task, deviceTypes);
            images.unpublishMedia(task, deviceTypes);
          } catch (DriverException e) {
            task.fail(
                "management",
                "Could not detach virtual media %s: %s"
                    .formatted(
                        deviceTypes.isEmpty() ? "of all types" : deviceTypes, e.getMessage()));
          }
        });
  }

  void setTargetRaidConfig(
      RequestContext context, String nodeUuid, Map<String, @Nullable Object> config) {
    work.locked(
        context,
        nodeUuid,
        "setting target RAID config",
        task -> {
          // An empty configuration takes the wish back, which needs nobody's consent.
          if (!config.isEmpty()) {
            task.driver(RaidInterface.class).validateRaidConfig(task, config);
          }
          task.save(node -> node.with(b -> b.targetRaidConfig(config)));
        });
  }

  private static void prepareChange(Task task, String action) {
    var state = task.model().provisionState();
    if (state.is(Trait.BOOT_MODE_LOCKED)) {
      throw new IronicException(
          Fault.INVALID_STATE_REQUESTED,
          ("The requested action \"%s\" can not be performed on node \"%s\" while it is in state"
                  + " \"%s\".")
              .formatted(action, task.model().uuid(), state.wireName()));
    }
    task.management().validate(task);
    task.save(node -> node.with(b -> b.lastError(null)));
  }
}
