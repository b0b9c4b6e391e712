package dev.ironic.driver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One firmware setting.
 *
 * @param name its name
 * @param value its value as text, or null
 * @param attributeType {@code Enumeration}, {@code String}, {@code Integer}, ..., or null
 * @param allowableValues for enumerations, or null
 * @param lowerBound for numbers, or null
 * @param upperBound for numbers, or null
 * @param minLength for texts, or null
 * @param maxLength for texts, or null
 * @param readOnly whether it cannot be changed, or null
 * @param resetRequired whether a change needs a restart, or null
 * @param unique whether it is of this machine only, or null
 */
public record BiosSettingInfo(
    String name,
    @Nullable String value,
    @Nullable String attributeType,
    @Nullable List<String> allowableValues,
    @Nullable Long lowerBound,
    @Nullable Long upperBound,
    @Nullable Integer minLength,
    @Nullable Integer maxLength,
    @Nullable Boolean readOnly,
    @Nullable Boolean resetRequired,
    @Nullable Boolean unique) {

  /** A setting of which only name and value are known. */
  public static BiosSettingInfo of(String name, @Nullable String value) {
    return new BiosSettingInfo(name, value, null, null, null, null, null, null, null, null, null);
  }
}
