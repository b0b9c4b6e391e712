package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService.VendorAnswer;
import dev.ironic.core.conductor.ConductorService.VendorMethod;
import dev.ironic.core.model.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Methods that drivers offer beyond the common ones, of nodes and of whole drivers. */
final class VendorCalls {

  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  private final Lookups lookups;

  VendorCalls(Lookups lookups) {
    this.lookups = lookups;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.vendor_passthru.methods", this::nodeMethods);
    handlers.put("driver.vendor_passthru.methods", this::driverMethods);
    for (String method : METHODS) {
      handlers.put("node.vendor_passthru." + method, this::callNode);
      handlers.put("driver.vendor_passthru." + method, this::callDriver);
    }
  }

  private Answer nodeMethods(ApiRequest request) {
    Node node = lookups.node(request);
    return methods(
        lookups.locator().forNode(node).nodeVendorMethods(request.context(), node.uuid()));
  }

  private Answer driverMethods(ApiRequest request) {
    String driver = request.path("driver_name");
    return methods(
        lookups.locator().forDriver(driver).driverVendorMethods(request.context(), driver));
  }

  private static Answer methods(Map<String, VendorMethod> methods) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    methods.forEach(
        (name, method) -> {
          var entry = new LinkedHashMap<String, @Nullable Object>();
          entry.put("http_methods", method.httpMethods());
          entry.put("async", method.async());
          entry.put("attach", method.attach());
          entry.put("require_exclusive_lock", method.requireExclusiveLock());
          entry.put("description", method.description());
          document.put(name, entry);
        });
    return Answer.document(200, document);
  }

  private Answer callNode(ApiRequest request) {
    Node node = lookups.node(request);
    return answer(
        lookups
            .locator()
            .forNode(node)
            .vendorPassthru(
                request.context(),
                node.uuid(),
                method(request),
                request.operation().method(),
                parameters(request)));
  }

  private Answer callDriver(ApiRequest request) {
    String driver = request.path("driver_name");
    return answer(
        lookups
            .locator()
            .forDriver(driver)
            .driverVendorPassthru(
                request.context(),
                driver,
                method(request),
                request.operation().method(),
                parameters(request)));
  }

  /** The method's name: in the path, or as a parameter. */
  private static String method(ApiRequest request) {
    String inPath = request.path().get("method");
    String method = inPath == null ? request.query("method") : inPath;
    if (method == null || method.isEmpty()) {
      throw new IronicException(
          Fault.MISSING_PARAMETER_VALUE, "Method not specified when calling vendor extension.");
    }
    return method;
  }

  private static Map<String, @Nullable Object> parameters(ApiRequest request) {
    var parameters = new LinkedHashMap<String, @Nullable Object>();
    request
        .query()
        .forEach(
            (name, value) -> {
              if (!name.equals("method")) {
                parameters.put(name, value);
              }
            });
    if (request.body().length > 0) {
      parameters.putAll(Bodies.object(Json.read(request.body())));
    }
    return parameters;
  }

  private static Answer answer(VendorAnswer answer) {
    if (answer.async()) {
      return Answer.empty(202);
    }
    Object value = answer.value();
    if (answer.attach() && value != null) {
      return Answer.raw(200, value);
    }
    return Answer.document(200, value);
  }
}
