package dev.ironic.core.conductor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A world in which one thread runs at a time, and which one is drawn from a seed. A thread gives
 * way where it would meet the rest of the world: at the database, the network, the hardware, and
 * when it sleeps. Time passes when nobody can run. So all that happens follows from the seed.
 */
final class SimWorld {

  private static final Duration STEP = Duration.ofMillis(1);
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  /** Ends a thread of a conductor that has crashed. */
  static final class Crashed extends Error {
    private static final long serialVersionUID = 1L;

    Crashed() {
      super("the conductor has crashed", null, false, false);
    }
  }

  /** A thread of the world. */
  static final class Actor {
    private final String name;
    private final @Nullable SimHost host;
    private final Semaphore baton = new Semaphore(0);
    private boolean inTransaction;

    private Actor(String name, @Nullable SimHost host) {
      this.name = name;
      this.host = host;
    }
  }

  private record Event(Instant at, long number, Runnable action) {}

  private final Random random;
  private final Instant end;
  private final ThreadLocal<Actor> current = new ThreadLocal<>();
  private final List<Actor> ready = new ArrayList<>();
  private final Set<Actor> alive = new LinkedHashSet<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::number));
  private final List<String> trace = new ArrayList<>();
  private final Semaphore over = new Semaphore(0);
  private Instant now = START;
  private long number;
  private boolean ended;
  private @Nullable Throwable failure;

  SimWorld(long seed, Duration limit) {
    random = new Random(seed);
    end = START.plus(limit);
  }

  Random random() {
    return random;
  }

  Instant now() {
    return now;
  }

  List<String> trace() {
    return trace;
  }

  /** Runs until nothing is left to happen, or the time is over. */
  void run() throws InterruptedException {
    Actor first = next();
    if (first != null) {
      first.baton.release();
      if (!over.tryAcquire(60, TimeUnit.SECONDS)) {
        throw new AssertionError("A thread waits for something outside of the world");
      }
    }
    // Whoever is left finds the world gone.
    ended = true;
    alive.forEach(actor -> actor.baton.release());
    if (failure != null) {
      throw new AssertionError(failure.getMessage(), failure);
    }
  }

  /** Ends the world. */
  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Makes a thread that takes part; it has to be started. */
  Thread thread(String name, @Nullable SimHost host, Runnable body) {
    var actor = new Actor(name, host);
    ready.add(actor);
    alive.add(actor);
    return Thread.ofVirtual().unstarted(() -> live(actor, body));
  }

  void start(String name, @Nullable SimHost host, Runnable body) {
    thread(name, host, body).start();
  }

  private void live(Actor actor, Runnable body) {
    actor.baton.acquireUninterruptibly();
    current.set(actor);
    try {
      checkAlive(actor);
      body.run();
    } catch (Crashed e) {
      if (!ended) {
        note("ends by the crash");
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    }
    if (ended) {
      over.release();
      return;
    }
    alive.remove(actor);
    Actor next = failure == null ? next() : null;
    if (next == null) {
      over.release();
    } else {
      next.baton.release();
    }
  }

  void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
  }

  /** Lets others go first, perhaps. */
  void step(String what) {
    Actor me = current.get();
    if (me == null || me.inTransaction) {
      return;
    }
    checkAlive(me);
    note(what);
    now = now.plus(STEP);
    due();
    ready.add(me);
    pass(me);
  }

  void sleep(Duration duration) throws InterruptedException {
    Actor me = current.get();
    if (me == null) {
      throw new IllegalStateException("only threads of the world sleep");
    }
    checkAlive(me);
    at(now.plus(duration), () -> ready.add(me));
    pass(me);
    if (Thread.interrupted()) {
      throw new InterruptedException("the conductor ends");
    }
  }

  /** A bell that threads of the world hear. */
  Bell bell() {
    return new Bell() {
      private @Nullable Actor waiting;
      private boolean rung;

      @Override
      public Duration await(Duration atMost) throws InterruptedException {
        Actor me = current.get();
        if (me == null) {
          throw new IllegalStateException("only threads of the world wait");
        }
        checkAlive(me);
        Instant until = now.plus(atMost);
        if (!rung) {
          waiting = me;
          at(until, this::wake);
          pass(me);
        }
        rung = false;
        if (Thread.interrupted()) {
          throw new InterruptedException("the conductor ends");
        }
        Duration left = Duration.between(now, until);
        return left.isNegative() ? Duration.ZERO : left;
      }

      @Override
      public void ring() {
        rung = true;
        wake();
      }

      private void wake() {
        // After the end all threads run at once, and none is to go on.
        if (waiting != null && !ended) {
          ready.add(waiting);
          waiting = null;
        }
      }
    };
  }

  /** Does something at a time; short, and without giving way. */
  void at(Instant time, Runnable action) {
    events.add(new Event(time, number++, action));
  }

  /** Runs work during which nobody else runs. */
  <R> R transaction(Supplier<R> work) {
    Actor me = current.get();
    boolean before = me != null && me.inTransaction;
    if (me != null) {
      me.inTransaction = true;
    }
    try {
      return work.get();
    } finally {
      if (me != null) {
        me.inTransaction = before;
      }
    }
  }

  boolean inTransaction() {
    Actor me = current.get();
    return me != null && me.inTransaction;
  }

  void note(String what) {
    Actor me = current.get();
    String where = me == null || me.host == null ? "" : me.host.label() + " ";
    String who = me == null ? "world" : me.name;
    trace.add(Duration.between(START, now).toMillis() + " " + where + who + ": " + what);
  }

  private void checkAlive(Actor actor) {
    if (ended || (actor.host != null && actor.host.isDead())) {
      throw new Crashed();
    }
  }

  private void pass(Actor me) {
    Actor next = next();
    if (next == null) {
      over.release();
      me.baton.acquireUninterruptibly();
    } else if (!next.equals(me)) {
      next.baton.release();
      me.baton.acquireUninterruptibly();
    }
    checkAlive(me);
  }

  private void due() {
    while (!events.isEmpty() && !events.peek().at().isAfter(now)) {
      events.poll().action().run();
    }
  }

  /** Draws who runs next; null when the world is over. */
  private @Nullable Actor next() {
    while (!ended && now.isBefore(end)) {
      List<Actor> able =
          ready.stream().filter(actor -> actor.host == null || actor.host.runs(now)).toList();
      if (!able.isEmpty()) {
        Actor chosen = able.get(random.nextInt(able.size()));
        ready.remove(chosen);
        return chosen;
      }
      if (events.isEmpty()) {
        return null;
      }
      Event first = events.poll();
      now = first.at().isAfter(now) ? first.at() : now;
      first.action().run();
      due();
    }
    return null;
  }
}
