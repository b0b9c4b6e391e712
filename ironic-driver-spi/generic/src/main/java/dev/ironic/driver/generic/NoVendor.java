package dev.ironic.driver.generic;

import dev.ironic.driver.NodeTask;
import dev.ironic.driver.VendorInterface;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For machines without methods of their vendor. Thread-safe. */
public final class NoVendor implements VendorInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {
    throw Unsupported.of(task, "vendor");
  }

  @Override
  public void validateCall(
      NodeTask task, Route route, String httpMethod, Map<String, @Nullable Object> parameters) {
    throw Unsupported.of(task, "vendor");
  }
}
