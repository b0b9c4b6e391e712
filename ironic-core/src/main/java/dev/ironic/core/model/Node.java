package dev.ironic.core.model;

import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.PowerState;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A machine. The text form shows no settings, since they hold credentials.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param name logical name, unique; null if none
 * @param driver name of its hardware type
 * @param instanceUuid UUID of its instance, unique
 * @param instanceName name of its instance
 * @param chassisId row of the chassis it stands in
 * @param provisionState where it is in its life
 * @param targetProvisionState where it is going; null at rest
 * @param provisionUpdatedAt when the provision state was last written
 * @param powerState last known power state
 * @param targetPowerState power state being worked towards
 * @param lastError what the last failure was
 * @param reservation host name of the conductor that holds its lock
 * @param fence number of lock acquisitions so far; a writer proves with it that it still holds the
 *     lock
 * @param conductorAffinity row of the conductor that last prepared it
 * @param conductorGroup group of conductors that may serve it, lower case; empty for the default
 *     group
 * @param maintenance whether it is in maintenance
 * @param maintenanceReason why it is in maintenance
 * @param fault the failure that put it into maintenance
 * @param consoleEnabled whether its console is on
 * @param interfaces names of its interface implementations; a kind without a name takes the default
 * @param driverInfo how to reach the hardware; holds credentials
 * @param driverInternalInfo what the conductor and drivers keep
 * @param instanceInfo what is to be deployed; may hold credentials
 * @param properties what the machine is
 * @param extra free-form data
 * @param networkData static network settings
 * @param cleanStep clean step running; empty if none
 * @param deployStep deploy step running; empty if none
 * @param serviceStep service step running; empty if none
 * @param raidConfig RAID configuration found
 * @param targetRaidConfig RAID configuration wanted
 * @param resourceClass class for scheduling
 * @param inspectionStartedAt when the running inspection began
 * @param inspectionFinishedAt when the last inspection ended
 * @param automatedClean whether it is cleaned by itself; null for the configured default
 * @param isProtected whether its instance may not be removed
 * @param protectedReason why it is protected
 * @param owner project that owns it
 * @param lessee project that uses it
 * @param allocationId row of the allocation it serves
 * @param description words of the operator
 * @param retired whether it is to be taken out of use
 * @param retiredReason why it is retired
 * @param bootMode boot mode last seen
 * @param secureBoot secure boot state last seen
 * @param shard shard for clients that share the work
 * @param parentNode UUID of the node that this is a part of
 * @param disablePowerOff whether it must never be switched off; null for no
 * @param health health last seen
 * @param traits what it has; sorted
 */
@RecordBuilder
public record Node(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    @Nullable String name,
    String driver,
    @Nullable String instanceUuid,
    @Nullable String instanceName,
    @Nullable Long chassisId,
    ProvisionState provisionState,
    @Nullable ProvisionState targetProvisionState,
    @Nullable Instant provisionUpdatedAt,
    @Nullable PowerState powerState,
    @Nullable PowerState targetPowerState,
    @Nullable String lastError,
    @Nullable String reservation,
    long fence,
    @Nullable Long conductorAffinity,
    String conductorGroup,
    boolean maintenance,
    @Nullable String maintenanceReason,
    @Nullable String fault,
    boolean consoleEnabled,
    Map<InterfaceKind, String> interfaces,
    Map<String, @Nullable Object> driverInfo,
    Map<String, @Nullable Object> driverInternalInfo,
    Map<String, @Nullable Object> instanceInfo,
    Map<String, @Nullable Object> properties,
    Map<String, @Nullable Object> extra,
    Map<String, @Nullable Object> networkData,
    Map<String, @Nullable Object> cleanStep,
    Map<String, @Nullable Object> deployStep,
    Map<String, @Nullable Object> serviceStep,
    Map<String, @Nullable Object> raidConfig,
    Map<String, @Nullable Object> targetRaidConfig,
    @Nullable String resourceClass,
    @Nullable Instant inspectionStartedAt,
    @Nullable Instant inspectionFinishedAt,
    @Nullable Boolean automatedClean,
    boolean isProtected,
    @Nullable String protectedReason,
    @Nullable String owner,
    @Nullable String lessee,
    @Nullable Long allocationId,
    @Nullable String description,
    boolean retired,
    @Nullable String retiredReason,
    @Nullable String bootMode,
    @Nullable Boolean secureBoot,
    @Nullable String shard,
    @Nullable String parentNode,
    @Nullable Boolean disablePowerOff,
    @Nullable String health,
    List<String> traits)
    implements NodeBuilder.With {

  /** A node as it is before anything is known of it. */
  public static Node draft(String uuid, String driver) {
    return NodeBuilder.builder()
        .uuid(uuid)
        .driver(driver)
        .provisionState(ProvisionState.ENROLL)
        .conductorGroup("")
        .interfaces(Map.of())
        .driverInfo(Map.of())
        .driverInternalInfo(Map.of())
        .instanceInfo(Map.of())
        .properties(Map.of())
        .extra(Map.of())
        .networkData(Map.of())
        .cleanStep(Map.of())
        .deployStep(Map.of())
        .serviceStep(Map.of())
        .raidConfig(Map.of())
        .targetRaidConfig(Map.of())
        .disablePowerOff(false)
        .traits(List.of())
        .build();
  }

  /** Whether it must never be switched off. */
  public boolean staysOn() {
    return Boolean.TRUE.equals(disablePowerOff);
  }

  @Override
  public String toString() {
    return "Node["
        + uuid
        + (name == null ? "" : " " + name)
        + ", "
        + driver
        + ", "
        + provisionState.wireName()
        + "]";
  }
}
