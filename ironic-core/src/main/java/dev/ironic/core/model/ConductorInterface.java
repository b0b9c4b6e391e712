package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An interface implementation that a conductor offers for a hardware type.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param conductorId row of the conductor
 * @param hardwareType name of the hardware type
 * @param interfaceType wire name of the interface kind
 * @param interfaceName name of the implementation
 * @param isDefault whether nodes without a choice get it
 */
@RecordBuilder
public record ConductorInterface(
    long id,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    long conductorId,
    String hardwareType,
    String interfaceType,
    String interfaceName,
    boolean isDefault)
    implements ConductorInterfaceBuilder.With {}
