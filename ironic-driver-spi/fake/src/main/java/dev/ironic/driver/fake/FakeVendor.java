package dev.ironic.driver.fake;

import dev.ironic.driver.CleanStep;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.ServiceStep;
import dev.ironic.driver.StepResult;
import dev.ironic.driver.VendorInterface;
import dev.ironic.driver.VendorPassthru;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Vendor methods and steps that show each way of being called. Thread-safe. */
public final class FakeVendor implements VendorInterface {

  private static final Logger LOG = LoggerFactory.getLogger(FakeVendor.class);
  private static final Set<String> NEEDING_BAR =
      Set.of("second_method", "third_method_sync", "fourth_method_shared_lock");

  private final FakeDelay delay;

  /** Reads {@code [fake]vendor_delay}. */
  public FakeVendor(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.VENDOR);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of(
        "B1", "An example property of the fake vendor. Required.",
        "B2", "Another example property of the fake vendor. Required.");
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public void validateCall(
      NodeTask task, Route route, String httpMethod, Map<String, @Nullable Object> parameters) {
    if (NEEDING_BAR.contains(route.name())) {
      Object bar = parameters.get("bar");
      if (bar == null || bar.equals("")) {
        throw DriverException.missing(
            "Parameter 'bar' not passed to method '%s'.".formatted(route.name()));
      }
    }
  }

  /** True for kazoo. */
  @VendorPassthru(httpMethods = "POST", description = "Test if the value of bar is kazoo")
  public boolean secondMethod(NodeTask task, Map<String, @Nullable Object> parameters) {
    return is("kazoo", parameters);
  }

  /** True for meow, at once. */
  @VendorPassthru(
      httpMethods = "POST",
      async = false,
      description = "Test if the value of bar is meow")
  public boolean thirdMethodSync(NodeTask task, Map<String, @Nullable Object> parameters) {
    return is("meow", parameters);
  }

  /** True for woof, without the node's lock. */
  @VendorPassthru(
      httpMethods = "POST",
      exclusiveLock = false,
      description = "Test if the value of bar is woof")
  public boolean fourthMethodSharedLock(NodeTask task, Map<String, @Nullable Object> parameters) {
    return is("woof", parameters);
  }

  /** Logs that it was called. */
  @VendorPassthru(httpMethods = "POST", description = "Test pass-through to wait.")
  public void logPassthrough(NodeTask task, Map<String, @Nullable Object> parameters) {
    delay.pass();
    LOG.info("Passthrough called with the parameters {}", parameters.keySet());
  }

  /** The same, as a step. */
  @CleanStep(priority = 1)
  @ServiceStep(requiresRamdisk = false)
  public void logPassthrough(NodeTask task) {
    delay.pass();
    LOG.info("Passthrough step called");
  }

  /** Waits until somebody reports. */
  @ServiceStep
  public StepResult triggerServicewait(NodeTask task) {
    return StepResult.waiting();
  }

  private boolean is(String wanted, Map<String, @Nullable Object> parameters) {
    delay.pass();
    return wanted.equals(parameters.get("bar"));
  }
}
