package dev.ironic.core.conductor;

import dev.ironic.core.model.BiosSetting;
import dev.ironic.core.model.FirmwareComponent;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.driver.BiosSettingInfo;
import dev.ironic.driver.FirmwareComponentInfo;
import dev.ironic.driver.PortInfo;
import dev.ironic.driver.PortgroupInfo;
import java.util.Objects;

/** Stored rows as drivers see them, and back. */
final class Views {

  private Views() {}

  static PortInfo port(Port port) {
    return new PortInfo(
        port.uuid(),
        port.address(),
        port.pxeEnabled(),
        port.portgroupUuid(),
        port.physicalNetwork(),
        port.localLinkConnection(),
        port.internalInfo(),
        port.extra());
  }

  static PortgroupInfo portgroup(Portgroup group) {
    return new PortgroupInfo(
        group.uuid(),
        group.name(),
        group.address(),
        group.mode(),
        group.standalonePortsSupported(),
        group.properties(),
        group.internalInfo(),
        group.extra());
  }

  static BiosSettingInfo biosSetting(BiosSetting setting) {
    return new BiosSettingInfo(
        setting.name(),
        setting.value(),
        setting.attributeType(),
        setting.allowableValues(),
        setting.lowerBound(),
        setting.upperBound(),
        setting.minLength(),
        setting.maxLength(),
        setting.readOnly(),
        setting.resetRequired(),
        setting.isUnique());
  }

  static BiosSetting biosSetting(long nodeId, BiosSettingInfo info) {
    return new BiosSetting(
        null,
        null,
        nodeId,
        info.name(),
        info.value(),
        info.attributeType(),
        info.allowableValues(),
        info.lowerBound(),
        info.upperBound(),
        info.minLength(),
        info.maxLength(),
        info.readOnly(),
        info.resetRequired(),
        info.unique());
  }

  static FirmwareComponent firmware(long nodeId, FirmwareComponentInfo info) {
    return new FirmwareComponent(
        0,
        null,
        null,
        nodeId,
        info.component(),
        Objects.requireNonNullElse(info.currentVersion(), ""),
        info.currentVersion(),
        null,
        info.vendor(),
        info.model(),
        info.serialNumber());
  }
}
