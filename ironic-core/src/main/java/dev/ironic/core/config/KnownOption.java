package dev.ironic.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table of options.
 *
 * @param group its group
 * @param name its name
 * @param kind how its value is read
 * @param defaultValue the value where none is set; null for none
 * @param min smallest number, or null
 * @param max largest number, or null
 * @param choices values it may have; empty for any
 * @param secret whether its value must not be shown
 * @param old names it had, as {@code group.name}
 * @param own whether it is ours and not the original's
 */
record KnownOption(
    String group,
    String name,
    String kind,
    @Nullable String defaultValue,
    @Nullable Double min,
    @Nullable Double max,
    List<String> choices,
    boolean secret,
    List<String> old,
    boolean own) {

  String qualifiedName() {
    return "[" + group + "] " + name;
  }
}
