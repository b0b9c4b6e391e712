package dev.ironic.driver.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Calls an annotated method and lets its own exceptions through. */
final class Invocation {

  private Invocation() {}

  static @Nullable Object call(Method method, Object target, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default ->
            throw new IllegalStateException(method + " failed with " + e.getCause(), e);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(
          method + " must be public, in a class that is public, to be called by name", e);
    }
  }
}
