package dev.ironic.driver.generic;

import dev.ironic.driver.StepProgress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the agent says of one of its commands.
 *
 * @param id its UUID
 * @param name without the extension
 * @param status how far it is
 * @param error what went wrong; empty where nothing did
 * @param result what it returned so far
 */
record CommandResult(
    String id,
    String name,
    Status status,
    Map<String, @Nullable Object> error,
    Map<String, @Nullable Object> result) {

  /** How far a command is. */
  enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED,
    CLEAN_VERSION_MISMATCH
  }

  /** The agent's own words about the failure. */
  String errorText() {
    Object message = error.get("message");
    Object details = error.get("details");
    Object type = error.get("type");
    String text =
        message == null ? "no message" : message.toString().strip().replaceAll("\\.$", "");
    String more = details == null || text.contains(details.toString()) ? "" : ": " + details;
    return (type == null ? "" : type + ": ") + text + more;
  }

  /** How far a running command has come, where it tells. */
  Optional<StepProgress> progress(String words) {
    if (result.get("progress") instanceof Map<?, ?> progress
        && progress.get("bytes_written") instanceof Number written) {
      Long total =
          progress.get("bytes_total") instanceof Number number ? (Long) number.longValue() : null;
      return Optional.of(StepProgress.bytes(words, written.longValue(), total));
    }
    return Optional.empty();
  }
}
