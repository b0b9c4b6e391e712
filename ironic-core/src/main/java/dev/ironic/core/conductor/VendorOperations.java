package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.ConductorService.VendorAnswer;
import dev.ironic.core.conductor.ConductorService.VendorMethod;
import dev.ironic.core.driver.DriverRegistry;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.HardwareInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.VendorInterface;
import dev.ironic.driver.VendorInterface.Route;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Methods that only one vendor has, of nodes and of drivers. Thread-safe. */
final class VendorOperations {

  private static final Logger LOG = LoggerFactory.getLogger(VendorOperations.class);

  private final NodeWork work;
  private final DriverRegistry drivers;
  private final Workers workers;

  VendorOperations(NodeWork work, DriverRegistry drivers, Workers workers) {
    this.work = work;
    this.drivers = drivers;
    this.workers = workers;
  }

  Map<String, VendorMethod> nodeMethods(RequestContext context, String nodeUuid) {
    return work.shared(
        context,
        nodeUuid,
        "listing vendor passthru methods",
        task -> methods(task.driver(VendorInterface.class), false));
  }

  Map<String, VendorMethod> driverMethods(String driver) {
    return methods(defaultVendor(driver), true);
  }

  VendorAnswer callNode(
      RequestContext context,
      String nodeUuid,
      String method,
      String httpMethod,
      Map<String, @Nullable Object> parameters) {
    String http = httpMethod.toUpperCase(Locale.ROOT);
    Map<String, @Nullable Object> body = withHttpMethod(parameters, http);
    Route route =
        work.shared(
            context,
            nodeUuid,
            "calling vendor passthru",
            task -> route(task.driver(VendorInterface.class), method, http, false));
    if (route.async()) {
      Consumer<Task> check =
          task -> task.driver(VendorInterface.class).validateCall(task, route, http, body);
      Consumer<Task> run =
          task ->
              call(route, () -> task.driver(VendorInterface.class).call(task, route, http, body));
      String what = "vendor method " + method;
      if (route.exclusiveLock()) {
        work.lockedThenWorker(context, nodeUuid, what, check, run);
      } else {
        work.sharedThenWorker(context, nodeUuid, what, check, run);
      }
      return new VendorAnswer(null, true, route.attach());
    }
    return work.with(
        context,
        nodeUuid,
        "calling vendor passthru",
        route.exclusiveLock(),
        task -> {
          VendorInterface vendor = task.driver(VendorInterface.class);
          vendor.validateCall(task, route, http, body);
          return new VendorAnswer(
              call(route, () -> vendor.call(task, route, http, body)), false, route.attach());
        });
  }

  VendorAnswer callDriver(
      String driver, String method, String httpMethod, Map<String, @Nullable Object> parameters) {
    String http = httpMethod.toUpperCase(Locale.ROOT);
    Map<String, @Nullable Object> body = withHttpMethod(parameters, http);
    VendorInterface vendor = defaultVendor(driver);
    Route route = route(vendor, method, http, true);
    if (!route.async()) {
      return new VendorAnswer(
          call(route, () -> vendor.driverCall(route, http, body)), false, route.attach());
    }
    workers.start(
        Workers.Share.RESERVED,
        "vendor method " + method + " of driver " + driver,
        () -> {
          try {
            call(route, () -> vendor.driverCall(route, http, body));
          } catch (RuntimeException e) {
            // There is no node on which the failure could be told.
            LOG.error("Vendor method {} of driver {} failed", method, driver, e);
          }
        });
    return new VendorAnswer(null, true, route.attach());
  }

  private VendorInterface defaultVendor(String driver) {
    String name = drivers.defaultInterfaces(driver).get(InterfaceKind.VENDOR);
    HardwareInterface found =
        name == null ? null : drivers.implementation(InterfaceKind.VENDOR, name).orElse(null);
    if (found instanceof VendorInterface vendor) {
      return vendor;
    }
    throw new IronicException(
        Fault.UNSUPPORTED_DRIVER_EXTENSION,
        "Driver %s does not support vendor passthru (disabled or not implemented)."
            .formatted(driver));
  }

  private static Map<String, VendorMethod> methods(VendorInterface vendor, boolean driverLevel) {
    var methods = new TreeMap<String, VendorMethod>();
    for (Route route : vendor.routes()) {
      if (route.driverLevel() == driverLevel) {
        methods.put(
            route.name(),
            new VendorMethod(
                route.httpMethods(),
                route.async(),
                route.attach(),
                route.exclusiveLock(),
                route.description()));
      }
    }
    return Collections.unmodifiableMap(methods);
  }

  private static Route route(
      VendorInterface vendor, String method, String httpMethod, boolean driverLevel) {
    Route route =
        vendor.routes().stream()
            .filter(r -> r.driverLevel() == driverLevel && r.name().equals(method))
            .findFirst()
            .orElseThrow(
                () ->
                    new IronicException(
                        Fault.INVALID_PARAMETER_VALUE, "No handler for method " + method));
    if (!route.httpMethods().contains(httpMethod)) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "The method %s does not support HTTP %s".formatted(method, httpMethod));
    }
    return route;
  }

  /** Runs a method; what is no error of a driver is told as the method's failure. */
  private static @Nullable Object call(Route route, Supplier<@Nullable Object> method) {
    try {
      return method.get();
    } catch (DriverException | IronicException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IronicException(
          Fault.INTERNAL, "Vendor method %s failed: %s".formatted(route.name(), e.getMessage()), e);
    }
  }

  private static Map<String, @Nullable Object> withHttpMethod(
      Map<String, @Nullable Object> parameters, String httpMethod) {
    var body = new LinkedHashMap<String, @Nullable Object>(parameters);
    body.put("http_method", httpMethod);
    return Collections.unmodifiableMap(body);
  }
}
