package dev.ironic.core.conductor;

import dev.ironic.core.store.DatabaseException;
import dev.ironic.core.store.Store;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process of the world: it crashes, pauses, loses the database, and has a clock that is wrong.
 */
final class SimHost {

  private static final Set<String> READS =
      Set.of("get", "find", "findById", "list", "count", "living", "idleNodes", "heldBy", "ofNode");

  private final SimWorld world;
  private final String name;
  private final int life;
  private final Duration skew;
  private final Store real;
  private boolean dead;
  private boolean closed;
  private boolean draining;
  private Instant pausedUntil = Instant.MIN;
  private Instant cutUntil = Instant.MIN;
  private @Nullable Conductor conductor;

  SimHost(SimWorld world, String name, int life, Duration skew, Store real) {
    this.world = world;
    this.name = name;
    this.life = life;
    this.skew = skew;
    this.real = real;
  }

  String name() {
    return name;
  }

  String label() {
    return name + "." + life;
  }

  int life() {
    return life;
  }

  boolean isDead() {
    return dead;
  }

  void crash() {
    dead = true;
  }

  void pause(Duration span) {
    pausedUntil = world.now().plus(span);
    world.at(pausedUntil, () -> {});
  }

  void cut(Duration span) {
    cutUntil = world.now().plus(span);
  }

  /** Whether it is told to drain for the first time. */
  boolean beginsToDrain() {
    boolean first = !draining;
    draining = true;
    return first;
  }

  /** Whether its threads get the processor. The dead run on to notice it. */
  boolean runs(Instant now) {
    return dead || !now.isBefore(pausedUntil);
  }

  boolean isUp() {
    return !dead && conductor != null;
  }

  void started(Conductor value) {
    conductor = value;
  }

  @Nullable Conductor conductor() {
    return conductor;
  }

  /** Its timers go when it has ended. */
  Timers timers() {
    return new Timers() {
      @Override
      public void after(Duration delay, Runnable action) {
        world.at(
            world.now().plus(delay),
            () -> {
              if (!closed && !dead) {
                world.start("timer", SimHost.this, action);
              }
            });
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return world.now().plus(skew);
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  /** The database as this process reaches it. */
  Store store() {
    return wrap(Store.class, real);
  }

  private <T> T wrap(Class<T> type, Object target) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class || method.getName().equals("close")) {
            return method.getName().equals("close") ? null : method.invoke(target, arguments);
          }
          if (method.getReturnType() == Clock.class) {
            return method.invoke(target, arguments);
          }
          if (target == real && method.getReturnType().isInterface()) {
            return wrap(method.getReturnType(), method.invoke(real, arguments));
          }
          boolean inside = world.inTransaction();
          if (!inside) {
            world.step("db " + method.getName());
            reach();
          }
          Object result;
          try {
            result =
                world.transaction(
                    (Supplier<Object>)
                        () -> {
                          try {
                            return method.invoke(target, arguments);
                          } catch (InvocationTargetException e) {
                            throw new Thrown(e.getCause());
                          } catch (IllegalAccessException e) {
                            throw new LinkageError(e.getMessage(), e);
                          }
                        });
          } catch (Thrown e) {
            throw e.getCause();
          }
          if (!inside && !READS.contains(method.getName()) && world.random().nextInt(4) == 0) {
            // It is stored; whether anybody learns of that is another matter.
            world.step("db " + method.getName() + " is done");
            reach();
          }
          return result;
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Thrown(Throwable cause) {
      super(cause);
    }
  }

  private void reach() {
    if (world.now().isBefore(cutUntil)) {
      throw new DatabaseException("The database cannot be reached", new IOException("cut off"));
    }
  }
}
