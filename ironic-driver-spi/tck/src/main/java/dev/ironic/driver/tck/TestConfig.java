package dev.ironic.driver.tck;

import dev.ironic.driver.DriverConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Configuration from a map.
 *
 * @param values {@code group.option} to text
 */
public record TestConfig(Map<String, String> values) implements DriverConfig {

  @Override
  public Optional<String> text(String group, String option) {
    return Optional.ofNullable(values.get(group + "." + option));
  }

  @Override
  public int integer(String group, String option, int otherwise) {
    return text(group, option).map(Integer::valueOf).orElse(otherwise);
  }

  @Override
  public double number(String group, String option, double otherwise) {
    return text(group, option).map(Double::valueOf).orElse(otherwise);
  }

  @Override
  public boolean flag(String group, String option, boolean otherwise) {
    return text(group, option).map(Boolean::valueOf).orElse(otherwise);
  }

  @Override
  public List<String> list(String group, String option, List<String> otherwise) {
    return text(group, option)
        .map(text -> Stream.of(text.split(",", -1)).map(String::strip).toList())
        .orElse(otherwise);
  }
}
