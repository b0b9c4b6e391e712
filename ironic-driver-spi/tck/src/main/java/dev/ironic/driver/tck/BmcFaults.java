package dev.ironic.driver.tck;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * What a {@link FakeBmc} does wrong. All knobs start at "nothing" and may be turned at any time.
 */
public final class BmcFaults {

  /** A scripted answer. */
  private record Scripted(
      String method, Pattern path, AtomicInteger times, RedfishAnswer answer, boolean afterwards) {}

  private final List<Scripted> scripted = new CopyOnWriteArrayList<>();
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger drops = new AtomicInteger();
  private final ReentrantLock hanging = new ReentrantLock();
  private final Condition changed = hanging.newCondition();
  private boolean hangs;
  private int hung;
  private volatile Duration latency = Duration.ZERO;
  private volatile int failEvery;
  private volatile boolean weakEtags;
  private volatile boolean etagsRequired;
  private volatile boolean sessionsOffered = true;
  private volatile int maxSessions = Integer.MAX_VALUE;

  BmcFaults() {}

  /** Every request takes this much longer. */
  public void latency(Duration delay) {
    latency = delay;
  }

  /** Whether requests are read and not answered; those that wait are, when it ends. */
  public void hang(boolean hang) {
    hanging.lock();
    try {
      hangs = hang;
      changed.signalAll();
    } finally {
      hanging.unlock();
    }
  }

  /** Returns when a request hangs. */
  public void awaitHung() {
    hanging.lock();
    try {
      while (hung == 0) {
        changed.awaitUninterruptibly();
      }
    } finally {
      hanging.unlock();
    }
  }

  /** Returns when nothing hangs. */
  void hangIfToldTo() throws InterruptedException {
    hanging.lock();
    try {
      if (!hangs) {
        return;
      }
      hung++;
      changed.signalAll();
      try {
        while (hangs) {
          changed.await();
        }
      } finally {
        hung--;
      }
    } finally {
      hanging.unlock();
    }
  }

  /** The next requests are read and then the connection is closed without an answer. */
  public void dropNext(int requests) {
    drops.set(requests);
  }

  /** Every nth request is answered with 503; 0 for none. */
  public void failEvery(int nth) {
    failEvery = nth;
  }

  /** ETags are sent as weak ones, and only the strong form is accepted in {@code If-Match}. */
  public void weakEtags(boolean weak) {
    weakEtags = weak;
  }

  /** A PATCH without {@code If-Match} is answered with 428. */
  public void etagsRequired(boolean required) {
    etagsRequired = required;
  }

  /** Whether there is a session service at all. */
  public void sessionsOffered(boolean offered) {
    sessionsOffered = offered;
  }

  /** How many sessions may be open at once; one more is refused with 503. */
  public void maxSessions(int limit) {
    maxSessions = limit;
  }

  /**
   * Answers the next matching requests with an error instead of doing anything.
   *
   * @param method for example {@code POST}
   * @param pathRegex must match the whole path
   * @param times how many
   * @param status the HTTP status
   * @param messageId of the Base registry, for example {@code ActionParameterValueConflict}
   * @param message the words
   */
  public void answerNext(
      String method, String pathRegex, int times, int status, String messageId, String message) {
    scripted.add(
        new Scripted(
            method,
            Pattern.compile(pathRegex),
            new AtomicInteger(times),
            RedfishAnswer.error(status, messageId, message),
            false));
  }

  /** Like {@link #answerNext}, but the request takes effect before the error is sent. */
  public void failAfterEffect(
      String method, String pathRegex, int times, int status, String messageId, String message) {
    scripted.add(
        new Scripted(
            method,
            Pattern.compile(pathRegex),
            new AtomicInteger(times),
            RedfishAnswer.error(status, messageId, message),
            true));
  }

  Duration latency() {
    return latency;
  }

  boolean weakEtags() {
    return weakEtags;
  }

  boolean etagsRequired() {
    return etagsRequired;
  }

  boolean sessionsOffered() {
    return sessionsOffered;
  }

  int maxSessions() {
    return maxSessions;
  }

  boolean dropsThis() {
    return drops.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  Optional<RedfishAnswer> before(String method, String path) {
    int nth = failEvery;
    if (nth > 0 && served.incrementAndGet() % nth == 0) {
      return Optional.of(
          RedfishAnswer.error(
              503, "ServiceTemporarilyUnavailable", "The service is temporarily unavailable."));
    }
    return take(method, path, false);
  }

  Optional<RedfishAnswer> after(String method, String path) {
    return take(method, path, true);
  }

  private Optional<RedfishAnswer> take(String method, String path, boolean afterwards) {
    return scripted.stream()
        .filter(
            each ->
                each.afterwards() == afterwards
                    && each.method().equals(method)
                    && each.path().matcher(path).matches()
                    && each.times().getAndUpdate(left -> Math.max(0, left - 1)) > 0)
        .map(Scripted::answer)
        .findFirst();
  }
}
