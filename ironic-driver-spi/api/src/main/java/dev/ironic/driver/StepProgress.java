package dev.ironic.driver;

import org.jspecify.annotations.Nullable;

/**
 * How far a step has come.
 *
 * @param message what is happening, in a few words
 * @param done units done so far, or null where that means nothing
 * @param total units in all, or null where unknown
 * @param unit what is counted, for example {@code bytes}; null where nothing is
 */
public record StepProgress(
    String message, @Nullable Long done, @Nullable Long total, @Nullable String unit) {

  /** Progress that can only be told in words. */
  public static StepProgress of(String message) {
    return new StepProgress(message, null, null, null);
  }

  /** Progress counted in bytes. */
  public static StepProgress bytes(String message, long done, @Nullable Long total) {
    return new StepProgress(message, done, total, "bytes");
  }
}
