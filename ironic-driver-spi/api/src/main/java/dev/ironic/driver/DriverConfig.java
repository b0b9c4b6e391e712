package dev.ironic.driver;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Read access to the conductor's configuration file. Options that the conductor knows have its
 * defaults; a driver of a third party reads its own group and gives a default itself. A value that
 * cannot be read as the type asked for is an error that names group, option and value.
 */
public interface DriverConfig {

  /** The text of an option, or empty where it is not set and has no default. */
  Optional<String> text(String group, String option);

  /** A whole number. */
  int integer(String group, String option, int otherwise);

  /** A number. */
  double number(String group, String option, double otherwise);

  /** A boolean. */
  boolean flag(String group, String option, boolean otherwise);

  /** A comma-separated list, trimmed. */
  List<String> list(String group, String option, List<String> otherwise);

  /** All values of an option that may stand in the file several times. */
  default List<String> values(String group, String option) {
    return text(group, option).stream().toList();
  }

  /** A time span that the file gives in seconds. */
  default Duration seconds(String group, String option, Duration otherwise) {
    return Duration.ofMillis(
        Math.round(number(group, option, otherwise.toMillis() / 1000.0) * 1000));
  }
}
