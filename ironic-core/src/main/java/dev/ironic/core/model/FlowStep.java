package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a flow and how it went. Preparation and clean-up are steps too.
 *
 * @param interfaceName wire name of the interface kind; {@code conductor} for the conductor's own
 *     steps
 * @param step its name
 * @param args its arguments
 * @param priority its priority
 * @param abortable whether an operator may abort while it runs
 * @param requiresRamdisk whether the agent must be running
 * @param repeat name of a {@code dev.ironic.driver.Repeat}
 * @param state how it stands
 * @param startedAt when it was intended; null before
 * @param endedAt when it ended; null before
 * @param message what it is doing, in words; null if unknown
 * @param progressDone units done; null if not counted
 * @param progressTotal units in all; null if unknown
 * @param progressUnit what is counted; null if nothing is
 * @param error why it failed; null if it did not
 */
@RecordBuilder
public record FlowStep(
    String interfaceName,
    String step,
    Map<String, @Nullable Object> args,
    int priority,
    boolean abortable,
    boolean requiresRamdisk,
    String repeat,
    State state,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String message,
    @Nullable Long progressDone,
    @Nullable Long progressTotal,
    @Nullable String progressUnit,
    @Nullable String error)
    implements FlowStepBuilder.With {

  /** How a step stands. */
  public enum State {
    PLANNED,
    INTENDED,
    WAITING,
    DONE,
    FAILED
  }
}
