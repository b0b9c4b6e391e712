package dev.ironic.driver.tck;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine behind a {@link FakeBmc} is to boot.
 *
 * @param target the override in Redfish words: {@code None}, {@code Cd}, {@code Pxe}, {@code Hdd},
 *     {@code UefiHttp}, ...
 * @param mode {@code UEFI} or {@code Legacy}
 * @param secureBoot whether secure boot is on
 * @param media device, such as {@code Cd}, to the URL of the image in it
 * @param httpBootUri what {@code UefiHttp} boots, or null
 */
public record BootSelection(
    String target,
    String mode,
    boolean secureBoot,
    Map<String, String> media,
    @Nullable String httpBootUri) {

  /** Copies what could be changed from outside. */
  public BootSelection {
    media = Map.copyOf(media);
  }
}
