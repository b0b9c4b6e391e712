package dev.ironic.driver.ipmi;

import dev.ironic.driver.CleanStep;
import dev.ironic.driver.DeployStep;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.ServiceStep;
import dev.ironic.driver.StepArgument;
import dev.ironic.driver.VendorInterface;
import dev.ironic.driver.VendorPassthru;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What only IPMI has: bytes as they are, and restarting the BMC itself. Thread-safe. */
public final class IpmiVendor implements VendorInterface {

  /** Nothing but numbers: any other word could be an option of the program. */
  private static final Pattern BYTES =
      Pattern.compile(
          "\\s*(0[xX][0-9a-fA-F]{1,2}|[0-9]{1,3})(\\s+(0[xX][0-9a-fA-F]{1,2}|[0-9]{1,3}))*\\s*");

  private final Ipmitool ipmitool;

  IpmiVendor(Ipmitool ipmitool) {
    this.ipmitool = ipmitool;
  }

  @Override
  public Map<String, String> properties() {
    return IpmiDriverInfo.PROPERTIES;
  }

  @Override
  public void validate(NodeTask task) {
    IpmiDriverInfo.parse(task.node().driverInfo());
  }

  @Override
  public void validateCall(
      NodeTask task, Route route, String httpMethod, Map<String, @Nullable Object> parameters) {
    switch (route.name()) {
      case "send_raw" -> bytes(parameters);
      case "bmc_reset" -> warm(parameters);
      default -> {}
    }
    validate(task);
  }

  /** Sends bytes to the BMC. */
  @VendorPassthru(
      httpMethods = "POST",
      description = "Sends bytes to the BMC: raw_bytes, such as '0x06 0x01'. Required.")
  @CleanStep(
      priority = 0,
      requiresRamdisk = false,
      repeat = Repeat.NEVER,
      args =
          @StepArgument(
              name = "raw_bytes",
              description = "The bytes, such as '0x06 0x01'",
              required = true))
  @DeployStep(
      priority = 0,
      repeat = Repeat.NEVER,
      args =
          @StepArgument(
              name = "raw_bytes",
              description = "The bytes, such as '0x06 0x01'",
              required = true))
  @ServiceStep(
      requiresRamdisk = false,
      repeat = Repeat.NEVER,
      args =
          @StepArgument(
              name = "raw_bytes",
              description = "The bytes, such as '0x06 0x01'",
              required = true))
  public void sendRaw(NodeTask task, Map<String, @Nullable Object> parameters) {
    ipmitool.raw(task, bytes(parameters));
  }

  /** Restarts the BMC. */
  @VendorPassthru(
      httpMethods = "POST",
      description = "Restarts the BMC: warm (true, default) or cold (false).")
  public void bmcReset(NodeTask task, Map<String, @Nullable Object> parameters) {
    ipmitool.run(task, "bmc", "reset", warm(parameters) ? "warm" : "cold");
  }

  private static String bytes(Map<String, @Nullable Object> parameters) {
    Object given = parameters.get("raw_bytes");
    if (given == null || given.toString().isBlank()) {
      throw DriverException.missing("Parameter raw_bytes (string of bytes) was not specified.");
    }
    if (!BYTES.matcher(given.toString()).matches()) {
      throw DriverException.invalid(
          "raw_bytes '%s' must be numbers like 0x06 or 6, separated by blanks".formatted(given));
    }
    return given.toString();
  }

  private static boolean warm(Map<String, @Nullable Object> parameters) {
    Object given = parameters.get("warm");
    return switch (given == null ? "true" : given.toString().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default ->
          throw DriverException.invalid("warm is '%s'; it must be true or false".formatted(given));
    };
  }
}
