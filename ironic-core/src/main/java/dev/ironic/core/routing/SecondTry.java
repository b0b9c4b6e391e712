package dev.ironic.core.routing;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks another conductor when the first one has surely done nothing of what it was asked. One that
 * may have done it is not replaced, so that nothing is done twice. Thread-safe.
 */
final class SecondTry {

  private final ConductorService first;
  private final Supplier<Optional<ConductorService>> second;

  /**
   * Creates it.
   *
   * @param second finds the other conductor; empty when there is none
   */
  SecondTry(ConductorService first, Supplier<Optional<ConductorService>> second) {
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
    try {
      return invoke(first, method, arguments);
    } catch (IronicException e) {
      Optional<ConductorService> other =
          e.fault() == Fault.NOT_TAKEN ? second.get() : Optional.empty();
      if (other.isEmpty()) {
        throw e;
      }
      return invoke(other.get(), method, arguments);
    }
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
