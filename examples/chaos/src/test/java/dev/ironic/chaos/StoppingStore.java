package dev.ironic.chaos;

import dev.ironic.core.store.FlowRepository;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Store;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A database under which the work on a node stands still at a chosen record of its journal: right
 * after the record has been stored, or right before, when what it tells of has happened already.
 * What stands still does so for ever; the process is to be killed. Thread-safe.
 */
final class StoppingStore {

  /** Where the work on a node stands still. */
  record Stop(int record, boolean after) {}

  private static final class Count {
    private final Stop stop;
    private int stored;

    Count(Stop stop) {
      this.stop = stop;
    }

    synchronized boolean isToStopBefore() {
      return !stop.after() && stored == stop.record() - 1;
    }

    synchronized boolean isToStopAfterThis() {
      stored++;
      return stop.after() && stored == stop.record();
    }

    synchronized int stored() {
      return stored;
    }
  }

  /** Undoes a transaction whose thread is to stand still. */
  private static final class NotStored extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Transaction {
    private @Nullable String node;
  }

  private final Store real;
  private final Map<String, Count> counts = new ConcurrentHashMap<>();
  private final CountDownLatch stopped;
  private final ThreadLocal<@Nullable Transaction> current = new ThreadLocal<>();

  /**
   * Wraps a database.
   *
   * @param stopped is counted down for each node that stands still
   */
  StoppingStore(Store real, CountDownLatch stopped) {
    this.real = real;
    this.stopped = stopped;
  }

  /** From now on the node's records are counted, up to the stop. */
  void watch(String node, Stop stop) {
    counts.put(node, new Count(stop));
  }

  /** How many records were stored since the node is watched. */
  int records(String node) {
    return counts.get(node).stored();
  }

  Store store() {
    FlowRepository flows =
        proxy(
            FlowRepository.class,
            (proxy, method, arguments) ->
                arguments != null && arguments.length > 0 && arguments[0] instanceof NodeLock lock
                    ? record(lock, () -> call(real.flows(), method, arguments))
                    : call(real.flows(), method, arguments));
    return proxy(
        Store.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "flows" -> flows;
              case "inTransaction" -> inTransaction((Supplier<?>) arguments[0]);
              default -> call(real, method, arguments);
            });
  }

  private @Nullable Object record(NodeLock lock, Supplier<?> write) {
    return inTransaction(
        () -> {
          Transaction transaction = current.get();
          if (transaction != null) {
            transaction.node = lock.nodeUuid();
          }
          return write.get();
        });
  }

  private @Nullable Object inTransaction(Supplier<?> work) {
    if (current.get() != null) {
      return real.inTransaction(work);
    }
    var transaction = new Transaction();
    current.set(transaction);
    try {
      Object result =
          real.inTransaction(
              () -> {
                Object answer = work.get();
                Count count = count(transaction);
                if (count != null && count.isToStopBefore()) {
                  throw new NotStored();
                }
                return answer;
              });
      Count count = count(transaction);
      if (count != null && count.isToStopAfterThis()) {
        standStill();
      }
      return result;
    } catch (NotStored e) {
      return standStill();
    } finally {
      current.remove();
    }
  }

  private @Nullable Count count(Transaction transaction) {
    return transaction.node == null ? null : counts.get(transaction.node);
  }

  private Object standStill() {
    stopped.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("what stands still was woken");
  }

  private static @Nullable Object call(
      Object target, Method method, @Nullable Object @Nullable [] arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
