package dev.ironic.driver.internal;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.VendorInterface;
import dev.ironic.driver.VendorPassthru;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds and calls the vendor methods that are annotated methods of an interface. */
public final class AnnotatedVendorMethods {

  private AnnotatedVendorMethods() {}

  /** The annotated methods. */
  public static List<VendorInterface.Route> of(VendorInterface owner) {
    return methods(owner).stream().map(AnnotatedVendorMethods::route).toList();
  }

  /**
   * Calls one of them.
   *
   * @param task the node, or null at driver level
   */
  public static @Nullable Object call(
      VendorInterface owner,
      @Nullable NodeTask task,
      VendorInterface.Route route,
      Map<String, @Nullable Object> parameters) {
    Method method =
        methods(owner).stream()
            .filter(candidate -> route(candidate).equals(route))
            .findFirst()
            .orElseThrow(() -> DriverException.invalid("No vendor method " + route.name()));
    return route.driverLevel()
        ? Invocation.call(method, owner, parameters)
        : Invocation.call(method, owner, Objects.requireNonNull(task), parameters);
  }

  private static List<Method> methods(VendorInterface owner) {
    return Arrays.stream(owner.getClass().getMethods())
        .filter(method -> method.isAnnotationPresent(VendorPassthru.class) && !method.isBridge())
        .sorted(Comparator.comparing(Method::getName))
        .toList();
  }

  private static VendorInterface.Route route(Method method) {
    VendorPassthru annotation = Objects.requireNonNull(method.getAnnotation(VendorPassthru.class));
    return new VendorInterface.Route(
        annotation.name().isEmpty() ? SnakeCase.of(method.getName()) : annotation.name(),
        List.of(annotation.httpMethods()),
        annotation.async(),
        annotation.attach(),
        annotation.exclusiveLock(),
        annotation.description(),
        annotation.driverLevel());
  }
}
