package dev.ironic.core.conductor;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a periodic task of a conductor has fared since the conductor started.
 *
 * @param name the task
 * @param spacing the time from the start of a round to the start of the next
 * @param running whether a round is under way
 * @param runs rounds that have ended, failed ones among them
 * @param failures rounds that ended with an exception; the log has it
 * @param overruns rounds that took longer than the spacing, so that the next one came late
 * @param skipped rounds that were due while another one was under way, and that never took place
 * @param lastDuration how long the last round took; null before the first has ended
 */
public record PeriodicReport(
    String name,
    Duration spacing,
    boolean running,
    long runs,
    long failures,
    long overruns,
    long skipped,
    @Nullable Duration lastDuration) {}
