package dev.ironic.core.routing;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks another conductor when the first one has surely done nothing of what it was asked. One that
 * may have done it is not replaced, so that nothing is done twice. Thread-safe.
 */
final class SecondTry {

  private final Function<String, ConductorService> services;
  private final String first;
  private final Supplier<Optional<String>> second;

  /**
   * Creates it.
   *
   * @param services how to reach a conductor by its host name; the same as before while nothing has
   *     changed
   * @param second finds the other conductor; empty, or the first again, when there is none
   */
  SecondTry(
      Function<String, ConductorService> services,
      String first,
      Supplier<Optional<String>> second) {
    this.services = services;
    this.first = first;
    this.second = second;
  }

  ConductorService service() {
    return (ConductorService)
        Proxy.newProxyInstance(
            ConductorService.class.getClassLoader(),
            new Class<?>[] {ConductorService.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    ConductorService tried = null;
    try {
      tried = services.apply(first);
      return invoke(tried, method, arguments);
    } catch (IronicException e) {
      ConductorService other =
          e.fault() == Fault.NOT_TAKEN ? second.get().map(services).orElse(null) : null;
      if (other == null || isSame(other, tried)) {
        throw e;
      }
      return invoke(other, method, arguments);
    }
  }

  /** The one of the same name that was started anew at another address is not the same. */
  @SuppressWarnings("ReferenceEquality") // a conductor has no equal
  private static boolean isSame(ConductorService other, @Nullable ConductorService tried) {
    return other == tried;
  }

  private static @Nullable Object invoke(
      ConductorService service, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(service, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
