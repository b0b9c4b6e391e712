package dev.ironic.driver;

import org.jspecify.annotations.Nullable;

/**
 * The firmware of one component.
 *
 * @param component {@code bios}, {@code bmc}, {@code nic:<id>}, ...
 * @param currentVersion the version running, or null
 * @param vendor who made it, or null
 * @param model its model, or null
 * @param serialNumber its serial number, or null
 */
public record FirmwareComponentInfo(
    String component,
    @Nullable String currentVersion,
    @Nullable String vendor,
    @Nullable String model,
    @Nullable String serialNumber) {}
