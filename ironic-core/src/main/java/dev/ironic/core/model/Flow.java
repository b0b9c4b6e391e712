package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one piece of work on a node. It is stored before the first step runs, and each
 * step is stored as intended before it takes effect, so that another conductor can go on with it.
 *
 * @param id row number; 0 before it is stored
 * @param uuid its UUID
 * @param nodeId row of the node
 * @param kind what work it is
 * @param state how it stands
 * @param cursor index of the step that runs or waits, or runs next
 * @param steps all steps known so far, with how they went
 * @param context what the flow needs to go on: arguments of the request and decisions taken
 * @param requestId the request that asked for it
 * @param user who asked, or null
 * @param project in whose name, or null
 * @param conductor host name of the conductor that last wrote it
 * @param startedAt when it began
 * @param endedAt when it ended; null while it lives
 * @param error why it failed; null if it did not
 */
@RecordBuilder
public record Flow(
    long id,
    String uuid,
    long nodeId,
    FlowKind kind,
    State state,
    int cursor,
    List<FlowStep> steps,
    Map<String, @Nullable Object> context,
    @Nullable String requestId,
    @Nullable String user,
    @Nullable String project,
    @Nullable String conductor,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String error)
    implements FlowBuilder.With {

  /** How a flow stands. */
  public enum State {
    RUNNING,
    WAITING,
    DONE,
    FAILED,
    ABORTED;

    /** Whether nothing more will happen. */
    public boolean ended() {
      return this == DONE || this == FAILED || this == ABORTED;
    }
  }
}
