package dev.ironic.driver;

import dev.ironic.driver.internal.AnnotatedVendorMethods;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Methods that only one vendor has; see {@link VendorPassthru}. */
public interface VendorInterface extends HardwareInterface {

  /**
   * One method as it is listed.
   *
   * @param name its name in the URL
   * @param httpMethods in upper case
   * @param async whether it runs after the answer
   * @param attach whether the result is a body of its own
   * @param exclusiveLock whether it needs the node's lock
   * @param description for the operator
   * @param driverLevel whether it belongs to the driver and not to a node
   */
  record Route(
      String name,
      List<String> httpMethods,
      boolean async,
      boolean attach,
      boolean exclusiveLock,
      String description,
      boolean driverLevel) {}

  /** All methods, of nodes and of the driver. */
  default List<Route> routes() {
    return AnnotatedVendorMethods.of(this);
  }

  /**
   * Checks one call.
   *
   * @param route what is called
   * @param httpMethod in upper case
   * @param parameters the body
   */
  void validateCall(
      NodeTask task, Route route, String httpMethod, Map<String, @Nullable Object> parameters);

  /**
   * Runs a method of a node.
   *
   * @return what is sent back, made of maps, lists and scalars
   */
  default @Nullable Object call(
      NodeTask task, Route route, String httpMethod, Map<String, @Nullable Object> parameters) {
    return AnnotatedVendorMethods.call(this, task, route, parameters);
  }

  /** Runs a method of the driver. */
  default @Nullable Object driverCall(
      Route route, String httpMethod, Map<String, @Nullable Object> parameters) {
    return AnnotatedVendorMethods.call(this, null, route, parameters);
  }
}
