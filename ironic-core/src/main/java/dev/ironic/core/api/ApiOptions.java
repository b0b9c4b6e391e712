package dev.ironic.core.api;

import dev.ironic.driver.DriverConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options that the use cases read.
 *
 * @param maxLimit largest page
 * @param enableRamdiskEndpoints whether agents are served
 * @param restrictLookup whether lookups find only nodes that wait for an agent
 * @param fastTrack whether agents may run before they are needed
 * @param defaultResourceClass for new nodes that name none, or null
 * @param defaultPortgroupMode bond mode of new port groups
 * @param disallowedBootModes boot modes refused at enrolment
 * @param projectsManageNodes whether administrators of projects enrol and delete their own nodes
 * @param heartbeatTimeout after which a silent conductor counts as gone
 * @param agent what agents are told
 */
public record ApiOptions(
    int maxLimit,
    boolean enableRamdiskEndpoints,
    boolean restrictLookup,
    boolean fastTrack,
    @Nullable String defaultResourceClass,
    String defaultPortgroupMode,
    List<String> disallowedBootModes,
    boolean projectsManageNodes,
    Duration heartbeatTimeout,
    AgentSettings agent) {

  /** Reads them. */
  public static ApiOptions from(DriverConfig config) {
    return new ApiOptions(
        config.integer("api", "max_limit", 1000),
        config.flag("api", "enable_ramdisk_endpoints", true),
        config.flag("api", "restrict_lookup", true),
        config.flag("deploy", "fast_track", false),
        config.text("DEFAULT", "default_resource_class").orElse(null),
        config.text("DEFAULT", "default_portgroup_mode").orElse("active-backup"),
        config.list("api", "disallowed_enrollment_boot_modes", List.of()),
        config.flag("api", "project_admin_can_manage_own_nodes", true),
        config.seconds("conductor", "heartbeat_timeout", Duration.ofSeconds(60)),
        AgentSettings.from(config));
  }
}
