package dev.ironic.core.conductor;

import dev.ironic.core.store.DatabaseException;
import dev.ironic.core.store.Store;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A database that a conductor loses, as if the conductor's machine had stopped: from the cut on,
 * nothing that it does arrives. Thread-safe.
 */
@SuppressWarnings("ReferenceEquality") // whether it is the store itself, not one like it
final class CuttableStore {

  private final Store real;
  private final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicReference<@Nullable Runnable> delay = new AtomicReference<>();
  private volatile boolean silent;

  CuttableStore(Store real) {
    this.real = real;
  }

  /** Lets so many more records of the journal through, and then nothing. */
  void cutAfterJournalRecords(int records) {
    writesLeft.set(records);
  }

  /** From now on the conductor's sign of life does not arrive; all else does. */
  void silence() {
    silent = true;
  }

  /** The next sign of life is under way for as long as this takes, and then arrives. */
  void delaySign(Runnable meanwhile) {
    delay.set(meanwhile);
  }

  void cut() {
    writesLeft.set(0);
  }

  /** The database can be reached again. */
  void mend() {
    writesLeft.set(Integer.MAX_VALUE);
  }

  boolean isCut() {
    return writesLeft.get() <= 0;
  }

  Store store() {
    return wrap(Store.class, real);
  }

  private <T> T wrap(Class<T> type, Object target) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (isCut() && !method.getName().equals("close")) {
            throw new DatabaseException(
                "The database cannot be reached", new IOException("cut off"));
          }
          if (silent && method.getName().equals("touch")) {
            return null;
          }
          Runnable meanwhile = method.getName().equals("touch") ? delay.getAndSet(null) : null;
          if (meanwhile != null) {
            meanwhile.run();
          }
          Object result;
          try {
            result = method.invoke(target, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
          if (target == real && method.getName().equals("inTransaction")) {
            writesLeft.decrementAndGet();
          }
          Class<?> answer = method.getReturnType();
          return target == real && answer.isInterface() && result != null
              ? wrap(answer, result)
              : result;
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
