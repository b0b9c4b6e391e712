package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls through to a conductor until it gives its work away; from then on callers are told
 * that nothing of their request was done. Thread-safe.
 */
final class DrainGate {

  private static final Set<String> ALWAYS_OPEN = Set.of("drain", "drainReport");

  private final ConductorService service;
  private final Draining draining;
  private final String host;

  private DrainGate(ConductorService service, Draining draining, String host) {
    this.service = service;
    this.draining = draining;
    this.host = host;
  }

  static ConductorService before(ConductorService service, Draining draining, String host) {
    var gate = new DrainGate(service, draining, host);
    return (ConductorService)
        Proxy.newProxyInstance(
            ConductorService.class.getClassLoader(),
            new Class<?>[] {ConductorService.class},
            (proxy, method, arguments) -> gate.call(method, arguments));
  }

  private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == ConductorService.class
        && draining.hasBegun()
        && !ALWAYS_OPEN.contains(method.getName())) {
      throw new IronicException(
          Fault.NOT_TAKEN,
          "Conductor %s gives its work away and takes no new requests; try again later"
              .formatted(host));
    }
    try {
      return method.invoke(service, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
