package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a conductor's work: one virtual thread per piece, and no more pieces at a time than
 * configured. A part is reserved for requests of users, so that a storm of heartbeats does not shut
 * them out. Thread-safe.
 */
public final class Workers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

  /** Who may use which part. */
  public enum Share {
    /** Only the part that is open to all. */
    NORMAL,
    /** The reserved part, too, once the open one is full. */
    RESERVED
  }

  private final int size;
  private final int reserved;
  private final ThreadFactory factory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private int busy;
  private boolean closed;

  /**
   * Creates workers.
   *
   * @param size pieces of work at a time
   * @param reservedPercentage share that only users' requests may use
   */
  public Workers(int size, int reservedPercentage) {
    this(size, reservedPercentage, Thread.ofVirtual().factory());
  }

  /** The same with threads of another making. */
  Workers(int size, int reservedPercentage, ThreadFactory factory) {
    this.factory = factory;
    this.size = size;
    this.reserved = size * reservedPercentage / 100;
  }

  /**
   * Starts work on a thread of its own.
   *
   * @param name for logs and thread dumps
   * @throws IronicException NO_FREE_CONDUCTOR_WORKER when all are busy or the conductor is closing
   */
  public void start(Share share, String name, Runnable work) {
    if (!tryStart(share, name, work)) {
      throw new IronicException(
          Fault.NO_FREE_CONDUCTOR_WORKER,
          "Requested action cannot be performed due to lack of free conductor workers.");
    }
  }

  /** Starts work, or returns false when all workers are busy or the conductor is closing. */
  public boolean tryStart(Share share, String name, Runnable work) {
    Optional<Place> place = reserve(share);
    place.ifPresent(found -> found.start(name, work));
    return place.isPresent();
  }

  /**
   * Keeps a worker free for work that is still to be prepared; empty when all are busy or the
   * conductor is closing.
   */
  Optional<Place> reserve(Share share) {
    lock.lock();
    try {
      if (closed || busy >= (share == Share.RESERVED ? size : size - reserved)) {
        return Optional.empty();
      }
      busy++;
      return Optional.of(new Place());
    } finally {
      lock.unlock();
    }
  }

  /** A worker that is kept free: work is started once, or it is given back. */
  final class Place {

    private Place() {}

    void start(String name, Runnable work) {
      Thread thread = thread(name, () -> run(name, work));
      threads.add(thread);
      thread.start();
    }

    void giveBack() {
      free();
    }
  }

  /** Starts what must go on even if all workers are busy: it does not count as work. */
  void startBesides(String name, Runnable work) {
    thread(name, work).start();
  }

  private Thread thread(String name, Runnable body) {
    Thread thread = factory.newThread(body);
    thread.setName(name);
    return thread;
  }

  private void run(String name, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      LOG.error("Worker '{}' failed", name, e);
    } finally {
      threads.remove(Thread.currentThread());
      free();
    }
  }

  private void free() {
    lock.lock();
    try {
      busy--;
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many pieces of work may run at a time. */
  public int size() {
    return size;
  }

  /** How many pieces of work run now. */
  public int busy() {
    lock.lock();
    try {
      return busy;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes no more work and waits for what runs.
   *
   * @return false when some still runs after the timeout
   */
  public boolean drain(Duration timeout) {
    lock.lock();
    try {
      closed = true;
      long nanos = timeout.toNanos();
      while (busy > 0) {
        if (nanos <= 0) {
          return false;
        }
        nanos = idle.awaitNanos(nanos);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more work. */
  public void refuse() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more work and interrupts what runs. */
  public void interruptAll() {
    refuse();
    threads.forEach(Thread::interrupt);
  }

  /** Takes no more work, interrupts what runs and waits a moment for it to end. */
  @Override
  public void close() {
    interruptAll();
    if (!drain(Duration.ofSeconds(5))) {
      LOG.warn("{} workers did not end although interrupted", busy());
    }
  }
}
